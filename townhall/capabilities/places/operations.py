"""Loading an organisation's list of addresses."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from townhall.capabilities.places import models, permissions, rules
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

COLUMNS = ("UPRN", "house", "street", "locality", "town", "postcode")
BATCH = 2_000
MOST_SHOWN = 20  # of the lines that are wrong
FIRST_LINE = 2  # in the file, below the names of the columns

Row = Mapping[str, str]


@operation(permissions.LOAD_ADDRESSES)
def import_addresses(actor: Actor, *, rows: Iterable[Row]) -> int:
    """Add the addresses of a file to the organisation's list; return how many it has.

    Each row has the COLUMNS by name; an empty row is passed over. An address that is known by its
    UPRN takes on what the row says, and one that is not in the file stays. Raises Invalid, with
    the line of each row that is wrong, and then nothing is loaded.
    """
    addresses = _read(actor, rows)
    models.Address.objects.bulk_create(
        addresses,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["organisation_id", "uprn"],
        update_fields=["house", "street", "locality", "town", "postcode"],
    )
    return len(addresses)


def _read(actor: Actor, rows: Iterable[Row]) -> list[models.Address]:
    read: dict[str, models.Address] = {}
    lines: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for line, row in enumerate(rows, start=FIRST_LINE):
        cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
        if not any(cells.values()):
            continue
        try:
            address = _address(actor, cells)
            _keep_apart(lines, address.uprn, line)
            read[address.uprn] = address
        except Invalid as error:
            wrong[_("line %(line)s") % {"line": line}] = str(error)
    if wrong:
        raise _refusal(wrong)
    return list(read.values())


def _address(actor: Actor, cells: Row) -> models.Address:
    _check(cells)
    return models.Address(
        organisation_id=actor.organisation_id,
        uprn=rules.normalised_uprn(cells["UPRN"]),
        house=cells["house"],
        street=cells["street"],
        locality=cells["locality"],
        town=cells["town"],
        postcode=rules.normalised_postcode(cells["postcode"]),
    )


def _check(cells: Row) -> None:
    if not (cells["house"] or cells["street"]) or not cells["town"]:
        raise Invalid(_("Give a house or a street, and a town."))
    for column, most in models.MOST_CHARACTERS.items():
        if len(cells[column]) > most:
            message = _("The %(column)s must have %(most)s characters or fewer.")
            raise Invalid(message % {"column": column, "most": most})
        if not cells[column].isprintable():
            message = _("The %(column)s has a line break or control character in it.")
            raise Invalid(message % {"column": column})


def _keep_apart(lines: dict[str, int], uprn: str, line: int) -> None:
    first = lines.setdefault(uprn, line)
    if first != line:
        raise Invalid(_("This UPRN is on line %(line)s already.") % {"line": first})


def _refusal(wrong: dict[str, str]) -> Invalid:
    heading = ngettext(
        "Nothing was loaded: %(count)s line is wrong.",
        "Nothing was loaded: %(count)s lines are wrong.",
        len(wrong),
    ) % {"count": len(wrong)}
    shown = [f"{place}: {problem}" for place, problem in list(wrong.items())[:MOST_SHOWN]]
    return Invalid("\n".join([heading, *shown]), fields=wrong)
