"""Keep the Welsh in step: `manage.py translations [--check | --compile]`."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

import townhall

PACKAGE = Path(townhall.__file__).parent
WELSH = PACKAGE / "locale" / "cy" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    name + lazy: places
    for lazy in ("", "_lazy")
    for name, places in {
        "_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
} | {"gettext_noop": None}
STARTED = datetime(2026, 11, 23, tzinfo=UTC)


class Command(BaseCommand):
    help = "Gather every translatable string into the Welsh catalogue, and say what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check", action="store_true", help="change nothing, fail if out of step"
        )
        what.add_argument("--compile", action="store_true", help="write the .mo that Django reads")

    def handle(self, *, check: bool, compile: bool, **_others: object) -> None:  # noqa: A002 named by argparse
        if check:
            self._check()
        elif compile:
            self._compile()
        else:
            self._update()

    def _update(self) -> None:
        """Add what is new and drop what is gone; what is translated stays."""
        catalogue = in_step(read_catalogue())
        WELSH.parent.mkdir(parents=True, exist_ok=True)
        with WELSH.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        missing = sum(1 for each in catalogue if each.id and not is_translated(each))
        self.stdout.write(f"{len(catalogue)} strings, {missing} without Welsh")

    def _check(self) -> None:
        problems = list(problems_of(read_catalogue()))
        if problems:
            raise CommandError("\n".join(problems))

    def _compile(self) -> None:
        with WELSH.with_suffix(".mo").open("wb") as file:
            write_mo(file, read_catalogue())


def read_catalogue() -> Catalog:
    if not WELSH.exists():
        return Catalog(
            locale="cy",
            header_comment="# The Welsh of Townhall.",
            project="Townhall",
            version="1",
            msgid_bugs_address="CONTRIBUTING.md",
            last_translator="the people in git log",
            creation_date=STARTED,
            revision_date=STARTED,
            fuzzy=False,
        )
    with WELSH.open("rb") as file:
        return read_po(file, locale="cy")


def in_step(catalogue: Catalog) -> Catalog:
    """The same catalogue with exactly the strings that stand in the code now."""
    catalogue.update(_strings_in_code(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def problems_of(catalogue: Catalog) -> Iterator[str]:
    """Every string that is missing, untranslated, no longer used, or has other placeholders."""
    stored = {_key(each) for each in catalogue if each.id}
    wanted = in_step(catalogue)
    for message in wanted:
        if not message.id:
            continue
        where = message.locations[0][0] if message.locations else ""
        if _key(message) not in stored:
            yield f"not gathered yet, run `manage.py translations`: {message.id!r} in {where}"
        elif not is_translated(message):
            yield f"no Welsh: {message.id!r} in {where}"
        for error in message.check(wanted):
            yield f"{error}: {message.id!r} in {where}"
    for key in sorted(stored - {_key(each) for each in wanted}, key=str):
        yield f"no longer used, run `manage.py translations`: {key[1]!r}"


def is_translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(words) and not message.fuzzy


def _key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def _strings_in_code() -> Catalog:
    catalogue = Catalog(locale="cy")
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*")]):
        place = path.relative_to(PACKAGE.parent)
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "migrations"} & set(
            place.parts
        ):
            continue
        for line, words, comments, context in extract("python", _source(path), KEYWORDS):
            catalogue.add(
                words, locations=[(str(place), line)], auto_comments=comments, context=context
            )
    return catalogue


def _source(path: Path) -> BytesIO:
    """A file as Python that Babel can read, which Django makes of its templates."""
    text = path.read_text()
    return BytesIO((text if path.suffix == ".py" else templatize(text, origin=str(path))).encode())
