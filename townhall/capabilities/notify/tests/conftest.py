"""An installation with two organisations and the sandbox carrier."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from townhall.machinery import providers

MAKE = "townhall.capabilities.notify.tests.make"


@pytest.fixture(autouse=True)
def installation(settings: Settings) -> Iterator[None]:
    settings.ORGANISATIONS = f"{MAKE}.every_organisation"
    settings.ORGANISATION = f"{MAKE}.organisation_for"
    settings.ACTORS = f"{MAKE}.who_asks"
    settings.ROOT_URLCONF = "townhall.capabilities.notify.tests.urls"
    settings.ALLOWED_HOSTS = ["*"]
    sandbox = "townhall.capabilities.notify.providers.sandbox.SandboxCarrier"
    settings.PROVIDERS = settings.PROVIDERS | {
        "notify": (sandbox, {"sender": "noreply@barset.example"})
    }
    providers.chosen.cache_clear()
    yield
    providers.chosen.cache_clear()
