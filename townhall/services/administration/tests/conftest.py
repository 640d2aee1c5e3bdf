"""Actors for tests of pages, by header."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from townhall.services.administration.tests import make


@pytest.fixture(autouse=True)
def _actors_by_header() -> Iterator[None]:
    with override_settings(
        ACTORS=f"{make.__name__}.who_asks", ORGANISATION=f"{make.__name__}.of_whom"
    ):
        yield


@pytest.fixture
def administrator() -> Client:
    return make.client("administrator")


@pytest.fixture
def operator() -> Client:
    return make.client("operator")
