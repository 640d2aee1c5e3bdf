"""/identity/counter/ and /identity/signals/: staff prove who someone is who stands before them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, permissions, queries, records
from townhall.capabilities.identity.errors import NotYourself
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.proving_words import LEVELS
from townhall.capabilities.identity.records import Kind, ProvingState
from townhall.capabilities.identity.rules.evidence import SHOWN
from townhall.machinery.errors import Unavailable
from townhall.machinery.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: Request) -> HttpResponse:
    request.actor.require(permissions.PROVE_PEOPLE)
    form = forms.FindVisitor(typed(request))
    if request.method == "POST" and form.is_valid():
        found = queries.find_visitor(request.actor, form.cleaned_data["reference"])
        if found is not None:
            return redirect("identity:visitor", found.id)
        form.add_error("reference", _("Nobody is waiting with this reference. Check it with them"))
    title = _("Prove who someone is")
    return ask(request, form, "identity/proving/counter.html", title=title)


@require_http_methods(["GET", "HEAD", "POST"])
def visitor(request: Request, attempt_id: UUID) -> HttpResponse:
    """Which documents somebody has brought."""
    found = _visitor(request, attempt_id)
    form = forms.SeenDocuments(typed(request))
    if request.method == "POST" and form.is_valid():
        query = urlencode({"kind": form.cleaned_data["kinds"]}, doseq=True)
        return redirect(f"{reverse('identity:check_visitor', args=[found.id])}?{query}")
    return ask(
        request,
        form,
        "identity/proving/visitor.html",
        visitor=found,
        level=LEVELS[found.wanted],
        title=_("Which documents have they brought?"),
        back_url=reverse("identity:counter"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def check_visitor(request: Request, attempt_id: UUID) -> HttpResponse:
    """The checklist, for the documents in ?kind=passport&kind=..."""
    found = _visitor(request, attempt_id)
    brought = request.GET.getlist("kind")
    form = forms.CounterVisit(typed(request))
    form.ask_about([kind for kind in SHOWN if kind.value in brought])
    if request.method == "POST" and form.is_valid():
        try:
            ended = operations.check_at_counter(
                request.actor, found.id, seen=form.seen(), reason=form.cleaned_data["reason"]
            )
        except Unavailable as refusal:
            show_refusal(form, refusal)
        else:
            _say(request, ended)
            return redirect("identity:counter")
    title = _("Check documents and person")
    back = reverse("identity:visitor", args=[found.id])
    return ask(
        request, form, "identity/proving/visit.html", visitor=found, title=title, back_url=back
    )


@require_safe
def signals(request: Request) -> HttpResponse:
    page = queries.list_signals(request.actor, place=request.GET.get("place"))
    rows = [(each, forms.KINDS[each.document]) for each in page.rows]
    return render(request, "identity/proving/signals.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def signal(request: Request, signal_id: UUID) -> HttpResponse:
    found = queries.get_signal(request.actor, signal_id)
    form = forms.SettleSignal(typed(request))
    form.be_about(found)
    if request.method == "POST" and form.is_valid():
        ends = form.cleaned_data["decision"] == forms.END_PROOF
        settle = operations.end_disputed_proof if ends else operations.settle_signal
        settle(request.actor, found.id, note=form.cleaned_data["note"])
        return redirect("identity:signals")
    return ask(
        request,
        form,
        "identity/proving/signal.html",
        signal=found,
        document=forms.KINDS[Kind(found.document)],
        title=_("Signal of fraud"),
        back_url=reverse("identity:signals"),
    )


def _visitor(request: Request, attempt_id: UUID) -> records.Visitor:
    found = queries.get_visitor(request.actor, attempt_id)
    if found.person_id == request.actor.person_id:
        raise NotYourself("Staff cannot prove who they are themselves")
    return found


def _say(request: Request, ended: records.Attempt) -> None:
    if ended.state == ProvingState.PROVEN:
        says = _("They have proved who they are, to %(level)s. They get an email.")
        messages.success(request, says % {"level": LEVELS[ended.reached]})
    else:
        messages.info(request, _("They have not proved who they are. They get an email."))
