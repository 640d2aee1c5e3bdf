"""Asking for a page as someone, and looking at everything that came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver

from tests.world import Town, Who, undone
from townhall.machinery.models import AuditEntry

CSP = "Content-Security-Policy"
REFUSALS = {401, 403, 404, 405}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whose marks stood in it, and what the audit says of it."""

    response: HttpResponse
    marks: frozenset[str]  # not those that were sent, nor the asker's own
    written: tuple[AuditEntry, ...]

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
        return [each.action for each in self.written if each.kind == AuditEntry.WRITE]


@dataclass(slots=True)
class World:
    a: Town
    b: Town
    client: Client

    def ask(
        self,
        who: Who,
        path: str,
        *,
        method: str = "GET",
        sent: Any = None,  # Any: what Django's client takes
        **more: Any,  # Any: as above
    ) -> Answer:
        """Ask once; nothing of it lasts. No answer to anybody may be a fault of ours."""
        self.client.cookies = SimpleCookie({"session": who.session} if who.session else {})
        headers = {"host": who.host, **({"Authorization": who.bearer} if who.bearer else {})}
        headers |= more.pop("headers", {})
        with undone():
            last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
            send = getattr(self.client, method.lower())
            response: HttpResponse = send(path, sent, headers=headers, **more)
            fault = getattr(response, "exc_info", None)
            assert response.status_code < 500, (who.name, method, path, sent, fault)
            written = tuple(AuditEntry.objects.filter(id__gt=last))
        assert not unsafe(response), (who.name, method, path, unsafe(response))
        marks = self._marks_in(response, who, f"{path} {sent}")
        return Answer(response, marks, written)

    def _marks_in(self, response: HttpResponse, who: Who, sent: str) -> frozenset[str]:
        body, said = response.content.lower(), unquote(sent).lower()
        known = {**self.a.all_marks, **self.b.all_marks}
        return frozenset(
            mark
            for mark, person_id in known.items()
            if mark.lower().encode() in body
            and mark.lower() not in said
            and (person_id is None or person_id != who.person_id)
        )


def unsafe(response: HttpResponse) -> list[str]:
    """What is wrong with the headers of any answer."""
    policy = response.get(CSP, "")
    wrong = []
    if "default-src 'none'" not in policy or "unsafe-" in policy:
        wrong.append(f"{CSP}: {policy}")
    if response.get("X-Content-Type-Options") != "nosniff":
        wrong.append("X-Content-Type-Options")
    if response.get("X-Frame-Options") != "DENY":
        wrong.append("X-Frame-Options")
    return wrong


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address there is, as its patterns spell it."""
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, here)
        else:
            yield here


def concerned(answer: Answer) -> set[UUID]:
    """The persons whom the audit of this request names."""
    return {person for each in answer.written for person in each.concerns}


def filled(words: Mapping[str, Any], town: Town) -> dict[str, Any]:  # Any: strings or lists of them
    """Answers to a form, with the names of the town's things in braces put in."""
    return {
        name: [each.format(**town.things) for each in value]
        if isinstance(value, list)
        else value.format(**town.things)
        for name, value in words.items()
    }
