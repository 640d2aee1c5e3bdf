"""Messages that were sent: a list to look through, and everything about one of them."""

from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from townhall.capabilities.notify import operations, permissions, queries, records
from townhall.capabilities.notify.forms.figures import SearchForm
from townhall.capabilities.notify.records import Channel, Stage, StepKind
from townhall.capabilities.notify.rendering.prices import write_price
from townhall.capabilities.notify.rules.stages import stage_of
from townhall.machinery.http import Request

STATUSES = {
    "created": gettext_lazy("Not sent yet"),
    "pending-virus-check": gettext_lazy("Being checked"),
    "sending": gettext_lazy("Sent"),
    "sent": gettext_lazy("Sent abroad"),
    "delivered": gettext_lazy("Delivered"),
    "temporary-failure": gettext_lazy("Not delivered for now"),
    "permanent-failure": gettext_lazy("Cannot be delivered"),
    "technical-failure": gettext_lazy("Failed on the way"),
    "virus-scan-failed": gettext_lazy("Has a virus"),
    "validation-failed": gettext_lazy("Cannot be printed"),
    "cancelled": gettext_lazy("Cancelled"),
}
COLOURS = {
    Stage.WAITING: "grey",
    Stage.SENT: "blue",
    Stage.DELIVERED: "green",
    Stage.FAILED: "red",
    Stage.CANCELLED: "grey",
}
STEPS = {
    StepKind.ACCEPTED: gettext_lazy("Accepted"),
    StepKind.PRINTED: gettext_lazy("Made into a PDF"),
    StepKind.NOT_TAKEN: gettext_lazy("The supplier did not take it; it is tried again"),
    StepKind.HANDED_OVER: gettext_lazy("Handed to the supplier"),
    StepKind.PRETENDED: gettext_lazy("Pretended to send, as test keys do"),
    StepKind.ARRIVED: gettext_lazy("Delivered"),
    StepKind.FAILED: gettext_lazy("Given up"),
    StepKind.SENT_AGAIN: gettext_lazy("Sent again"),
    StepKind.PROGRAM_TOLD: gettext_lazy("A callback was told"),
    StepKind.PROGRAM_NOT_TOLD: gettext_lazy("A callback did not take it"),
    StepKind.WIPED: gettext_lazy("Wiped: its words and addresses are gone"),
}
ACTORS = {
    "program": gettext_lazy("the program %(name)s"),
    "service": gettext_lazy("the service %(name)s"),
    "staff": gettext_lazy("staff (%(name)s)"),
}


@require_safe
def index(request: Request) -> HttpResponse:
    form = SearchForm(_asked(request.GET))
    if not form.is_valid():
        request.actor.require(permissions.READ_MESSAGES)
        return render(request, "notify/messages.html", {"form": form}, status=422)
    asked = form.cleaned_data
    template_id = asked["template"]
    page = queries.list_sent_messages(
        request.actor,
        channel=Channel(asked["channel"]) if asked["channel"] else None,
        stage=Stage(asked["stage"]) if asked["stage"] else None,
        template_id=template_id,
        sender_id=asked["sender"],
        first_on=asked["first_on"],
        last_on=asked["last_on"],
        words=asked["words"],
        place=request.GET.get("place"),
    )
    title = queries.get_template_title(request.actor, template_id) if template_id else ""
    context = {
        "form": form,
        "page": page,
        "rows": [(line, *_shown(line.status)) for line in page.rows],
        "template_title": title,
        "is_narrowed": any(asked[name] for name in asked if name != "words"),
    }
    return render(request, "notify/messages.html", context)


def _asked(given: QueryDict) -> dict[str, str]:
    """What the address says, without what the form does not know."""
    dates = [
        f"{day}_{part}" for day in ("first_on", "last_on") for part in ("day", "month", "year")
    ]
    return {name: given.get(name, "") for name in [*SearchForm.base_fields, *dates]}


def _shown(status: str) -> tuple[str, str]:
    """A status in words, and the colour of its tag."""
    return str(STATUSES[status]), COLOURS[stage_of(status)]


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it knows no further arguments
def one(request: Request, message_id: UUID) -> HttpResponse:
    found = queries.get_history(request.actor, message_id)
    status, colour = _shown(found.status)
    context = {
        "message": found,
        "status": status,
        "colour": colour,
        "cost": write_price(found.cost.hundredths) if found.cost.is_ready else "",
        "steps": [(each, STEPS[each.kind], _by(each.by)) for each in found.steps],
    }
    return render(request, "notify/message.html", context)


def _by(name: str) -> str:
    """Who did it: an actor in words, or a supplier or an address as it stands."""
    kind, colon, rest = name.partition(":")
    known = ACTORS.get(kind)
    return str(known) % {"name": rest} if colon and known else name


@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # it knows no further arguments
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "frame-ancestors": [SELF],
        "form-action": [NONE],
        "base-uri": [NONE],
        "sandbox": [],
    }
)
def email_html(request: Request, message_id: UUID) -> HttpResponse:
    """The HTML for the frame on the message's page; it can do nothing but be looked at."""
    return HttpResponse(queries.get_email_shown(request.actor, message_id).html)


@require_safe
def letter(request: Request, message_id: UUID) -> HttpResponse:
    paper = queries.get_sent_letter(request.actor, message_id)
    return HttpResponse(paper.pdf, content_type="application/pdf")


@require_POST
def send_again(request: Request, message_id: UUID) -> HttpResponse:
    sent = operations.send_again(request.actor, message_id)
    if sent.status == records.Status.CREATED:
        messages.success(request, _("It is sent again."))
    return redirect("notify:message", message_id)
