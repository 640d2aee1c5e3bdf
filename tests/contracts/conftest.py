"""A town that clients of GOV.UK Notify talk to, with what their own tests expect to find in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.town import Town, new_town
from townhall.capabilities.notify.records import Sheet
from townhall.capabilities.notify.rendering.letters import write_pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixtures:
    """What `townhall notify_client_fixtures` prints, and a letter ready to print."""

    town: Town
    names: dict[str, str]
    pdf: bytes


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fixtures]:
    with new_town(tmp_path_factory.mktemp("contracts")) as town:
        town.start_worker()
        town.start_web()
        said = town.manage("notify_client_fixtures", "--url", town.url)
        assert town.manage("notify_client_fixtures", "--url", town.url) == said
        yield Fixtures(
            town=town, names=dict(re.findall(r"export (\w+)='(.*)'", said)), pdf=ready_letter()
        )


def ready_letter() -> bytes:
    return write_pdf(
        Sheet(
            address=("Ann Arbour", "1 Abbey Walk", "Pontafon", "SW1A 1AA"),
            contact_block="Pontafon Town Council",
            written_on=date(2026, 11, 23),
            subject="Made elsewhere",
            body="Printed as it came.",
            language="en",
        )
    )


HERE = Path(__file__).parent
