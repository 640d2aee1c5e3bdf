"""The organisation's own colour, as a stylesheet: the pages allow no inline styles."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from townhall.machinery.http import Request
from townhall.machinery.pages.colour import write_theme


@require_safe
@cache_control(max_age=60)
def stylesheet(request: HttpRequest) -> HttpResponse:
    """/theme.css"""
    colour = cast(Request, request).organisation.colour
    return HttpResponse(write_theme(colour), content_type="text/css")
