"""What this person may do here; and each setting of the organisation on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.machinery import dials
from townhall.machinery.dial_values import Dial, get_dial, list_dials, set_dial
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request
from townhall.services.administration import operations, queries
from townhall.services.administration.forms import (
    DialForm,
    PictureForm,
    PriceListForm,
    form_for,
)
from townhall.services.administration.pages.values import write_value


@require_safe
def index(request: Request) -> HttpResponse:
    pages = [page for page in queries.list_pages(request.actor) if page.url != request.path]
    return render(request, "administration/index.html", {"pages": pages})


@require_safe
def owners(request: Request) -> HttpResponse:
    request.actor.require(dials.SET_DIALS)
    return render(request, "administration/settings.html", {"owners": dials.owners()})


@require_safe
def owner(request: Request, owner: str) -> HttpResponse:
    settings = list_dials(request.actor, owner)
    page = {
        "title": _title(owner),
        "settings": [{"dial": each, "value": write_value(each)} for each in settings],
    }
    return render(request, "administration/owner.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def dial(request: Request, owner: str, name: str) -> HttpResponse:
    setting = get_dial(request.actor, owner, name)
    if request.method != "POST":
        return _ask(request, setting, form_for(setting), status=200)
    form = form_for(setting, request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, setting, form, status=422)
    try:
        _save(request, setting, form)
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, setting, form, status=422)
    messages.success(request, _("“%(setting)s” is saved") % {"setting": setting.label})
    return redirect("administration:owner", owner)


@require_POST
def reset(request: Request, owner: str, name: str) -> HttpResponse:
    setting = operations.reset_dial(request.actor, owner, name)
    says = _("“%(setting)s” is back to what it was at first") % {"setting": setting.label}
    messages.success(request, says)
    return redirect("administration:owner", owner)


def _save(request: Request, setting: Dial, form: DialForm | PictureForm | PriceListForm) -> None:
    if isinstance(form, PictureForm) and (picture := form.cleaned_data["picture"]):
        operations.set_picture(
            request.actor,
            setting.owner,
            setting.name,
            filename=picture.name,
            content=picture.read(),
        )
        return
    value = "" if isinstance(form, PictureForm) else form.cleaned_data["value"]
    set_dial(request.actor, setting.owner, setting.name, value=value)


def _ask(
    request: Request,
    setting: Dial,
    form: DialForm | PictureForm | PriceListForm,
    *,
    status: int,
) -> HttpResponse:
    page = {
        "setting": setting,
        "form": form,
        "title": setting.label,
        "owner": _title(setting.owner),
    }
    is_list = isinstance(form, PriceListForm)
    template = "administration/price_list.html" if is_list else "administration/dial.html"
    return render(request, template, page, status=status)


def _title(slug: str) -> str:
    found = dials.find_owner(slug)
    return str(found.title) if found else slug
