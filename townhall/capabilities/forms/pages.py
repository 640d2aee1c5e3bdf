"""The pages of every journey: start or go on, ask, check the answers and send them."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.forms import journeys, records
from townhall.capabilities.forms.errors import NoSuchJourney
from townhall.capabilities.forms.forms import PageForm, typed_again
from townhall.capabilities.forms.operations import (
    begin_draft,
    copy_draft,
    forget_draft,
    keep_answers,
    submit_draft,
)
from townhall.capabilities.forms.queries import (
    check_answers,
    find_draft,
    get_journey,
    list_known_answers,
    list_options,
    list_summary,
)
from townhall.machinery.errors import Refused
from townhall.machinery.http import Request

Options = Sequence[records.Option]


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request to a journey: who answers, what they have answered, what can be chosen."""

    request: Request
    journey: records.Journey
    secret: str  # "" if this browser has none
    draft: records.Draft | None
    seen: dict[tuple[str, str], Options] = field(default_factory=dict)

    @property
    def answers(self) -> records.Answers:
        return self.draft.answers if self.draft else records.Answers()

    @property
    def is_changing(self) -> bool:
        return "change" in self.request.GET

    def options_of(self, question: records.Question, answers: records.Answers) -> Options:
        """What can be chosen, asked of the service once for the same answers."""
        known = (question.name, str(answers.values))
        if known not in self.seen:
            asked = journeys.asked_for(self.journey, answers)
            actor, slug = self.request.actor, self.journey.slug
            self.seen[known] = list_options(actor, slug, question, answers=asked)
        return self.seen[known]

    def url(self, name: str, **about: str) -> str:
        return reverse(f"forms_{name}", kwargs={"journey": self.journey.slug, **about})

    def page_url(self, page: records.Page | None, *, changing: bool = False) -> str:
        """Where a page is asked; without one, where the answers are checked."""
        if page is None:
            return self.url("check")
        return self.url("page", page=page.slug) + ("?change=1" if changing else "")

    def show(self, template: str, *, status: int = 200, **context: object) -> HttpResponse:
        about = {
            "journey": self.journey,
            "service_name": self.journey.title,
            "service_url": self.journey.start_url,
            "again_url": self.url("again"),
        }
        return render(self.request, f"forms/{template}", {**about, **context}, status=status)


View = Callable[..., HttpResponse]  # a page: takes a Visit, and words from the address


def _visiting(view: View) -> View:
    @wraps(view)
    def take(request: Request, journey: str, **words: str) -> HttpResponse:
        known = get_journey(request.actor, journey)
        secret = _secret(request, journey)
        draft = find_draft(request.actor, journey, secret=secret) if secret else None
        return view(Visit(request=request, journey=known, secret=secret, draft=draft), **words)

    return never_cache(take)


@require_safe
@_visiting
def start(visit: Visit) -> HttpResponse:
    """Ask the first question; or, where there are answers already, whether to go on with them."""
    first = visit.journey.pages[0]
    if not visit.secret:
        return redirect(visit.page_url(first))
    return visit.show(
        "start.html",
        draft=visit.draft,
        first_url=visit.page_url(first),
        next_url=visit.page_url(journeys.first_unanswered(visit.journey, visit.answers)),
        back_url=visit.journey.start_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_visiting
def ask(visit: Visit, page: str) -> HttpResponse:
    """Ask the questions of one page, or take the answers."""
    asked = next((each for each in visit.journey.pages if each.slug == page), None)
    if asked is None:
        raise NoSuchJourney(_("There is no question of that name."))
    if elsewhere := _elsewhere(visit, asked):
        return redirect(elsewhere)
    if visit.request.method == "POST":
        return _take(visit, asked)
    if journeys.is_answered(asked, visit.answers):
        typed = typed_again(asked, visit.answers)
        return _show(visit, asked, PageForm(asked, _options(visit, asked), typed=typed))
    known = list_known_answers(visit.request.actor, visit.journey.slug)
    return _show(visit, asked, PageForm(asked, _options(visit, asked), known=known))


def _elsewhere(visit: Visit, asked: records.Page) -> str:
    """Where to go first; "" if it is this page's turn."""
    if visit.draft and visit.draft.result_url:
        return visit.draft.result_url
    posted = visit.request.POST.get("_draft", "")
    if posted and (visit.draft is None or posted != str(visit.draft.id)):
        return visit.url("start")  # the page is of answers that have been given up since
    pages = journeys.path(visit.journey, visit.answers)
    unanswered = journeys.first_unanswered(visit.journey, visit.answers)
    if asked in pages and not (unanswered and pages.index(asked) > pages.index(unanswered)):
        return ""
    if visit.secret and visit.draft is None:
        return visit.url("start")  # which says that the answers are not kept any more
    return visit.page_url(unanswered)


def _options(visit: Visit, asked: records.Page) -> dict[str, Options]:
    return {each.name: visit.options_of(each, visit.answers) for each in asked.questions}


def _take(visit: Visit, asked: records.Page) -> HttpResponse:
    form = PageForm(asked, _options(visit, asked), typed=visit.request.POST)
    if form.is_valid():
        given = records.Answers({**visit.answers.values, **form.cleaned_data})
        try:
            check_answers(visit.request.actor, visit.journey.slug, asked, answers=given)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _keep(visit, asked, given)
    return _show(visit, asked, form, status=422)


def _keep(visit: Visit, asked: records.Page, given: records.Answers) -> HttpResponse:
    names = {question.name for question in asked.questions}
    new = {name: given.values[name] for name in names}
    actor, slug = visit.request.actor, visit.journey.slug
    if visit.draft is None:
        secret = secrets.token_urlsafe(32)
        begin_draft(actor, slug, secret=secret, given=new)
        return _remember(redirect(_next_url(visit, asked, given)), slug, secret)
    dropped = journeys.outdated(visit.journey, visit.answers, given, asked, visit.options_of)
    keep_answers(actor, slug, secret=visit.secret, given=new, dropped=dropped)
    return redirect(_next_url(visit, asked, given.without(dropped)))


def _next_url(visit: Visit, asked: records.Page, answers: records.Answers) -> str:
    if not visit.is_changing:
        return visit.page_url(journeys.next_page(visit.journey, answers, asked))
    unfit = journeys.first_unfit(visit.journey, answers, visit.options_of, after=asked)
    return visit.page_url(unfit, changing=True)


def _show(visit: Visit, asked: records.Page, form: PageForm, *, status: int = 200) -> HttpResponse:
    before = journeys.previous_page(visit.journey, visit.answers, asked)
    before_url = visit.page_url(before) if before else visit.journey.start_url
    return visit.show(
        "page.html",
        status=status,
        page=asked,
        form=form,
        draft=visit.draft,
        back_url=visit.url("check") if visit.is_changing else before_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_visiting
def check(visit: Visit) -> HttpResponse:
    """Show all answers; when they are accepted, send them and go where the service says."""
    draft = visit.draft
    if draft is None:
        return redirect(visit.url("start"))
    if draft.result_url:
        return redirect(draft.result_url)
    if unfit := journeys.first_unfit(visit.journey, visit.answers, visit.options_of):
        return redirect(visit.page_url(unfit, changing=True))
    if visit.request.method == "POST":
        return _send(visit, draft)
    return _show_answers(visit, draft)


def _send(visit: Visit, draft: records.Draft) -> HttpResponse:
    if visit.request.POST.get("stamp") != draft.stamp:
        return redirect(visit.url("check"))  # changed in another window since they were shown
    actor, slug = visit.request.actor, visit.journey.slug
    try:
        sent = submit_draft(actor, slug, secret=visit.secret, stamp=draft.stamp)
    except Refused as refusal:
        return _show_answers(visit, draft, refusal)
    return redirect(sent.result_url)


def _show_answers(
    visit: Visit, draft: records.Draft, refusal: Refused | None = None
) -> HttpResponse:
    answers = journeys.asked_for(visit.journey, draft.answers)
    given = [
        (line, visit.page_url(page, changing=True))
        for page, line in journeys.lines(visit.journey, answers, visit.options_of)
    ]
    added = list_summary(visit.request.actor, visit.journey.slug, answers=answers)
    last = journeys.path(visit.journey, answers)[-1]
    return visit.show(
        "check.html",
        status=refusal.status if refusal else 200,
        problems=_problems(visit, refusal) if refusal else [],
        lines=[*given, *((line, "") for line in added)],
        stamp=draft.stamp,
        back_url=visit.page_url(last),
    )


def _problems(visit: Visit, refusal: Refused) -> list[tuple[str, str]]:
    """What was refused, each with the page where it can be answered otherwise."""
    named = getattr(refusal, "fields", {})
    found = [
        (named[question.name], visit.page_url(page, changing=True))
        for page in journeys.path(visit.journey, visit.answers)
        for question in page.questions
        if question.name in named
    ]
    return found or [(str(refusal), "")]


@require_POST
@_visiting
def begin_again(visit: Visit) -> HttpResponse:
    """Clear the answers; with `keep`, once they have been sent, begin again with the same ones."""
    actor, slug = visit.request.actor, visit.journey.slug
    if visit.draft and visit.draft.result_url and "keep" in visit.request.POST:
        secret = secrets.token_urlsafe(32)
        copy_draft(actor, slug, secret=visit.secret, new_secret=secret)
        return _remember(redirect(visit.url("check")), slug, secret)
    if visit.draft:
        forget_draft(actor, slug, secret=visit.secret)
    response = redirect(visit.page_url(visit.journey.pages[0]))
    response.delete_cookie(_cookie(slug), samesite="Lax")
    return response


def _cookie(slug: str) -> str:
    return f"journey-{slug}"


def _secret(request: Request, slug: str) -> str:
    return str(request.get_signed_cookie(_cookie(slug), default="", salt=slug))


def _remember(response: HttpResponse, slug: str, secret: str) -> HttpResponse:
    """Give the browser its secret. It goes when the browser is closed, whoever signs in or out."""
    response.set_signed_cookie(
        _cookie(slug),
        secret,
        salt=slug,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
