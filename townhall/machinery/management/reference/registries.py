"""What an operator sets, what roles may do, and what an organisation sets for itself."""

from collections.abc import Iterator
from dataclasses import Field, fields
from enum import Enum
from typing import Any, get_type_hints

from townhall.machinery import given
from townhall.machinery.actors import Permission, inner_permission_labels, permission_labels
from townhall.machinery.dials import Owner, PricedItem, owners
from townhall.machinery.management.reference.markdown import code, kind, listed, page, table
from townhall.machinery.money import Money
from townhall.machinery.pages.writing import write_money
from townhall.machinery.service import offered
from townhall.machinery.wording import Wording

LONGEST = 60  # of a default that is shown whole


def settings() -> str:
    rows = [
        (code(each.name), code(each.default), each.meaning)
        for each in sorted(given.known.values(), key=lambda setting: setting.name)
    ]
    rows.append((code("PORT"), code("8000"), "Where `townhall up` and `townhall web` listen."))
    return page(
        "Settings",
        "What whoever runs an installation gives it, as environment variables.",
        table(["variable", "if not given", "meaning"], rows),
    )


def permissions() -> str:
    return page(
        "Permissions",
        "What may be asked, and who may ask it. An organisation begins with the roles named here "
        "and changes them on the page of roles; a service acts with what it uses and no more.",
        table(
            ["permission", "allows", "roles of the services", "services that use it", "residents"],
            [
                (
                    code(each),
                    label,
                    listed(_roles_with(each)) if each in permission_labels() else "not for roles",
                    listed(service.slug for service in offered() if each in service.uses),
                    "yes" if any(each in service.residents_may for service in offered()) else "",
                )
                for each, label in sorted((permission_labels() | inner_permission_labels()).items())
            ],
        ),
    )


def _roles_with(permission: Permission) -> set[str]:
    return {
        role
        for service in offered()
        for role, may in service.staff_roles.items()
        if permission in may
    }


def dials() -> str:
    return page(
        "Dials",
        "What each organisation sets for itself, on its settings pages, within these bounds.",
        *[block for owner in owners() for block in _dials_of(owner)],
    )


def _dials_of(owner: Owner) -> Iterator[str]:
    hints = get_type_hints(owner.dials)
    yield f"## {owner.title} ({code(owner.slug)})"
    yield table(
        ["dial", "kind", "at first", "lowest", "highest", "label"],
        [
            (
                code(each.name),
                kind(hints[each.name]),
                _shown(each.default),
                _shown(each.metadata["lowest"]),
                _shown(each.metadata["highest"]),
                _label(each),
            )
            for each in fields(owner.dials)
        ],
    )


def _label(dial: Field[Any]) -> str:  # Any: of any kind
    label, hint = str(dial.metadata["label"]), str(dial.metadata["hint"])
    return f"{label}. {hint}" if hint else label


def _shown(value: Any) -> str:  # Any: a dial's value or bound
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value) or "none"
    if isinstance(value, PricedItem):
        return f"{value.name.en} {_shown(value.price)}"
    if isinstance(value, Money):
        return write_money(value)
    text = str(value.value) if isinstance(value, Enum) else _english(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} ..."


def _english(value: object) -> str:
    return value.en if isinstance(value, Wording) else str(value)
