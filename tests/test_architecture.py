"""Promises about the shape of the code that import-linter cannot see."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
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
LATE_IMPORTS = {("apps.py", "ready"), ("cli.py", "main")}

Door = Callable[..., Any]


def rooms(layer: ModuleType, *names: str) -> Iterator[ModuleType]:
    """The modules of these rooms, those of a room that is a folder included."""
    for module in pkgutil.walk_packages(layer.__path__, layer.__name__ + "."):
        parts = module.name.split(".")
        if len(parts) > 3 and parts[3] in names:
            yield importlib.import_module(module.name)


def functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, thing in vars(module).items():
        here = getattr(thing, "__module__", None) == module.__name__
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


def parts(hint: Any) -> Iterator[Any]:  # Any: whatever stands in an annotation
    """A hint and everything inside its brackets."""
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def test_no_foreign_key_of_ours_leaves_its_app() -> None:
    """Across apps we keep ids; a key would tie the tables, and their migrations, together."""
    for model in OURS:
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField):
                assert field.related_model._meta.app_label == model._meta.app_label, field


def test_librarys_tables_point_at_nothing_of_ours_but_people() -> None:
    person = apps.get_model("identity.Person")
    for model in LIBRARIES:
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField) and field.related_model in OURS:
                assert field.related_model is person, field


def test_every_table_of_an_organisation_says_who_sees_its_rows() -> None:
    for model in OURS:
        if "organisation_id" in {field.attname for field in model._meta.concrete_fields}:
            signature = inspect.signature(getattr(model, "visible_to"))  # noqa: B009  # on any
            assert list(signature.parameters) == ["actor"], model


def test_every_door_asks_for_a_permission() -> None:
    for name, thing in asked():
        is_preparation = hints(thing).get("organisation") is Organisation
        assert isinstance(thing, Task) or is_preparation or hasattr(thing, "permission"), name


def test_a_machinery_module_with_doors_has_no_other_way_in_for_an_actor() -> None:
    for module in {inspect.getmodule(door) for _name, door in doors()}:
        for name, thing in functions(module) if module else ():
            if next(iter(hints(thing).values()), None) is Actor:
                assert hasattr(thing, "permission") or isinstance(thing, Task), name


def test_every_door_takes_the_actor_first() -> None:
    for name, door in doors():
        assert next(iter(hints(door).values())) is Actor, name


def test_capabilities_take_and_hand_out_records_not_rows() -> None:
    for module in rooms(townhall.capabilities, "operations", "queries"):
        for name, thing in functions(module):
            for hint in hints(thing).values():
                rows = [each for each in parts(hint) if _is_row(each)]
                assert not rows, (name, rows)


def _is_row(hint: Any) -> bool:  # Any: as above
    return inspect.isclass(hint) and issubclass(hint, Model | QuerySet)


def test_a_door_that_hands_out_personal_data_can_tell_the_person() -> None:
    for name, door in doors():
        for each in parts(hints(door)["return"]):
            if inspect.isclass(each) and issubclass(each, Personal):
                assert getattr(door, "told"), name  # noqa: B009  # of any door


def test_what_crosses_a_border_is_frozen_slotted_and_named() -> None:
    for layer in LAYERS:
        for module in rooms(layer, "records", "events"):
            for name, kind in vars(module).items():
                if inspect.isclass(kind) and kind.__module__ == module.__name__:
                    assert _is_record(kind), f"{module.__name__}.{name}"


def _is_record(kind: type) -> bool:
    if issubclass(kind, Enum | dict):
        return True
    if not is_dataclass(kind):
        return False
    frozen = getattr(kind, "__dataclass_params__").frozen  # noqa: B009  # dataclasses' own
    return frozen and "__slots__" in vars(kind) and all(each.kw_only for each in fields(kind))


@pytest.mark.parametrize("folder", ["capabilities", "services", "machinery", "installation"])
def test_imports_stand_at_the_top(folder: str) -> None:
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and _imports(function):
                assert (path.name, function.name) in LATE_IMPORTS, f"{path}:{function.lineno}"


def _imports(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))


def test_every_capability_and_service_says_what_it_is_in_one_sentence() -> None:
    for layer in LAYERS:
        for each in pkgutil.iter_modules(layer.__path__):
            module = importlib.import_module(f"{layer.__name__}.{each.name}")
            sentence = (module.__doc__ or "").strip()
            assert sentence.endswith("."), module.__name__
            assert "\n" not in sentence, module.__name__
