"""What messages cost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.forms.figures import TariffForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.rendering.prices import write_price
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    found = queries.list_tariffs(request.actor)
    return render(
        request, "notify/tariffs.html", {"tariffs": [(each, _written(each)) for each in found]}
    )


def _written(tariff: records.Tariff) -> dict[str, str]:
    """Each price as it reads, by the name that it has in the form."""
    times = _("%(count)d times a text at home")
    letters = {postage.replace("-", "_"): cost for postage, cost in tariff.letters.items()}
    prices = {"email": tariff.email, "text": tariff.text, **letters, "sheet": tariff.sheet}
    return {
        **{name: write_price(hundredths) for name, hundredths in prices.items()},
        "europe_times": times % {"count": tariff.europe_times},
        "world_times": times % {"count": tariff.world_times},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """The form begins with what messages cost now."""
    newest = next(iter(queries.list_tariffs(request.actor)), None)
    form = TariffForm(typed(request), initial=_initial(newest))
    if form.is_bound and form.is_valid():
        try:
            operations.set_tariff(request.actor, **form.prices())
        except Invalid as refusal:
            form.add_error("begins_on", str(refusal))
        else:
            messages.success(request, _("The prices are saved."))
            return redirect("notify:tariffs")
    context = {
        "title": _("Set what messages cost"),
        "button_text": _("Save"),
        "back_url": reverse("notify:tariffs"),
    }
    return ask(request, form, "machinery/form.html", **context)


def _initial(newest: records.Tariff | None) -> dict[str, object]:
    today: dict[str, object] = {"begins_on": timezone.localdate()}
    if newest is None:
        return today
    letters = {postage.replace("-", "_"): cost for postage, cost in newest.letters.items()}
    names = ("email", "text", "europe_times", "world_times", "sheet")
    return today | letters | {name: getattr(newest, name) for name in names}
