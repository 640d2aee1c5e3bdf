from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

MAKE = "townhall.capabilities.pay.tests.make"


@pytest.fixture(autouse=True)
def one_town(settings: Settings) -> None:
    """One organisation, and askers who may do nothing, without the identity capability."""
    settings.ORGANISATION = f"{MAKE}.organisation_for"
    settings.ORGANISATIONS = f"{MAKE}.every_organisation"
    settings.ACTORS = f"{MAKE}.who_asks"


@pytest.fixture
def own_queue(transactional_db: None) -> Iterator[None]:
    """An empty queue, and emptied again: Django does not know its tables, so keeps their rows."""
    _empty_queue()
    yield
    _empty_queue()


def _empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
