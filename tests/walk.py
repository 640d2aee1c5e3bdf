"""Asking for a page as someone, and looking at everything that came of it."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver

from tests.doors.door import Door
from tests.marks import Town, Who, bearer, undone
from townhall.machinery.models import AuditEntry

CSP = "Content-Security-Policy"
REFUSALS = {401, 403, 404, 405}
Words = Mapping[str, Any]  # Any: strings, and lists of them


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whose marks stood in it, and what the audit says of it."""

    response: HttpResponse
    marks: frozenset[str]  # but not those that were sent, nor the asker's own
    noted: tuple[AuditEntry, ...]

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return str(self.response.get("Location", ""))

    @property
    def is_refusal(self) -> bool:
        """A no, or a way to sign in."""
        leads = self.status == 302 and self.location.startswith("/accounts/")
        return leads or self.status in REFUSALS

    @property
    def writes(self) -> list[str]:
        return [each.action for each in self.noted if each.kind == AuditEntry.WRITE]

    @property
    def concerned(self) -> set[UUID]:
        """The persons whom the audit of this request names."""
        return {person for each in self.noted for person in each.concerns}

    @property
    def stays_private(self) -> bool:
        kept = self.response.get("Cache-Control", "")
        return "no-store" in kept or "private" in kept


class World:
    """Asks through all of the middleware, without the slower parts of Django's own client."""

    def __init__(self, a: Town, b: Town) -> None:
        self.a, self.b = a, b
        marks = a.all_marks | b.all_marks
        self.marks = [(each, each.lower(), each.lower().encode(), marks[each]) for each in marks]
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.faults: list[BaseException | None] = []
        got_request_exception.connect(self._note_fault)
        self.last_entry = AuditEntry.objects.latest("id").id

    def ask(
        self,
        who: Who,
        path: str,
        method: str = "GET",
        sent: Any = None,  # Any: what Django's RequestFactory takes
        *,
        forged: bool = False,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # Any: as above
    ) -> Answer:
        """Ask once; nothing of it lasts. No answer to anybody may be a fault of ours."""
        request = RequestFactory().generic(
            method,
            path,
            **_body(method, sent),
            headers={**_headers(who, path), **(headers or {})},
            **more,
        )
        request._dont_enforce_csrf_checks = not forged  # type: ignore[attr-defined]  # as its client
        self.faults.clear()
        with undone():
            response: HttpResponse = _whole(self.handler.get_response(request))
            noted = () if self.faults else self._noted()
        asked = (who.name, method, path, sent)
        assert response.status_code < 500, (asked, response.status_code, self.faults)
        assert not wrong_headers(response), (asked, wrong_headers(response))
        return Answer(response, self._marks_in(response, who, f"{path} {sent}"), noted)

    def _note_fault(self, **_fault: object) -> None:
        self.faults.append(sys.exc_info()[1])

    def _noted(self) -> tuple[AuditEntry, ...]:
        """What the audit has now and had not before."""
        noted = tuple(AuditEntry.objects.filter(id__gt=self.last_entry).order_by("id"))
        if noted:
            self.last_entry = noted[-1].id
        return noted

    def _marks_in(self, response: HttpResponse, who: Who, sent: str) -> frozenset[str]:
        body, said = response.content.lower(), unquote(sent).lower()
        return frozenset(
            mark
            for mark, spoken, written, person_id in self.marks
            if written in body
            and spoken not in said
            and (person_id is None or person_id != who.person_id)
        )


def _whole(response: Any) -> Any:  # Any: one of Django's two kinds of response
    """What is sent line by line is read while what it reads of is there."""
    if not response.streaming:
        return response
    content = b"".join(response.streaming_content)
    return HttpResponse(content, status=response.status_code, headers=response.headers)


def _headers(who: Who, path: str) -> dict[str, str]:
    headers = {"host": who.host}
    if who.session:
        headers["cookie"] = f"session={who.session}"
    if who.pay_key and path.startswith("/v1/"):
        headers["Authorization"] = f"Bearer {who.pay_key}"
    elif who.key:
        headers["Authorization"] = bearer(who.key)
    return headers


def _body(method: str, sent: Any) -> dict[str, Any]:  # Any: as in `ask`
    """A form as a browser sends it; or the text of something else."""
    if isinstance(sent, str | bytes):
        return {"data": sent, "content_type": "application/json"}
    if method != "POST":
        return {}
    return {"data": encode_multipart(BOUNDARY, sent or {}), "content_type": MULTIPART_CONTENT}


def wrong_headers(response: HttpResponse) -> list[str]:
    """What is missing from the headers that every answer has."""
    policy = response.get(CSP, "")
    none = "default-src 'none'" in policy
    strict = none and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    # What is shown in a frame of ours has its own styles, and can do nothing at all.
    inert = none and "sandbox" in policy.split("; ") and "script-src" not in policy
    wrong = [] if strict or inert else [f"{CSP}: {policy}"]
    return wrong + ([] if response.get("X-Content-Type-Options") == "nosniff" else ["sniffed"])


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address there is, as its patterns spell it."""
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, here)
        else:
            yield here


def filled(words: Words | None, town: Town) -> dict[str, Any]:  # Any: strings or lists of them
    """Answers to a form, with the names of the town's things in braces put in."""
    return {
        name: [each.format(**town.things) for each in value]
        if isinstance(value, list)
        else value.format(**town.things)
        for name, value in (words or {}).items()
    }


def complain_if_told(here: str, answer: Answer) -> Iterator[str]:
    if not answer.is_refusal:
        yield f"{here} is let in"
    if answer.marks:
        yield f"{here} reads {sorted(answer.marks)}"
    if answer.writes:
        yield f"{here} has done {answer.writes}"


def complain_if_unaccounted(here: str, door: Door, town: Town, answer: Answer) -> Iterator[str]:
    """What says something of others is in the audit, and no cache keeps it; nothing is done."""
    if answer.writes:
        yield f"{here} has done {answer.writes}"
    about = {town.all_marks[mark] for mark in answer.marks} - {None}
    if door.by_address:
        if not answer.marks <= town.references.keys():
            yield f"{here} reads {sorted(answer.marks)}"
        return
    if not about <= answer.concerned:
        yield f"{here} reads {sorted(answer.marks)} and the audit does not know"
    if about and not answer.stays_private:
        yield f"{here} may be cached: {answer.response.get('Cache-Control', '')}"
