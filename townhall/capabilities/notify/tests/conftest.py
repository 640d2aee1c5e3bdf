"""An installation with two organisations and the sandbox carrier."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from townhall.machinery import providers

SANDBOX = "townhall.capabilities.notify.providers.sandbox"
MAKE = "townhall.capabilities.notify.tests.make"


@pytest.fixture(autouse=True)
def installation(settings: Settings) -> Iterator[None]:
    settings.ORGANISATIONS = f"{MAKE}.every_organisation"
    settings.ORGANISATION = f"{MAKE}.organisation_for"
    settings.ACTORS = f"{MAKE}.who_asks"
    settings.ROOT_URLCONF = "townhall.capabilities.notify.tests.urls"
    settings.TEXT_NUMBERS = "07700 900500=barset, +447700900123 = barset"
    settings.ALLOWED_HOSTS = ["*"]
    settings.PROVIDERS = settings.PROVIDERS | {
        "notify": (f"{SANDBOX}.SandboxCarrier", {"sender": "noreply@barset.example"}),
        "notify.texts": (f"{SANDBOX}.SandboxTexter", {}),
        "notify.letters": (f"{SANDBOX}.SandboxPrinter", {}),
    }
    providers.chosen.cache_clear()
    yield
    providers.chosen.cache_clear()
