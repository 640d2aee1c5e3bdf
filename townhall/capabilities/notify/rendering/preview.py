"""A wording as people would see it, with the placeholders still in it."""

from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape
from django.utils.safestring import SafeString

from townhall.capabilities.notify.errors import NotALetter
from townhall.capabilities.notify.records import Channel, Personalisation, Sheet
from townhall.capabilities.notify.rendering.highlight import mark, show
from townhall.capabilities.notify.rendering.letters import write_pdf, write_pictures
from townhall.capabilities.notify.rendering.markdown import ON_PAGE, write_html
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    missing_from,
)
from townhall.capabilities.notify.rendering.texts import (
    LONGEST_SMS,
    begin_with,
    count_fragments,
    write_sms,
)
from townhall.machinery.wording import LANGUAGES, Wording

ADDRESS = tuple(f"((address line {number}))" for number in range(1, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    language: str
    subject: SafeString  # "" of a text
    html: SafeString  # for a page of ours; what is in it has been escaped
    characters: int = 0  # of a text
    texts: int = 0  # that a text is charged as
    is_too_long: bool = False  # for a text
    is_guess: bool = False  # of how long a text is: there are placeholders in it
    pages: tuple[str, ...] = ()  # of a letter: each as the address of a picture
    fault: str = ""  # why a letter has no pages


def preview(
    channel: Channel,
    subject: Wording,
    body: Wording,
    *,
    contact_block: str,
    written_on: date,
    prefix: str,
) -> list[Preview]:
    """How the message reads in each language that it has words in.

    `contact_block` and `written_on` are of letters only, `prefix` of texts.
    """
    return [
        _preview_text(language, body.in_language(language), {}, prefix)
        if channel == Channel.SMS
        else _preview_letter(language, subject, body, contact_block, written_on)
        if channel == Channel.LETTER
        else _preview_email(language, subject.in_language(language), body.in_language(language), {})
        for language in LANGUAGES
        if getattr(body, language)
    ]


def preview_filled(
    channel: Channel,
    language: str,
    subject: str,
    body: str,
    values: Personalisation,
    *,
    prefix: str,
) -> Preview:
    """How one message reads. Of a letter there are the words only: see `preview_letter`."""
    if channel == Channel.SMS:
        return _preview_text(language, body, values, prefix)
    return _preview_email(language, subject, body, values)


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
    sheet = _sheet(subject, body, contact_block, language, written_on, values=values)
    return write_pdf(replace(sheet, address=address))


def _preview_text(language: str, body: str, values: Personalisation, prefix: str) -> Preview:
    words = write_sms(body, values)
    whole = begin_with(prefix, words)
    return Preview(
        language=language,
        subject=SafeString(""),
        html=show(linebreaksbr(escape(mark(whole)))),
        characters=len(words),
        texts=count_fragments(whole),
        is_too_long=len(words) > LONGEST_SMS,
        is_guess=bool(missing_from(values, body)),
    )


def _preview_email(language: str, subject: str, body: str, values: Personalisation) -> Preview:
    return Preview(
        language=language,
        subject=show(escape(mark(fill_subject(subject, values)))),
        html=show(write_html(mark(fill_body(body, values)), ON_PAGE)),
    )


def _preview_letter(
    language: str, subject: Wording, body: Wording, contact_block: str, written_on: date
) -> Preview:
    """Its words are there beside the pictures, for those who cannot see them."""
    texts = subject.in_language(language), body.in_language(language)
    words = _preview_email(language, *texts, {})
    sheet = _sheet(subject, body, contact_block, language, written_on)
    sheet = replace(sheet, body=mark(sheet.body))
    try:
        pictures, fault = write_pictures(sheet), ""
    except NotALetter as found:
        pictures, fault = (), str(found)
    pages = (f"data:image/png;base64,{b64encode(picture).decode()}" for picture in pictures)
    return Preview(
        language=language,
        subject=words.subject,
        html=words.html,
        pages=tuple(pages),
        fault=fault,
    )


def _sheet(
    subject: Wording,
    body: Wording,
    contact_block: str,
    language: str,
    written_on: date,
    *,
    values: Personalisation = MappingProxyType({}),
) -> Sheet:
    return Sheet(
        address=ADDRESS,
        contact_block=contact_block,
        written_on=written_on,
        subject=fill_subject(subject.in_language(language), values),
        body=fill_body(body.in_language(language), values),
        language=language,
    )
