from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from townhall.capabilities.places import models
from townhall.capabilities.places.queries import get_address
from townhall.capabilities.places.tests.make import STAFF

pytestmark = pytest.mark.django_db

HEADER = "UPRN,house,street,locality,town,postcode\n"
ROW = '100000000001,"Flat 2, 14",High Street,,Northtown,AA3 1AB\n'


@pytest.fixture(autouse=True)
def _towns(settings: Settings) -> None:
    settings.ORGANISATIONS = "townhall.capabilities.places.tests.make.towns"


def load_file(folder: Path, content: bytes | str, organisation: str = "northtown") -> None:
    file = folder / "addresses.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    call_command("import_addresses", str(file), organisation=organisation)


def test_a_file_is_loaded_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_file(tmp_path, HEADER + ROW)

    assert get_address(STAFF, "100000000001").line_1 == "Flat 2, 14 High Street"
    assert capsys.readouterr().out == "1 addresses loaded for northtown\n"


def test_columns_may_stand_in_any_order_beside_others_as_spreadsheets_write_them(
    tmp_path: Path,
) -> None:
    header = "\ufeffPostcode,Ward,uprn,House,Street,Locality,Town\r\n"
    row = "AA3 1AB,North,7,1,Mill Lane,,Northtown\r\n"

    load_file(tmp_path, header + row)

    assert get_address(STAFF, "7").line_1 == "1 Mill Lane"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "does not name UPRN, house"),
        ("UPRN,house,street,locality,town\n", "does not name postcode"),
        (HEADER + ROW + "\n" + "2,1,High Street,,Northtown,AB1\n", "line 4: Enter a full UK"),
        (HEADER + ROW + '2,"1\n2",High Street,,Northtown,AA3 1AB\n', "line 3: The house has"),
        (HEADER + "2,1\n", "line 2: Give a house or a street, and a town"),
        (HEADER.encode() + b"1,1,Caf\xe9 Street,,Northtown,AA3 1AB\n", "CSV in UTF-8"),
        (HEADER + "1," + "x" * 200_000, "CSV in UTF-8"),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole_with_the_reason(
    tmp_path: Path, content: bytes | str, problem: str
) -> None:
    with pytest.raises(CommandError, match=problem):
        load_file(tmp_path, content)

    assert not models.Address.objects.exists()


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_addresses", "nowhere.csv", organisation="northtown")


def test_an_organisation_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no organisation atlantis, only northtown, southtown"):
        load_file(tmp_path, HEADER + ROW, organisation="atlantis")
