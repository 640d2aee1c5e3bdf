"""What every address of the OpenID provider asks of its callers, and answers to none."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, JsonResponse

from townhall.machinery.http import Request

View = Callable[[Request], HttpResponse]


def fault(words: str, status: int) -> HttpResponse:
    """An error in the shape of OAuth, for what reached none of its rules."""
    error = "temporarily_unavailable" if status >= 500 else "invalid_request"
    return JsonResponse({"error": error, "error_description": words}, status=status)


def named(view: View) -> View:
    """Programs must say what they are, as One Login has it."""

    @wraps(view)
    def asked(request: Request) -> HttpResponse:
        if not request.headers.get("User-Agent"):
            return fault("The User-Agent header is missing", 403)
        return view(request)

    return asked
