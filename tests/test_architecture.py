"""Promises about the shape of the code that import-linter cannot see."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

from django.apps import apps
from django.db.models import Model, QuerySet
from django.db.models.fields.related import RelatedField

import townhall
import townhall.capabilities
import townhall.machinery
import townhall.services
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation
from townhall.machinery.personal import Personal
from townhall.machinery.tasks import Task

PACKAGE = Path(townhall.__file__).parent
LAYERS = (townhall.capabilities, townhall.services)
OURS = [model for model in apps.get_models() if model.__module__.startswith("townhall.")]
LIBRARIES = [model for model in apps.get_models() if model not in OURS]
# Where imports wait until Django is set up: apps' `ready` and the command that sets it up.
LATE_IMPORTS = {("apps.py", "ready"), ("cli.py", "main"), ("cli.py", "_manage")}

# What stands before the colon in the name of an actor that is not made of a session.
ACT_BY_THEMSELVES = {
    *("capability", "service", "command", "program", "supplier", "processor", "link"),
    *("demo", "sandbox", "payer"),  # "payer": whoever has the unguessable address of a payment
}

Door = Callable[..., Any]


def rooms(layer: ModuleType, *names: str) -> Iterator[ModuleType]:
    """The rooms of these names, of every part of a layer that is installed here."""
    for app in apps.get_app_configs():
        for name in names if app.name.startswith(layer.__name__) else ():
            if find_spec(f"{app.name}.{name}"):
                yield importlib.import_module(f"{app.name}.{name}")


def functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What a module makes public, or a folder hands out of its files."""
    for name, thing in vars(module).items():
        here = str(getattr(thing, "__module__", "")).startswith(module.__name__)
        if here and not name.startswith("_") and not inspect.isclass(thing) and callable(thing):
            yield f"{module.__name__}.{name}", thing


def asked() -> Iterator[tuple[str, Any]]:
    """Every public function of operations and queries: doors, tasks and preparations."""
    for layer in LAYERS:
        for module in rooms(layer, "operations", "queries"):
            yield from functions(module)


def doors() -> Iterator[tuple[str, Door]]:
    machinery = [
        importlib.import_module(f"townhall.machinery.{each.name}")
        for each in pkgutil.iter_modules(townhall.machinery.__path__)
    ]
    everything = [*asked(), *(found for module in machinery for found in functions(module))]
    return ((name, thing) for name, thing in everything if hasattr(thing, "permission"))


def hints(door: Door) -> dict[str, Any]:
    return get_type_hints(inspect.unwrap(door))


def relations(model: type[Model]) -> list[Any]:  # Any: fields whose model Django has resolved
    return [field for field in model._meta.get_fields() if isinstance(field, RelatedField)]


def parts(hint: Any) -> Iterator[Any]:  # Any: whatever stands in an annotation
    """A hint and everything inside its brackets."""
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def test_no_foreign_key_of_ours_leaves_its_app() -> None:
    """Across apps we keep ids; a key would tie the tables, and their migrations, together."""
    leaving = [
        field
        for model in OURS
        for field in relations(model)
        if field.related_model._meta.app_label != model._meta.app_label
    ]

    assert leaving == []


def test_tables_of_libraries_point_at_nothing_of_ours_but_people() -> None:
    pointing = {
        field.related_model
        for model in LIBRARIES
        for field in relations(model)
        if field.related_model in OURS
    }

    assert pointing == {apps.get_model("identity.Person")}


def test_every_table_of_an_organisation_says_who_sees_its_rows() -> None:
    open_to_all = [
        model
        for model in OURS
        if "organisation_id" in {field.attname for field in model._meta.concrete_fields}
        and not hasattr(model, "visible_to")
    ]

    assert open_to_all == []


def test_every_door_asks_for_a_permission() -> None:
    unguarded = [
        name
        for name, thing in asked()
        if not isinstance(thing, Task)
        and not hasattr(thing, "permission")
        and hints(thing).get("organisation") is not Organisation  # a preparation
    ]

    assert unguarded == []


def test_a_machinery_module_with_doors_has_no_other_way_in_for_an_actor() -> None:
    unguarded = [
        name
        for module in {inspect.getmodule(door) for _name, door in doors()}
        for name, thing in (functions(module) if module else ())
        if next(iter(hints(thing).values()), None) is Actor
        and not hasattr(thing, "permission")
        and not isinstance(thing, Task)
    ]

    assert unguarded == []


def test_every_door_takes_the_actor_first() -> None:
    wrong = [name for name, door in doors() if next(iter(hints(door).values())) is not Actor]

    assert wrong == []


def test_capabilities_take_and_hand_out_records_not_rows() -> None:
    handed = [
        (name, part)
        for module in rooms(townhall.capabilities, "operations", "queries")
        for name, thing in functions(module)
        for hint in hints(thing).values()
        for part in parts(hint)
        if _is_row(part)
    ]

    assert handed == []


def _is_row(hint: Any) -> bool:  # Any: as above
    return inspect.isclass(hint) and issubclass(hint, Model | QuerySet)


def test_a_door_that_hands_out_personal_data_can_tell_the_person() -> None:
    silent = [
        name
        for name, door in doors()
        if not _is_errand(door)  # what it stores or reads through another door is audited there
        and any(_is_personal(each) for each in parts(hints(door)["return"]))
        and getattr(door, "told", None) is None
    ]

    assert silent == []


def _is_errand(door: Door) -> bool:
    inside: Door = inspect.getclosurevars(door).nonlocals["inside"]
    return inside.__qualname__.startswith("errand.")


def _is_personal(hint: Any) -> bool:  # Any: as above
    return inspect.isclass(hint) and issubclass(hint, Personal)


def test_what_crosses_a_border_is_frozen_slotted_and_named() -> None:
    loose = [
        kind
        for layer in LAYERS
        for module in rooms(layer, "records", "events")
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__.startswith(module.__name__)
        if not _is_record(kind)
    ]

    assert loose == []


def _is_record(kind: type) -> bool:
    if issubclass(kind, Enum | dict):
        return True
    if not is_dataclass(kind):
        return False
    frozen = getattr(kind, "__dataclass_params__").frozen  # noqa: B009  # dataclasses' own
    named = len(fields(kind)) == 1 or all(each.kw_only for each in fields(kind))
    return frozen and "__slots__" in vars(kind) and named


def test_the_files_of_operations_and_queries_are_their_own() -> None:
    """Others import the folder, so that what it hands out is all there is to ask for."""
    reaching_in = [
        f"{path}:{node.lineno} {node.module}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
        if not _may_import(path, node.module.split("."))
    ]

    assert reaching_in == []


def _may_import(path: Path, parts: list[str]) -> bool:
    in_a_file = len(parts) > 4 and parts[3] in ("operations", "queries")
    return not in_a_file or path.parent == PACKAGE.joinpath(*parts[1:4])


def test_actors_come_from_identity_and_from_what_acts_by_itself() -> None:
    """Whoever is behind a request, identity's sessions say; what has no person behind it, a
    service, a task, a command or a supplier's call, acts under a name that says so."""
    loose = [
        f"{path}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "tests" not in path.parts and path.name != "demo.py" and not _is_sessions(path)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id == "Actor" and not _acts_by_itself(path, call)
    ]

    assert loose == []


def _is_sessions(path: Path) -> bool:
    return path.is_relative_to(PACKAGE / "capabilities/identity/sessions")


def _acts_by_itself(path: Path, call: ast.Call) -> bool:
    """Named for what it is, and not for a person: or as another actor, in another organisation."""
    name = call.args[0] if call.args else None
    if isinstance(name, ast.Subscript):  # cut to fit its column
        name = name.value
    if isinstance(name, ast.JoinedStr):
        name = name.values[0]
    if isinstance(name, ast.Name):
        found = re.search(rf'^{name.id} = "([\w-]+)', path.read_text(), re.MULTILINE)
        return found is not None and found[1] in ACT_BY_THEMSELVES
    if isinstance(name, ast.Constant):
        return str(name.value).partition(":")[0] in ACT_BY_THEMSELVES
    return isinstance(name, ast.Attribute) and name.attr == "name"


def test_imports_stand_at_the_top() -> None:
    late = [
        f"{path}:{function.lineno} {function.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and _imports(function)
        if (path.name, function.name) not in LATE_IMPORTS
    ]

    assert late == []


def _imports(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))


def test_every_capability_and_service_says_what_it_is_in_one_sentence() -> None:
    for layer in LAYERS:
        for each in pkgutil.iter_modules(layer.__path__):
            module = importlib.import_module(f"{layer.__name__}.{each.name}")
            sentence = (module.__doc__ or "").strip()
            assert sentence.endswith("."), module.__name__
            assert "\n" not in sentence, module.__name__
