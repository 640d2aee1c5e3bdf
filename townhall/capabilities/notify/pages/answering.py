"""Answering a text of the sandbox mailbox, as the person who got it. Anyone may."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from townhall.capabilities.notify import operations, permissions, queries
from townhall.capabilities.notify.errors import NoSuchNumber
from townhall.capabilities.notify.forms.programs import AnswerForm
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, message_id: int) -> HttpResponse:
    who = Actor("demo:mailbox", frozenset({permissions.SEE_SANDBOX}), request.organisation.id)
    found = queries.get_sandbox_message(who, message_id)
    if not queries.can_answer(who, found):
        raise NoSuchNumber
    form = AnswerForm(request.POST or None, initial={"reference": uuid4()})
    if request.method == "POST" and form.is_valid():
        operations.answer_sandbox_text(who, message_id, **form.cleaned_data)
        messages.success(request, _("Your answer is sent."))
        return redirect("notify_sandbox:mailbox")
    context = {"text": found, "form": form, "title": _("Answer as the person who got it")}
    status = 422 if form.is_bound else 200
    return render(request, "notify/answer.html", context, status=status)
