"""A page that asks, and shows again what cannot be accepted."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from townhall.machinery.errors import Refused
from townhall.machinery.http import Request
from townhall.machinery.pages.forms import Form

WRONG_ANSWER = 422


def typed(request: Request) -> QueryDict | None:
    """What a form was sent with, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def ask(
    request: Request, form: Form, template: str = "machinery/form.html", **context: object
) -> HttpResponse:
    """Show a form on a page; one with wrong answers answers 422."""
    status = WRONG_ANSWER if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def show_refusal(form: Form, refusal: Refused, *, field: str | None = None) -> None:
    """Put what an operation refused beside the answers that it is about."""
    about = {
        name: text for name, text in getattr(refusal, "fields", {}).items() if name in form.fields
    }
    for name, text in about.items():
        form.add_error(name, text)
    if not about:
        form.add_error(field, str(refusal))
