"""The GOV.UK components a template uses: `{% load govuk %}`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from townhall.machinery.money import Money
from townhall.machinery.pages import writing
from townhall.machinery.pages.components import Component

register = template.Library()

TAG_COLOURS = (
    *("blue", "green", "grey", "magenta", "orange"),
    *("pink", "purple", "red", "teal", "turquoise", "yellow"),
)
BUTTONS = {
    "primary": "",
    "secondary": " govuk-button--secondary",
    "warning": " govuk-button--warning",
    "start": " govuk-button--start",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A line of the error summary, and the id of the input it links to."""

    text: str
    target: str = ""


@register.simple_tag
def field(field: BoundField, *, heading: bool = False) -> SafeString:
    """A field of any form with its label, hint and error; `heading=True` makes its label the h1."""
    if field.is_hidden:
        return field.as_widget()
    it = Component(field, heading=heading)
    html = field.form.renderer.render(f"machinery/fields/{it.template}.html", {"it": it})
    return SafeString(html)


@register.inclusion_tag("machinery/components/error_summary.html")
def error_summary(*forms: BaseForm | str | None) -> dict[str, list[Problem]]:
    """What is wrong with these forms, each line a link to its input; nothing when all is well."""
    return {
        "problems": [
            each for form in forms if isinstance(form, BaseForm) for each in _problems(form)
        ]
    }


def _problems(form: BaseForm) -> Iterator[Problem]:
    for name, errors in form.errors.items():
        target = Component(form[name], heading=False).first_id if name in form.fields else ""
        for text in errors:
            yield Problem(text=str(text), target=target)


@register.inclusion_tag("machinery/components/button.html")
def button(
    text: str,
    *,
    variant: str = "primary",
    href: str = "",
    name: str = "",
    value: str = "",
    element_id: str = "",
) -> dict[str, object]:
    """A button that submits once, or with `href` a link that looks like one.

    `variant` is primary, secondary, warning or start.
    """
    return {
        "text": text,
        "classes": BUTTONS[variant],
        "start": variant == "start",
        "href": href,
        "name": name,
        "value": value,
        "element_id": element_id,
    }


@register.simple_tag
def tag(text: str, colour: str = "blue") -> SafeString:
    """A status in a coloured box; the colour alone never says anything."""
    if colour not in TAG_COLOURS:
        raise template.TemplateSyntaxError(f"No tag is {colour}: {', '.join(TAG_COLOURS)}")
    extra = "" if colour == "blue" else f" govuk-tag--{colour}"
    return format_html('<strong class="govuk-tag{}">{}</strong>', extra, text)


@register.inclusion_tag("machinery/components/pagination.html", takes_context=True)
def pagination(context: Context, page: object) -> dict[str, object]:
    """Links to the next page of a keyset list and back to the first.

    `page` has `next_place`, which goes into the address as `?place=` beside what is there already,
    or has `next_url` and `previous_url` of its own.
    """
    request = context.get("request")
    next_url = getattr(page, "next_url", "") or ""
    previous_url = getattr(page, "previous_url", "") or ""
    if isinstance(request, HttpRequest):
        if place := getattr(page, "next_place", None):
            next_url = _here_with(request, place)
        if "place" in request.GET and not previous_url:
            previous_url = _here_with(request, None)
    back_to = _("Previous page") if getattr(page, "previous_url", "") else _("First page")
    return {"next_url": next_url, "previous_url": previous_url, "previous_text": back_to}


def _here_with(request: HttpRequest, place: str | None) -> str:
    asked = request.GET.copy()
    asked.pop("place", None)
    if place:
        asked["place"] = place
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


@register.inclusion_tag("machinery/components/summary_row.html")
def summary_row(key: str, value: object, change_url: str = "") -> dict[str, object]:
    """One row of a `<dl class="govuk-summary-list">`, with a link to change it."""
    return {"key": key, "value": value, "change_url": change_url}


@register.filter
def money(value: Money | None) -> str:
    """£12.34, or £12 for a whole sum; nothing for none."""
    return writing.write_money(value) if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """Monday 23 November 2026."""
    return writing.write_weekday(value) if value else ""


@register.filter
def day(value: date | None) -> str:
    """23 November 2026."""
    return writing.write_date(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """23 Nov 2026, for tables."""
    return writing.write_short_date(value) if value else ""


@register.filter
def clock(value: datetime | time | None) -> str:
    """10:30am."""
    return writing.write_time(value) if value is not None else ""


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """23 November 2026 at 10:30am, in a `<time>` for machines."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), writing.write_moment(value)
    )
