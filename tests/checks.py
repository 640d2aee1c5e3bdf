"""What `make check` looks at beyond style and types: `python -m tests.checks [--write]`.

It needs no database. With --write it first writes docs/reference from the code.
"""

import ast
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.template import TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parents[1]
PAY_API = ROOT / "docs" / "openapi" / "pay-v1.json"
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        _set_up_django(folder)
        if "--write" in sys.argv[1:]:
            _write_reference()
        problems = [f"{name}: {problem}" for name, check in CHECKS.items() for problem in check()]
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "Checked: all in order.")
    return 1 if problems else 0


def _set_up_django(folder: str) -> None:
    """Without a database, a demo or anything else that this machine is set to."""
    ours = [name for name in os.environ if name.startswith(("TOWNHALL_", "DATABASE_URL", "PROM"))]
    for name in ours:
        del os.environ[name]
    os.environ["TOWNHALL_VAR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "townhall.installation.settings"
    django.setup()


def _write_reference() -> None:
    call_command("reference", to=ROOT / "docs" / "reference")
    PAY_API.parent.mkdir(exist_ok=True)
    PAY_API.write_text(_pay_api())


def django_finds() -> Iterator[str]:
    """What Django's own checks say, its look at the addresses included."""
    yield from (str(message) for message in run_checks())


def templates() -> Iterator[str]:
    """Every template compiles, the demo's too, although the demo is off."""
    for path in sorted((ROOT / "townhall").rglob("templates/**/*.*")):
        try:
            engines["django"].from_string(path.read_text())
        except TemplateSyntaxError as error:
            yield f"{path.relative_to(ROOT)}: {error}"


def migrations() -> Iterator[str]:
    """The tables that the migrations make are those that the models want."""
    loader = MigrationLoader(None)
    yield from (f"two leaves in {app}: {names}" for app, names in loader.detect_conflicts().items())
    wanted = ProjectState.from_apps(apps)
    changes = MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)
    ours = {each.label for each in apps.get_app_configs() if each.name.startswith("townhall.")}
    for app in sorted(ours & set(changes)):
        for migration in changes[app]:
            for step in migration.operations:
                yield f"run `manage.py makemigrations {app}`: {step.describe()}"


def translations() -> Iterator[str]:
    yield from _command("translations", check=True)


def reference() -> Iterator[str]:
    yield from _command("reference", check=True, to=ROOT / "docs" / "reference")


def pay_api() -> Iterator[str]:
    """The OpenAPI document of /v1/ is what the code says."""
    if not PAY_API.exists() or PAY_API.read_text() != _pay_api():
        yield f"{PAY_API.relative_to(ROOT)} is behind the code: run it with --write"


def _pay_api() -> str:
    openapi = import_module("townhall.capabilities.pay.api.openapi")  # once Django is set up
    return json.dumps(openapi.document(), indent=2, sort_keys=True) + "\n"


def _command(name: str, **options: object) -> Iterator[str]:
    try:
        call_command(name, **options)
    except CommandError as error:
        yield from str(error).splitlines()


def lengths() -> Iterator[str]:
    """No function over 50 lines, no file over 400."""
    for folder in ("townhall", "tests", "bench", "assets"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if {"migrations", "node_modules"}.isdisjoint(path.parts):
                yield from _too_long(path)


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    place = path.relative_to(ROOT)
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{place} has {lines} lines: make it a folder"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{place}:{node.lineno} {node.name} has {length} lines"


def lock_files() -> Iterator[str]:
    """They name packages, versions and hashes; where to fetch them is the machine's own matter."""
    for path in [*ROOT.glob("requirements*.lock"), ROOT / "assets" / "package-lock.json"]:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if re.search(r"\w+://|--(extra-)?index-url|--find-links| @ ", line):
                yield f"{path.name}:{number} holds an address"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "django": django_finds,
    "templates": templates,
    "migrations": migrations,
    "translations": translations,
    "reference": reference,
    "pay's API": pay_api,
    "lengths": lengths,
    "lock files": lock_files,
}

if __name__ == "__main__":
    sys.exit(main())
