from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from townhall.machinery import providers
from townhall.machinery.inspection import Finding, inspect_all

pytestmark = pytest.mark.django_db

SANDBOX = "townhall.capabilities.pay.providers.sandbox.Sandbox"


@pytest.fixture
def secret(settings: Settings, request: pytest.FixtureRequest) -> Iterator[str]:
    settings.PROVIDERS = settings.PROVIDERS | {"pay": [(SANDBOX, {"secret": request.param})]}
    providers.chosen.cache_clear()
    yield request.param
    providers.chosen.cache_clear()


def find() -> Finding:
    return next(each for each in inspect_all() if each.subject == "payment processor sandbox")


@pytest.mark.parametrize("secret", ["shared"], indirect=True)
def test_the_sandbox_is_fine_in_the_demo(secret: str, settings: Settings) -> None:
    settings.DEMO = True

    assert find().advice == ""


@pytest.mark.parametrize("secret", ["shared"], indirect=True)
def test_the_sandbox_outside_the_demo_is_advised_against(secret: str, settings: Settings) -> None:
    settings.DEMO = False

    found = find()

    assert "no money moves" in found.advice
    assert not found.is_fault


@pytest.mark.parametrize("secret", [""], indirect=True)
def test_a_processor_without_its_settings_is_a_fault(secret: str) -> None:
    assert find().is_fault
