"""/accounts/: allauth's pages, each noting in the audit what happened on it."""

from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from townhall.capabilities.identity import operations, queries, sessions

WRONG_ANSWER = 422


class _Refusing:
    """Answers what cannot be accepted with 422, as our own pages do."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view
        if response.status_code == 200:
            response.status_code = WRONG_ANSWER
        return response


class RequestCode(_Refusing, account.RequestLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for an email address and sends it a code, or word that nothing is held under it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        ways = queries.list_staff_sign_ins(_recorder(self.request, None))
        return {**super().get_context_data(**kwargs), "staff_ways": ways}


class ConfirmCode(_Refusing, account.ConfirmLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for the code, whether one was sent or not."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        person = self._process.user
        _note_failure(self.request, person.id if person else None)
        return super().form_invalid(form)


class Authenticate(_Refusing, second_factor.AuthenticateView):  # type: ignore[misc]  # no types
    """Asks for a second factor, in the middle of signing in."""

    def _build_forms(self) -> BaseForm:
        """The form of codes only, whatever was sent; allauth's own would look for security keys."""
        sent = self.request.POST if self.request.method == "POST" else None
        form: BaseForm = self.get_form_class()(user=self.stage.login.user, data=sent)
        self.auth_form, self.webauthn_form = form, None
        return form

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = self.stage.login.user.id
        if not sessions.is_first_use(person_id, form.cleaned_data["code"]):
            return self.form_invalid(_with_wrong_code(form))
        response: HttpResponse = super().form_valid(form)
        operations.record_second_factor(_recorder(self.request, person_id), person_id)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        _note_failure(self.request, self.stage.login.user.id)
        return super().form_invalid(form)


class Reauthenticate(_Refusing, second_factor.ReauthenticateView):  # type: ignore[misc]  # no types
    """Asks someone who is signed in for their second factor."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = self.request.user.id
        if not sessions.is_first_use(person_id, form.cleaned_data["code"]):
            return self.form_invalid(_with_wrong_code(form))
        response: HttpResponse = super().form_valid(form)
        self.request.session.cycle_key()
        operations.record_second_factor(_recorder(self.request, person_id), person_id)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        _note_failure(self.request, self.request.user.id)
        return super().form_invalid(form)


class ActivateTotp(_Refusing, totp.ActivateTOTPView):  # type: ignore[misc]  # no types
    """Sets up an app that shows one-time codes; this session has then passed a second factor."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person = self.request.user
        response: HttpResponse = super().form_valid(form)
        sessions.is_first_use(person.id, form.cleaned_data["code"])
        sessions.pass_second_factor(self.request, person, kind=Authenticator.Type.TOTP)
        operations.record_new_second_factor(_recorder(self.request, person.id), person.id)
        return response

    def get_success_url(self) -> str:
        url = super().get_success_url()
        go_on = get_next_redirect_url(self.request)
        return str(add_query_params(url, {"next": go_on}) if go_on else url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        go_on = get_next_redirect_url(self.request) or ""
        return {**super().get_context_data(**kwargs), "next_url": go_on}


class DeactivateTotp(_Refusing, totp.DeactivateTOTPView):  # type: ignore[misc]  # no types
    """Takes the app away again."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = self.request.user.id
        response: HttpResponse = super().form_valid(form)
        operations.record_removed_second_factor(_recorder(self.request, person_id), person_id)
        return response


class RecoveryCodes(recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]  # no types
    """Shows the codes to keep for the day the phone is lost, then leads on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        go_on = get_next_redirect_url(self.request) or resolve_url("mfa_index")
        return {**super().get_context_data(**kwargs), "next_url": go_on}


class NewRecoveryCodes(_Refusing, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]  # no types
    """Makes new recovery codes, and the old ones worthless."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = self.request.user.id
        response: HttpResponse = super().form_valid(form)
        operations.record_new_recovery_codes(_recorder(self.request, person_id), person_id)
        return response


_recorder = sessions.recorder


def _note_failure(request: HttpRequest, person_id: UUID | None) -> None:
    operations.record_failed_code(_recorder(request, person_id), person_id)


def _with_wrong_code(form: BaseForm) -> BaseForm:
    form.add_error("code", get_adapter().error_messages["incorrect_code"])
    return form
