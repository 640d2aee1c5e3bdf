"""What there is, is in the documents; where they point, there is something."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
REFERENCE = ROOT / "docs" / "reference"


def named_in(page: str) -> set[str]:
    """The words that stand in code marks on a page."""
    text = (REFERENCE / page).read_text()
    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in [span, *span.split()]}


KINDS = """
import json, django
django.setup()
from dataclasses import fields
from django.core.management import get_commands
from townhall.machinery import given
from townhall.machinery.actors import inner_permission_labels, permission_labels
from townhall.machinery.dials import owners
from townhall.machinery.errors import Refused
from townhall.machinery.events import Event
from townhall.machinery.management.reference.facts import kinds_of
print(json.dumps({
    "settings.md": sorted(given.known),
    "events.md": sorted(event.name for event in kinds_of(Event)),
    "errors.md": sorted({refusal.code for refusal in kinds_of(Refused)}),
    "permissions.md": sorted({*permission_labels(), *inner_permission_labels()}),
    "dials.md": sorted({each.name for owner in owners() for each in fields(owner.dials)}),
    "commands.md": sorted(n for n, app in get_commands().items() if app.startswith("townhall.")),
}))
"""


def test_everything_of_a_kind_is_on_its_page() -> None:
    """Asked of a process of its own: other tests make events, dials and permissions too."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "townhall.installation.settings"}
    done = subprocess.run(
        [sys.executable, "-c", KINDS], capture_output=True, text=True, check=True, env=environment
    )

    missing = {page: set(names) - named_in(page) for page, names in json.loads(done.stdout).items()}

    assert not any(missing.values()), f"run `make docs`: {missing}"


@pytest.mark.parametrize("layer", ["capabilities", "services"])
def test_words_names_every_part(layer: str) -> None:
    words = (ROOT / "docs" / "words.md").read_text()
    folders = [path.parent for path in (ROOT / "townhall" / layer).glob("*/__init__.py")]
    for folder in folders:
        sentence = folder.joinpath("__init__.py").read_text().strip('"\n')
        assert f"| {folder.name} | {sentence} |" in words


def test_every_dependency_has_its_row() -> None:
    known = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    rows = set(re.findall(r"^\| `([^`]+)` \|", known, re.MULTILINE))
    wanted = set(dependencies())
    assert rows == wanted, f"missing: {wanted - rows}; gone: {rows - wanted}"


def dependencies() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    for each in wanted:
        yield re.split(r"[\[<>=~!; ]", each)[0]
    for folder in ("assets", "tests/contracts"):
        packages = json.loads((ROOT / folder / "package.json").read_text())
        yield from packages["dependencies"]
        yield from packages.get("devDependencies", ())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (document.parent / target).exists(), f"{document.name} points at {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_a_document_names_are_there(document: Path) -> None:
    """`townhall/...`, `tests/...` and the like in code marks are paths from the root."""
    named = re.findall(r"`((?:townhall|tests|docs|bench|assets)/[\w./-]+)`", document.read_text())
    for path in named:
        assert (ROOT / path).exists(), f"{document.name} names {path}"
