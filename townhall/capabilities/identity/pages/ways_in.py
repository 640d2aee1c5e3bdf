"""/accounts/: how one signs in, and changes of it, for whoever has lately proved who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.base import views as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, queries, sessions
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.pages.asking import ask, show_refusal, typed
from townhall.capabilities.identity.pages.sign_in import Refusing, is_new, note_failure, recorder
from townhall.machinery.http import Request

View = Callable[..., HttpResponse]


def proved_lately(view: View) -> View:
    """Lead elsewhere first whoever has not; they come back."""

    @login_required
    @wraps(view)
    def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = sessions.page_to_prove_again(request, sessions.person_of(request))
        if page:
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse(page)}?{back}")
        return view(request, *args, **kwargs)

    return ask_first


@never_cache
@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    person_id = _person_id(request)
    actor = recorder(request, person_id)
    context = {
        "ways": queries.get_ways_in(actor, person_id),
        "recovery": queries.find_recovery(actor, person_id),
    }
    return render(request, "identity/ways_in.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Request) -> HttpResponse:
    """Signing in again proves anew who somebody is who has no second factor."""
    go_on = get_next_redirect_url(request) or reverse("mfa_index")
    if request.method == "POST":
        sessions.sign_out_and_come_back(request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': go_on})}")
    return render(request, "identity/again.html", {"go_on": go_on})


class Reauthenticate(Refusing, second_factor.ReauthenticateView):  # type: ignore[misc]  # no types
    """Asks someone who is signed in for their second factor."""

    def get_form_class(self) -> type[BaseForm]:
        by_passkey = "credential" in self.request.POST
        return forms.ReauthenticateWithPasskey if by_passkey else forms.Reauthenticate

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sessions.count_second_factor(request, _person_id(request))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = _person_id(self.request)
        if not is_new(person_id, form):
            return self.form_invalid(form)
        sessions.forget_second_factors(self.request, person_id)
        response: HttpResponse = super().form_valid(form)
        self.request.session.cycle_key()
        operations.record_second_factor(recorder(self.request, person_id), person_id)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        note_failure(self.request, _person_id(self.request))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        context = super().get_context_data(**kwargs)
        filled, user = context["form"], self.request.user
        by_code = isinstance(filled, forms.Reauthenticate)
        other = forms.ReauthenticateWithPasskey if by_code else forms.Reauthenticate
        empty = other(user=user)  # type: ignore[call-arg]  # of allauth's half
        context["form"], context["webauthn_form"] = (filled, empty) if by_code else (empty, filled)
        return {**context, "js_data": {"request_options": begin_authentication(user)}}


class _Proved:
    """A view of allauth's for whoever has lately proved who they are."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        view: View = super().dispatch  # type: ignore[misc]  # of the view
        return proved_lately(view)(request, *args, **kwargs)


class _GoingOn:
    """After the recovery codes, if there are new ones, leads to where somebody came from."""

    def get_success_url(self) -> str:
        url = super().get_success_url()  # type: ignore[misc]  # of the view
        go_on = get_next_redirect_url(self.request)  # type: ignore[attr-defined]  # of the view
        if go_on and url == reverse("mfa_index"):
            return str(go_on)
        return str(add_query_params(url, {"next": go_on}) if go_on else url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        go_on = get_next_redirect_url(self.request) or ""  # type: ignore[attr-defined]  # of the view
        return {**super().get_context_data(**kwargs), "next_url": go_on}  # type: ignore[misc]  # as above


class ActivateTotp(_Proved, _GoingOn, Refusing, totp.ActivateTOTPView):  # type: ignore[misc]  # no types
    """Sets up an app that shows one-time codes; this session has then passed a second factor."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person = self.request.user
        response: HttpResponse = super().form_valid(form)
        sessions.is_first_use(person.id, form.cleaned_data["code"])
        sessions.pass_second_factor(self.request, person, kind=Authenticator.Type.TOTP)
        operations.record_new_second_factor(recorder(self.request, person.id), person.id)
        return response


class DeactivateTotp(_Proved, Refusing, totp.DeactivateTOTPView):  # type: ignore[misc]  # no types
    """Takes the app away again."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = _person_id(self.request)
        response: HttpResponse = super().form_valid(form)
        operations.record_removed_second_factor(recorder(self.request, person_id), person_id)
        return response


class AddPasskey(_Proved, _GoingOn, Refusing, webauthn.AddWebAuthnView):  # type: ignore[misc]  # no types
    """Makes a passkey. The device has checked who holds it: a second factor is passed."""

    template_name = "identity/add_passkey.html"

    def get_form_class(self) -> type[BaseForm]:
        return forms.AddPasskey

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        context = super().get_context_data(**kwargs)
        context["form"] = kwargs.get("form") or context["form"]
        return {**context, "options": begin_registration(self.request.user, passwordless=True)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person = self.request.user
        response: HttpResponse = super().form_valid(form)
        sessions.pass_second_factor(self.request, person, kind=Authenticator.Type.WEBAUTHN)
        operations.record_new_passkey(recorder(self.request, person.id), person.id)
        return response


class RemovePasskey(_Proved, webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # no types
    template_name = "identity/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = _person_id(self.request)
        response: HttpResponse = super().form_valid(form)
        operations.record_removed_passkey(recorder(self.request, person_id), person_id)
        return response


class RecoveryCodes(_Proved, recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]  # no types
    """Shows the codes to keep for the day the phone is lost, then leads on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        go_on = get_next_redirect_url(self.request) or resolve_url("mfa_index")
        return {**super().get_context_data(**kwargs), "next_url": go_on}


class DownloadRecoveryCodes(_Proved, recovery_codes.DownloadRecoveryCodesView):  # type: ignore[misc]  # no types
    """The same as a file."""


class NewRecoveryCodes(_Proved, Refusing, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]  # no types
    """Makes new recovery codes, and the old ones worthless."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person_id = _person_id(self.request)
        response: HttpResponse = super().form_valid(form)
        operations.record_new_recovery_codes(recorder(self.request, person_id), person_id)
        return response


@sensitive_post_parameters("password")
@never_cache
@proved_lately
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: Request) -> HttpResponse:
    """Sets a password, or another; every other session ends with the old one."""
    form = forms.ChoosePassword(typed(request))
    person_id = _person_id(request)
    if request.method == "POST" and form.is_valid():
        try:
            operations.choose_password(recorder(request, person_id), person_id, **form.cleaned_data)
        except BadAnswer as refusal:
            show_refusal(form, refusal)
        else:
            return _keep_signed_in(request)
    return ask(
        request, form, "identity/choose_password.html", email=sessions.person_of(request).email
    )


@proved_lately
@require_http_methods(["GET", "HEAD", "POST"])
def remove_password(request: Request) -> HttpResponse:
    if request.method == "POST":
        person_id = _person_id(request)
        operations.remove_password(recorder(request, person_id), person_id)
        return _keep_signed_in(request)
    return render(request, "identity/remove_password.html")


def _keep_signed_in(request: Request) -> HttpResponse:
    """Only sessions with the old password end, and this one goes on under a new key."""
    person = sessions.person_of(request)
    person.refresh_from_db(fields=["password"])
    update_session_auth_hash(request, person)
    return redirect("mfa_index")


def _person_id(request: HttpRequest) -> UUID:
    return sessions.person_of(request).id
