"""How long the messages of a sender are kept."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.forms.figures import RetentionForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, sender_id: UUID) -> HttpResponse:
    request.actor.require(SET_DIALS)
    sender = queries.get_sender_line(request.actor, sender_id)
    form = RetentionForm(typed(request), initial={"days": sender.retention_days})
    form.fields["days"].help_text = _(
        "Then their words, addresses and attachments are wiped. "
        "Leave it empty for the organisation’s own number, which is %(days)d."
    ) % {"days": sender.usual_days}
    if form.is_bound and form.is_valid():
        operations.set_retention(request.actor, sender_id, days=form.cleaned_data["days"])
        messages.success(request, _("It is saved."))
        return redirect("notify:sender_figures", sender_id)
    context = {
        "title": _("How long messages of %(sender)s are kept") % {"sender": sender.name},
        "button_text": _("Save"),
        "back_url": reverse("notify:sender_figures", args=[sender_id]),
    }
    return ask(request, form, "machinery/form.html", **context)
