"""What every test may ask for."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is there already: townhall.machinery.database.testing has cloned it."""
