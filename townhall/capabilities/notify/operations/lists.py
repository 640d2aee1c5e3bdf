"""Looking at every row of a list before anything is sent: whom it is to, and what it says.

A hundred thousand rows take a second or two, so the template is read once, and a message is
written out only where it might be too long or empty.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from townhall.capabilities.notify import models
from townhall.capabilities.notify.dials import Dials
from townhall.capabilities.notify.errors import (
    NoSuchTemplate,
    NotAnAddress,
    NotAPhoneNumber,
    NotAPostalAddress,
    RowFault,
    UnfitList,
)
from townhall.capabilities.notify.operations.reach import MayReach
from townhall.capabilities.notify.records import Channel, ListRow, Personalisation
from townhall.capabilities.notify.rendering.columns import ADDRESS_LINES, RECIPIENTS
from townhall.capabilities.notify.rendering.placeholders import (
    PLACEHOLDER,
    fill_body,
    fill_subject,
    key_of,
    missing_from,
    names_in,
)
from townhall.capabilities.notify.rendering.texts import (
    LONGEST_SMS,
    begin_with,
    count_fragments,
    write_sms,
)
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.countries import UNITED_KINGDOM
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.capabilities.notify.rules.tables import Table, without_mark
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of

MOST_FAULTS = 100  # that are told
LONGEST_BODY = 2_000_000  # bytes of an email
LONGEST_SUBJECT = 2_000
FIRST_ROW = 2  # of a file, below its header
MOST_GROWTH = 4  # times: the bytes of a letter in UTF-8; an ellipsis in a text becomes three dots

Cell = str | list[str]


def find_version(actor: Actor, template_id: UUID) -> models.TemplateVersion:
    """The newest wording of a template, for staff. Raises NoSuchTemplate."""
    template = models.Template.visible_to(actor).filter(id=template_id).first()
    found = template and models.TemplateVersion.newest_of(template.sender_id, template_id)
    if not found or found.template.archived_at:
        raise NoSuchTemplate(_("There is no such template."))
    return found


def usual_origin(version: models.TemplateVersion) -> str:
    """What messages say they are from unless told otherwise; a letter's wording has its own."""
    of = version.template
    is_letter = of.channel == Channel.LETTER
    return version.contact_block if is_letter else of.sender.usual_origin(of.channel)


def may_send_abroad(actor: Actor) -> bool:
    return dials_of(actor.organisation_id, "notify", Dials).abroad


def check_list(
    version: models.TemplateVersion, table: Table, *, abroad: bool, may_reach: MayReach
) -> list[ListRow]:
    """The rows, with what the template takes of them. Raises UnfitList with what is wrong.

    `abroad` says whether texts and letters may leave the United Kingdom. Empty rows are left out.
    """
    checker = _Checker(version, table[0], abroad=abroad, may_reach=may_reach)
    rows = list(checker.check(table[1:])) if not checker.faults else []
    if checker.faults:
        message = _("The list has faults. Nothing of it was sent")
        raise UnfitList(message, faults=checker.faults, count=checker.count)
    return rows


def write_message(version: models.TemplateVersion, values: Personalisation) -> dict[str, str | int]:
    """The words of one message, and how many texts it is charged as."""
    with override("en"):
        if version.template.channel == Channel.SMS:
            text = write_sms(version.body_en, values)
            body = begin_with(version.template.sender.prefix, text)
            return {"body": body, "units": count_fragments(body)}
        subject = fill_subject(version.subject_en, values)
        return {"subject": subject, "body": fill_body(version.body_en, values)}


class _Checker:
    """What is known of a template and of a list's header, and the faults found so far."""

    def __init__(
        self,
        version: models.TemplateVersion,
        header: Sequence[object],
        *,
        abroad: bool,
        may_reach: MayReach,
    ) -> None:
        self.version, self.abroad, self.may_reach = version, abroad, may_reach
        self.channel = Channel(version.template.channel)
        self.faults: list[RowFault] = []
        self.count = 0
        self.texts = (version.subject_en, version.body_en)
        self.places: dict[str, list[int]] = {}  # of each heading, under its key
        for place, heading in enumerate(header):
            name = without_mark(str(heading or "").strip())
            self.places.setdefault(key_of(name), []).append(place)
        self.recipients = self._find_recipients()
        self.columns = list(self._find_columns())
        self.room = self._find_room()
        self.is_never_empty = bool(PLACEHOLDER.sub("", version.body_en).strip())

    def _find_recipients(self) -> list[tuple[str, int]]:
        if self.channel != Channel.LETTER:
            name = RECIPIENTS[self.channel]
            self._require(name)
            if len(self.places.get(key_of(name), ())) > 1:
                self._note(0, name, _("There is more than one column of this name"))
            return [(name, place) for place in self.places.get(key_of(name), ())[:1]]
        found = [
            (name, self.places[key_of(name)][0])
            for name in ADDRESS_LINES
            if key_of(name) in self.places
        ]
        if not found:
            self._require(ADDRESS_LINES[0])
        return found

    def _find_columns(self) -> Iterator[tuple[str, list[int]]]:
        for name in names_in(*self.texts):
            self._require(name)
            yield name, self.places.get(key_of(name), [])

    def _require(self, name: str) -> None:
        if key_of(name) not in self.places:
            self._note(0, name, _("The list has no column of this name"))

    def _find_room(self) -> int:
        """How long all values of a row can be together, for any message to be short enough."""
        body = LONGEST_SMS if self.channel == Channel.SMS else LONGEST_BODY
        return min(
            (most // MOST_GROWTH - len(text)) // max(len(PLACEHOLDER.findall(text)), 1)
            for text, most in zip(self.texts, (LONGEST_SUBJECT, body), strict=True)
        )

    def check(self, rows: Table) -> Iterator[ListRow]:
        for number, cells in zip(count(FIRST_ROW), rows, strict=False):
            if any(cell not in ("", None) for cell in cells):
                row = self._check_row(number, cells)
                if row is not None:
                    yield row

    def _check_row(self, number: int, cells: Sequence[object]) -> ListRow | None:
        """None if something is wrong with it, which is noted."""
        before = self.count
        to, postage = self._read_recipient(number, cells)
        values = self._read_values(number, cells)
        if self.count == before:
            self._check_size(number, values)
        if self.count > before:
            return None
        return ListRow(number=number, to=to, values=values, postage=postage)

    def _read_recipient(self, number: int, cells: Sequence[object]) -> tuple[str, str]:
        """To whom, and how a letter travels."""
        typed = [(name, _cell(cells, place)) for name, place in self.recipients]
        try:
            to, postage = self._clean({name: _line(cell) for name, cell in typed})
        except (NotAnAddress, NotAPhoneNumber, NotAPostalAddress) as fault:
            column = typed[0][0] if self.channel != Channel.LETTER else ""
            is_empty = not any(cell for _name, cell in typed)
            self._note(number, column, _("Missing") if is_empty else str(fault))
            return "", ""
        if words := self.may_reach(to):
            self._note(number, typed[0][0], words)
        return to, postage

    def _clean(self, typed: dict[str, str]) -> tuple[str, str]:
        match self.channel:
            case Channel.EMAIL:
                return clean_address(typed[RECIPIENTS[Channel.EMAIL]]), ""
            case Channel.SMS:
                number = typed[RECIPIENTS[Channel.SMS]]
                return clean_phone(number, abroad=self.abroad).number, ""
        address = read_address(typed, abroad=self.abroad)
        at_home = address.zone == UNITED_KINGDOM
        return "\n".join(address.lines), self.version.postage if at_home else address.zone

    def _read_values(self, number: int, cells: Sequence[object]) -> dict[str, Cell]:
        values: dict[str, Cell] = {}
        is_short = False
        for name, places in self.columns:
            value = _value(cells, places)
            if value:
                values[name] = value
            else:
                is_short = True
        if is_short:
            for name in missing_from(values, *self.texts):
                self._note(number, name, _("Missing"))
        return values

    def _check_size(self, number: int, values: dict[str, Cell]) -> None:
        """Write the message out if it could be too long, or empty."""
        if self.is_never_empty and sum(map(_length, values.values())) <= self.room:
            return
        words = write_message(self.version, values)
        body = str(words["body"])
        if self.channel == Channel.SMS:
            body = write_sms(self.version.body_en, values)  # without the sender's prefix
        most = LONGEST_SMS if self.channel == Channel.SMS else LONGEST_BODY
        length = len(body) if self.channel == Channel.SMS else len(body.encode())
        if not body.strip():
            self._note(number, "", _("The message is empty"))
        elif length > most or len(str(words.get("subject", ""))) > LONGEST_SUBJECT:
            self._note(number, "", _("The message is too long"))

    def _note(self, row: int, column: str, words: str) -> None:
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(RowFault(row, column, words))


def _cell(cells: Sequence[object], place: int) -> Cell:
    """Its text; several texts if a program gave a list of them."""
    cell = cells[place] if place < len(cells) else ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, list):
        return [text for each in cell if (text := _text(each))]
    return _text(cell)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _value(cells: Sequence[object], places: Sequence[int]) -> Cell:
    """A list if several columns have the name."""
    if len(places) == 1:
        return _cell(cells, places[0])
    return [text for place in places if (text := _line(_cell(cells, place)))]


def _line(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ", ".join(cell)


def _length(value: Cell) -> int:
    return len(value) if isinstance(value, str) else sum(len(each) + 5 for each in value)
