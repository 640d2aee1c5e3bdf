"""/accounts/: allauth's pages, each noting in the audit what happened on it."""

from typing import Any, cast
from uuid import UUID

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from townhall.capabilities.identity import operations, sessions
from townhall.machinery.errors import TooMany

WRONG_ANSWER = 422
Anything = Any  # allauth has no types


class _Refusing:
    """Answers what cannot be accepted with 422, as our own pages do."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view
        if response.status_code == 200:
            response.status_code = WRONG_ANSWER
        return response


class RequestCode(_Refusing, account.RequestLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for an email address and sends a code to it, or word that nobody has it."""


class ConfirmCode(_Refusing, account.ConfirmLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for the code."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        person = self._process.user
        _note_failure(self.request, person.id if person else None)
        return super().form_invalid(form)
