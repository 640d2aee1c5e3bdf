"""A wording as it will look, with the placeholders still in it."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from townhall.capabilities.notify.records import Channel, Personalisation, Sheet
from townhall.capabilities.notify.rendering.letters import write_letter_body, write_pdf
from townhall.capabilities.notify.rendering.markdown import ON_PAGE, write_html
from townhall.capabilities.notify.rendering.placeholders import fill_body, fill_subject
from townhall.capabilities.notify.rendering.texts import count_fragments, write_sms
from townhall.machinery.wording import LANGUAGES, Wording

ADDRESS = tuple(f"((address line {number}))" for number in range(1, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    language: str
    subject: str  # "" of a text
    html: SafeString  # for a page of ours; what is in it has been escaped
    texts: int  # that a text is charged as; 0 of other messages


def preview(channel: Channel, subject: Wording, body: Wording) -> list[Preview]:
    """How the message reads in each language that it has words in."""
    return [
        preview_filled(
            channel, language, subject.in_language(language), body.in_language(language), {}
        )
        for language in LANGUAGES
        if getattr(body, language)
    ]


def preview_filled(
    channel: Channel, language: str, subject: str, body: str, values: Personalisation
) -> Preview:
    """How one message reads."""
    write = _preview_text if channel == Channel.SMS else _preview_markdown
    return write(language, subject, body, values)


def preview_letter(
    subject: Wording,
    body: Wording,
    *,
    contact_block: str,
    language: str,
    written_on: date,
    address: tuple[str, ...] = ADDRESS,
    values: Personalisation = MappingProxyType({}),
) -> bytes:
    """The letter as a PDF. Raises NotALetter."""
    sheet = Sheet(
        address=address,
        contact_block=contact_block,
        written_on=written_on,
        subject=fill_subject(subject.in_language(language), values),
        body=write_letter_body(body.in_language(language), values),
        language=language,
    )
    return write_pdf(sheet)


def _preview_markdown(language: str, subject: str, body: str, values: Personalisation) -> Preview:
    html = mark_safe(write_html(fill_body(body, values), ON_PAGE))  # noqa: S308  # write_html escapes
    return Preview(language=language, subject=fill_subject(subject, values), html=html, texts=0)


def _preview_text(language: str, _subject: str, body: str, values: Personalisation) -> Preview:
    words = write_sms(body, values)
    html = format_html('<p class="govuk-body town-break">{}</p>', linebreaksbr(words))
    return Preview(language=language, subject="", html=html, texts=count_fragments(words))
