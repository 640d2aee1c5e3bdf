"""Showing a form, and one more time with what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from townhall.machinery.http import Request
from townhall.machinery.pages.forms import Form


def typed(request: Request) -> QueryDict | None:
    """What a form was sent with, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def ask(request: Request, form: Form, page: str, /, **context: object) -> HttpResponse:
    """Show a form on a page; one with wrong answers answers 422."""
    status = 422 if form.errors else 200
    return render(request, page, {"form": form, **context}, status=status)


def asked(given: QueryDict, form: type[Form], *dates: str) -> dict[str, str]:
    """What the address says, without what the form does not know."""
    parts = [f"{day}_{part}" for day in dates for part in ("day", "month", "year")]
    return {name: given.get(name, "") for name in [*form.base_fields, *parts]}


def kept(given: Mapping[str, Any], names: Iterable[str]) -> bool:  # Any: Django's own
    """Whether the address says anything of these."""
    return any(value for name, value in given.items() if name.startswith(tuple(names)))
