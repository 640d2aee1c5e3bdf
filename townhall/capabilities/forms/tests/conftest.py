"""The sample journey, as it is before each test."""

import pytest
from pytest_django import Settings

from townhall.capabilities.forms.tests import make


@pytest.fixture(autouse=True)
def sample(settings: Settings) -> None:
    """Offer the journey at /sample/book/, to whomever the request's headers say."""
    settings.ACTORS = "townhall.capabilities.forms.tests.make.who_asks"
    settings.ORGANISATION = "townhall.capabilities.forms.tests.make.organisation_for"
    settings.ORGANISATIONS = "townhall.capabilities.forms.tests.make.every_organisation"
    make.TOWN.renew()
    make.offer_sample()
