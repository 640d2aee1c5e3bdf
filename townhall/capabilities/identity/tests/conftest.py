"""What identity's tests may ask for."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from townhall.capabilities.identity.tests.proving import BOTH
from townhall.machinery import providers


@pytest.fixture
def sandbox_evidence(settings: Settings) -> Iterator[None]:
    """The sandbox looks into evidence, and staff at the counter do."""
    settings.PROVIDERS = settings.PROVIDERS | {"identity.evidence": BOTH}
    providers.chosen.cache_clear()
    yield
    providers.chosen.cache_clear()
