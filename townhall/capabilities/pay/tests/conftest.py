import pytest
from pytest_django.fixtures import Settings

MAKE = "townhall.capabilities.pay.tests.make"


@pytest.fixture(autouse=True)
def one_town(settings: Settings) -> None:
    """One organisation, and askers who may do nothing, without the identity capability."""
    settings.ORGANISATION = f"{MAKE}.organisation_for"
    settings.ORGANISATIONS = f"{MAKE}.every_organisation"
    settings.ACTORS = f"{MAKE}.who_asks"
