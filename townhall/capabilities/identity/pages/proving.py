"""/identity/prove/: someone proves who they are, one question a page."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, queries, records, sessions
from townhall.capabilities.identity.errors import BadEvidence
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.proving_words import (
    LEVELS,
    may_come,
    ways_in_words,
    where_next,
)
from townhall.capabilities.identity.records import Check, Kind, Level, ProvingState
from townhall.capabilities.identity.rules.limits import MOST_BYTES, is_local
from townhall.machinery.errors import Invalid, Unavailable
from townhall.machinery.http import Request
from townhall.machinery.pages.forms import Form

P = ParamSpec("P")
Page = Callable[Concatenate[Request, P], HttpResponse]


def _signed_in_surely(page: Page[P]) -> Page[P]:
    """Only for someone who is signed in and has passed a second factor."""

    @wraps(page)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        sessions.require_second_factor(request)
        return page(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def prove(request: Request) -> HttpResponse:
    """?level=P2&next=/where/to/go/ afterwards, whether it succeeded or not."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted, next_url = _level(asked), _next(asked)
    if request.method == "POST":
        return redirect(
            where_next(operations.begin_proving(request.actor, wanted=wanted, next_url=next_url))
        )
    proofs = queries.list_my_proofs(request.actor)
    offered = queries.what_is_offered(request.actor)
    context = {
        "wanted": wanted,
        "level": LEVELS[wanted],
        "next_url": next_url,
        "attempt": queries.find_my_attempt(request.actor),
        "proof": next((proof for proof in proofs if proof.level >= wanted), None),
        "is_online": wanted <= offered.best_online,
        "at_counter": Check.COUNTER in offered.checks,
        "is_sandbox": offered.is_sandbox,
    }
    return render(request, "identity/proving/start.html", context)


@require_safe
@_signed_in_surely
def go_on(request: Request) -> HttpResponse:
    """To the page where someone was."""
    attempt = queries.find_my_attempt(request.actor)
    return redirect(where_next(attempt) if attempt else reverse("identity:prove"))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def evidence(request: Request) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None or attempt.state != ProvingState.OPEN:
        return _elsewhere(attempt)
    offered = queries.what_is_offered(request.actor)
    if not offered.kinds:
        return redirect("identity:prove_in_person")
    form = forms.ChooseEvidence(typed(request), initial={"kinds": attempt.typed.kinds})
    form.offer(offered.kinds)
    if request.method == "POST" and form.is_valid():
        return _note(request, lambda had: replace(had, kinds=form.given()))
    return ask(
        request,
        form,
        "identity/proving/evidence.html",
        at_counter=Check.COUNTER in offered.checks,
        is_sandbox=offered.is_sandbox,
        title=_("What can you prove who you are with?"),
        back_url=_start(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def name(request: Request) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None or attempt.state != ProvingState.OPEN:
        return _elsewhere(attempt)
    claim = attempt.typed.claim
    initial = (
        {
            "given_names": claim.given_names,
            "family_name": claim.family_name,
            "birth_date": claim.birth_date,
        }
        if claim
        else {}
    )
    form = forms.Name(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        return _note(request, lambda had: replace(had, claim=form.given()))
    return _ask(request, form, _("Your name and date of birth"))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def document(request: Request, kind: str) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None or attempt.state != ProvingState.OPEN or kind not in attempt.typed.kinds:
        return _elsewhere(attempt)
    chosen = Kind(kind)
    known = attempt.typed.documents.get(chosen)
    initial = {"number": known.number, "expires_on": known.expires_on} if known else {}
    form = forms.DocumentDetails(typed(request), initial=initial)
    form.be_of(chosen)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        return _note(request, lambda had: replace(had, documents={**had.documents, chosen: given}))
    return _ask(request, form, str(forms.KINDS[chosen]))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def photo(request: Request, kind: str) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None or attempt.state != ProvingState.OPEN or kind not in attempt.typed.kinds:
        return _elsewhere(attempt)
    chosen = Kind(kind)
    form = forms.Photo(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["picture"]
        if given is None:
            return _note(request, lambda had: replace(had, photos={**had.photos, chosen: None}))
        try:
            kept = operations.keep_photo(
                request.actor,
                chosen,
                content=given.read(MOST_BYTES + 1),
                name=given.name,
            )
        except (Invalid, Unavailable) as refusal:
            show_refusal(form, refusal, field="picture")
        else:
            return redirect(where_next(kept))
    title = _("Photograph of your document")
    had = attempt.typed.photos.get(chosen) is not None
    context = {"title": title, "document": forms.KINDS[chosen], "had": had}
    return ask(request, form, "identity/proving/photo.html", back_url=_start(), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def address(request: Request) -> HttpResponse:
    return _address(request, 0, _("Where do you live?"))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def address_before(request: Request) -> HttpResponse:
    return _address(request, 1, _("Where did you live before?"))


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def check(request: Request) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    here = reverse("identity:prove_check")
    if attempt is None or where_next(attempt) != here:
        return _elsewhere(attempt)
    if request.method == "POST":
        operations.send_evidence(request.actor)
        return _look_into(request)
    given = attempt.typed
    documents = [
        {
            "kind": kind,
            "title": forms.KINDS[kind],
            "document": given.documents[kind],
            "has_photo": given.photos.get(kind) is not None,
            "asks_photo": kind in given.photos,
        }
        for kind in given.kinds
    ]
    places = [
        {"words": forms.words_of(each), "url": url}
        for each, url in zip(
            given.addresses,
            (reverse("identity:prove_address"), reverse("identity:prove_address_before")),
            strict=False,
        )
    ]
    context = {
        "attempt": attempt,
        "documents": documents,
        "places": places,
        "back_url": _start(),
    }
    return render(request, "identity/proving/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def waiting(request: Request) -> HttpResponse:
    """Where someone is whose evidence was not looked into in time."""
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None or attempt.state != ProvingState.CHECKING:
        return _elsewhere(attempt)
    if request.method == "POST":
        return _look_into(request)
    context = {"attempt": attempt, "may_come": may_come(attempt) and _has_counter(request)}
    return render(request, "identity/proving/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def question(request: Request, number: int) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    is_asked = attempt is not None and attempt.state == ProvingState.QUESTIONS
    if attempt is None or not is_asked or not 1 <= number <= len(attempt.questions):
        return _elsewhere(attempt)
    asked = attempt.questions[number - 1]
    form = forms.AnswerQuestion(
        typed(request), initial={"answer": attempt.typed.answers.get(asked.id)}
    )
    form.be_of(asked)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        noted = operations.answer_question(request.actor, question=asked.id, answer=answer)
        done = noted.state == ProvingState.CHECKING
        return _look_into(request) if done else redirect(where_next(noted))
    title = _("Question %(number)d of %(all)d") % {"number": number, "all": len(attempt.questions)}
    return ask(request, form, "identity/proving/question.html", title=title)


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def in_person(request: Request) -> HttpResponse:
    """What to bring, and the reference to bring it with."""
    attempt = queries.find_my_attempt(request.actor)
    if not _has_counter(request):
        return redirect("identity:prove")
    if request.method == "POST":
        wanted = attempt.wanted if attempt else _level(request.POST)
        next_url = attempt.next_url if attempt else _next(request.POST)
        operations.ask_for_counter(request.actor, wanted=wanted, next_url=next_url)
        return redirect("identity:prove_in_person")
    if attempt is not None and not may_come(attempt):
        return _elsewhere(attempt)
    context = {
        "attempt": attempt,
        "is_waiting": attempt is not None and attempt.state == ProvingState.COUNTER,
        "wanted": attempt.wanted if attempt else _level(request.GET),
        "next_url": attempt.next_url if attempt else _next(request.GET),
        "level": LEVELS[attempt.wanted] if attempt else "",
    }
    return render(request, "identity/proving/in_person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in_surely
def stop(request: Request) -> HttpResponse:
    attempt = queries.find_my_attempt(request.actor)
    if attempt is None:
        return _elsewhere(attempt)
    if request.method == "POST":
        stopped = operations.stop_proving(request.actor)
        return redirect(stopped.next_url or reverse("identity:proofs"))
    return render(request, "identity/proving/stop.html", {"attempt": attempt})


@require_safe
@_signed_in_surely
def result(request: Request, attempt_id: UUID) -> HttpResponse:
    """How an attempt ended; what else would do if it failed."""
    attempt = queries.get_my_attempt(request.actor, attempt_id)
    if attempt.state not in (ProvingState.PROVEN, ProvingState.FAILED):
        return redirect(where_next(attempt))
    context = {
        "attempt": attempt,
        "is_proven": attempt.state == ProvingState.PROVEN,
        "reached": LEVELS.get(attempt.reached, ""),
        "wanted": LEVELS[attempt.wanted],
        "proof": next(iter(queries.list_my_proofs(request.actor)), None),
        "ways": ways_in_words(attempt.ways),
        "at_counter": _has_counter(request),
    }
    return render(request, "identity/proving/result.html", context)


@require_safe
def sandbox_people(request: Request) -> HttpResponse:
    """The made-up people, and what becomes of them."""
    people = queries.list_sandbox_people(request.actor)
    rows = [
        {
            "person": each,
            "documents": [
                {"title": forms.KINDS[kind], "number": number, "expires_on": expires_on}
                for kind, number, expires_on in each.documents
            ],
        }
        for each in people
    ]
    return render(request, "identity/proving/people.html", {"rows": rows})


def _level(asked: QueryDict) -> Level:
    """P2 if nothing is said. Raises BadEvidence for what is no level that can be proved."""
    text = asked.get("level", "")
    if not text:
        return Level.P2
    if text not in (Level.P1, Level.P2, Level.P3):
        raise BadEvidence(_("There is no such level. Ask for P1, P2 or P3."))
    return Level(text)


def _next(asked: QueryDict) -> str:
    """Where they go afterwards. Raises BadEvidence for what leaves the site."""
    address: str = asked.get("next", "")
    if address and not is_local(address):
        raise BadEvidence(_("The address to go on to must be one of this site."))
    return address


def _has_counter(request: Request) -> bool:
    return Check.COUNTER in queries.what_is_offered(request.actor).checks


def _start() -> str:
    return reverse("identity:prove")


def _elsewhere(attempt: records.Attempt | None) -> HttpResponse:
    """To where they are; what they asked for is behind them, or before."""
    return redirect(where_next(attempt) if attempt else _start())


def _ask(request: Request, form: Form, title: str) -> HttpResponse:
    return ask(request, form, title=title, back_url=_start())


def _note(request: Request, change: operations.Change) -> HttpResponse:
    return redirect(where_next(operations.note_given(request.actor, change=change)))


def _address(request: Request, number: int, title: str) -> HttpResponse:
    """The present address, or the one before it."""
    attempt = queries.find_my_attempt(request.actor)
    is_open = attempt is not None and attempt.state == ProvingState.OPEN
    if attempt is None or not is_open or len(attempt.typed.addresses) < number:
        return _elsewhere(attempt)
    known = attempt.typed.addresses[number : number + 1]
    form = forms.Address(typed(request), initial=_as_typed(known[0]) if known else {})
    if request.method == "POST" and form.is_valid():
        given = form.given()
        return _note(
            request,
            lambda had: replace(
                had, addresses=(*had.addresses[:number], given, *had.addresses[number + 1 :])
            ),
        )
    return _ask(request, form, title)


def _as_typed(known: records.Address) -> dict[str, object]:
    return {
        "line": ", ".join(known.lines),
        "town": known.town,
        "postcode": known.postcode,
        "since": known.valid_from,
    }


def _look_into(request: Request) -> HttpResponse:
    try:
        attempt = operations.check_my_evidence(request.actor)
    except Unavailable:
        return redirect("identity:prove_waiting")
    return redirect(where_next(attempt))
