"""A wording as it will look, with the placeholders still in it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from townhall.capabilities.notify.rendering.markdown import ON_PAGE, write_html
from townhall.capabilities.notify.rendering.placeholders import fill_body, fill_subject
from townhall.machinery.wording import LANGUAGES, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    language: str
    subject: str
    html: SafeString  # for a page of ours; write_html has escaped what is in it


def preview(subject: Wording, body: Wording) -> list[Preview]:
    """How the message reads in each language that it has words in."""
    return [
        Preview(
            language=language,
            subject=fill_subject(subject.in_language(language), {}),
            html=mark_safe(write_html(fill_body(body.in_language(language), {}), ON_PAGE)),  # noqa: S308
        )
        for language in LANGUAGES
        if getattr(body, language)
    ]
