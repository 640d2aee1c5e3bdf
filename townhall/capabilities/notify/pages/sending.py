"""Sending one message: to whom, each placeholder, how it will read, and when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.errors import NoSuchTemplate, UnfitList
from townhall.capabilities.notify.forms.sending import AddressForm, ValueForm, WhenForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.columns import (
    ADDRESS_LINES,
    recipient_columns,
    value_columns,
)
from townhall.capabilities.notify.rendering.preview import (
    Preview,
    preview,
    preview_filled,
    preview_letter,
)
from townhall.machinery.errors import Invalid, TooMany
from townhall.machinery.http import Request

ANSWERS = "notify.one"  # in the session, while somebody goes from page to page


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_templates_to_send(request.actor, place=request.GET.get("place"))
    return render(request, "notify/send.html", {"page": page})


@require_safe
def choose(request: Request, template_id: UUID) -> HttpResponse:
    """To one person or to a list."""
    template = queries.get_template_to_send(request.actor, template_id)
    shown = preview(
        template.channel,
        template.subject,
        template.body,
        contact_block=template.contact_block,
        written_on=timezone.localdate(),
        prefix=template.prefix,
    )
    context = {"template": template, "channel": template.channel, "previews": shown[:1]}
    return render(request, "notify/send_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request, template_id: UUID, step: int) -> HttpResponse:
    """Step 0 asks to whom; each after that for one placeholder."""
    template = queries.get_template_to_send(request.actor, template_id)
    names = _names(template)
    answers = _answers(request, template)
    if step > len(names) or (step and not _is_to_known(answers)):
        return redirect("notify:send_one", template_id, 0)
    form = _form(request, template, step, answers)
    if form.is_bound and form.is_valid():
        if step == 0:
            answers |= _as_columns(template.channel, form.cleaned_data["to"])
        else:
            answers[names[step - 1]] = form.cleaned_data["value"]
        request.session[ANSWERS] = {"template": str(template.id), "answers": answers}
        if step < len(names):
            return redirect("notify:send_one", template_id, step + 1)
        return redirect("notify:check_one", template_id)
    context = {"title": template.title, "back_url": _back(template, step)}
    return ask(request, form, "machinery/form.html", **context)


def _form(
    request: Request, template: records.Template, step: int, answers: dict[str, str]
) -> AddressForm | ValueForm:
    if step == 0:
        lines = [answers.get(name, "") for name in recipient_columns(template.channel)]
        initial = {"to": "\n".join(filter(None, lines))}
        return AddressForm(typed(request), channel=template.channel, initial=initial)
    name = _names(template)[step - 1]
    return ValueForm(typed(request), name=name, initial={"value": answers.get(name, "")})


def _back(template: records.Template, step: int) -> str:
    if step == 0:
        return reverse("notify:send_template", args=[template.id])
    return reverse("notify:send_one", args=[template.id, step - 1])


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, template_id: UUID) -> HttpResponse:
    """The message as it will arrive, and when to send it."""
    template = queries.get_template_to_send(request.actor, template_id)
    answers = _answers(request, template)
    missing = [step for step, name in enumerate(_names(template), 1) if not answers.get(name)]
    if not _is_to_known(answers) or missing:
        return redirect("notify:send_one", template_id, missing[0] if _is_to_known(answers) else 0)
    form = WhenForm(typed(request))
    if form.is_bound and form.is_valid():
        starts_at = form.cleaned_data["starts_at"]
        try:
            operations.send_one(
                request.actor,
                template_id,
                values=answers,
                made_by=name_of(request),
                scheduled_for=starts_at,
            )
        except UnfitList as unfit:
            form.add_error(None, "; ".join(f"{each.column}: {each.words}" for each in unfit.faults))
        except (Invalid, TooMany) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, template_id, is_later=starts_at is not None)
    context = {
        "template": template,
        "to": _to(template.channel, answers).split("\n"),
        "previews": [fill(template, answers)],
        "back_url": reverse("notify:send_one", args=[template_id, len(_names(template))]),
    }
    return ask(request, form, "notify/send_check.html", **context)


def _done(request: Request, template_id: UUID, *, is_later: bool) -> HttpResponse:
    request.session.pop(ANSWERS, None)
    if is_later:
        messages.success(request, _("The message is scheduled."))
        return redirect("notify:scheduled")
    messages.success(request, _("The message is on its way."))
    return redirect("notify:send_template", template_id)


@require_safe
def letter(request: Request, template_id: UUID) -> HttpResponse:
    """The letter that is to be checked, as it will be printed."""
    template = queries.get_template_to_send(request.actor, template_id)
    answers = _answers(request, template)
    if template.channel != Channel.LETTER or not _is_to_known(answers):
        raise NoSuchTemplate(_("There is no letter to look at."))
    pdf = preview_letter(
        template.subject,
        template.body,
        contact_block=template.contact_block,
        language="en",
        written_on=timezone.localdate(),
        address=tuple(_to(template.channel, answers).split("\n")),
        values=answers,
    )
    return HttpResponse(pdf, content_type="application/pdf")


@require_safe
def scheduled(request: Request) -> HttpResponse:
    page = queries.list_scheduled_messages(request.actor, place=request.GET.get("place"))
    return render(request, "notify/scheduled.html", {"page": page})


@require_POST
def cancel(request: Request, message_id: UUID) -> HttpResponse:
    operations.cancel_message(request.actor, message_id)
    messages.success(request, _("The message is cancelled."))
    return redirect("notify:scheduled")


def name_of(request: Request) -> str:
    """Of whoever sends."""
    return str(request.user) if request.actor.person_id else request.actor.name


def fill(template: records.Template, values: records.Personalisation) -> Preview:
    """A message as someone gets it; staff send in English."""
    words = template.subject.en, template.body.en
    return preview_filled(template.channel, "en", *words, values, prefix=template.prefix)


def _names(template: records.Template) -> list[str]:
    return value_columns(template.channel, template.subject.en, template.body.en)


def _answers(request: Request, template: records.Template) -> dict[str, str]:
    """What was answered for this template, by column."""
    kept = request.session.get(ANSWERS, {})
    if kept.get("template") != str(template.id):
        return {}
    answers: dict[str, str] = kept["answers"]
    return answers


def _is_to_known(answers: dict[str, str]) -> bool:
    return bool(answers)


def _as_columns(channel: Channel, to: str) -> dict[str, str]:
    if channel != Channel.LETTER:
        return {recipient_columns(channel)[0]: to}
    lines = to.split("\n")
    return {
        name: lines[place] if place < len(lines) else ""
        for place, name in enumerate(ADDRESS_LINES[:-1])
    }


def _to(channel: Channel, answers: dict[str, str]) -> str:
    lines = [answers.get(name, "") for name in recipient_columns(channel)]
    return "\n".join(filter(None, lines))
