"""/accounts/sign-in/: the ways in, each attempt noted in the audit."""

from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as second_factor
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from townhall.capabilities.identity import forms, operations, queries, sessions
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.pages.asking import WRONG_ANSWER, ask, show_refusal, typed
from townhall.capabilities.identity.records import Method
from townhall.machinery.http import Request


class Refusing:
    """Answers what cannot be accepted with 422, as our own pages do."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view
        if response.status_code == 200:
            response.status_code = WRONG_ANSWER
        return response


class RequestCode(Refusing, account.RequestLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for an email address and sends it a code, whether anyone is known by it or not."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        sessions.SignInCode.begin(self.request, form.cleaned_data["email"])
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        ways = queries.list_staff_sign_ins(sessions.recorder(self.request, None))
        return {
            **super().get_context_data(**kwargs),
            "passkey_form": forms.SignInWithPasskey(),
            "staff_ways": ways,
        }


@method_decorator(login_stage_required(sessions.OF_CODE, "account_login"), name="dispatch")
class ConfirmCode(Refusing, account.ConfirmLoginCodeView):  # type: ignore[misc]  # no types
    """Asks for the code."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]  # of the decorator
        self._process = sessions.SignInCode.resume(self.stage)
        if self._process is None:
            return redirect("account_login")
        if self._process.is_proved:
            return redirect("account_name")
        return FormView.dispatch(self, request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        process = self._process
        if process is not None and self._action == "verify" and not process.count_try():
            return self.form_invalid(self.get_form())
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        note_failure(self.request, getattr(self.stage.login.user, "id", None))
        return super().form_invalid(form)


@login_stage_required(sessions.OF_CODE, "account_login")  # type: ignore[untyped-decorator]  # allauth's
@require_http_methods(["GET", "HEAD", "POST"])
def open_account(request: Request) -> HttpResponse:
    """Asks someone new, whose code was right, for their name."""
    process = sessions.SignInCode.resume(request._login_stage)  # type: ignore[attr-defined]  # of the decorator
    if process is None or not process.is_proved:
        return redirect("account_login")
    form = forms.OpenAccount(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            return process.open_account(
                name=form.cleaned_data["name"], language=(get_language() or "en")[:2]
            )
        except BadAnswer as refusal:
            show_refusal(form, refusal, field="name")
    return ask(request, form, "account/name.html", email=process.email)


class SignInWithPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]  # no types
    """GET by the script: what to ask the device. POST: what it answered."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = perform_passwordless_login(self.request, passkey, login)
        return answer

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        note_failure(self.request, None)
        shown = {"passkey_form": form, "form": forms.RequestCode()}
        context = {**self.get_context_data(form=form), **shown}
        template = "account/request_login_code.html"
        return render(self.request, template, context, status=WRONG_ANSWER)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """Signs in whoever has set a password."""
    go_on = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(go_on or "/")
    form = forms.EnterPassword(typed(request))
    if request.method == "POST" and form.is_valid():
        answer = sessions.enter_with_password(request, **form.cleaned_data, go_on=go_on)
        if answer is not None:
            return answer
        form.add_error("password", _("The email address or the password is not right"))
    return ask(request, form, "account/password.html", go_on=go_on or "")


class Authenticate(Refusing, second_factor.AuthenticateView):  # type: ignore[misc]  # no types
    """Asks for a second factor, in the middle of signing in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sessions.count_second_factor(request, self._person_id)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if not is_new(self._person_id, form):
            return self.form_invalid(form)
        sessions.forget_second_factors(self.request, self._person_id)
        response: HttpResponse = super().form_valid(form)
        operations.record_second_factor(recorder(self.request, self._person_id), self._person_id)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        note_failure(self.request, self._person_id)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: what templates take
        elsewhere = sessions.has_passkeys_only_elsewhere(self.request, self.stage.login.user)
        context = {"lost_url": reverse("account_lost"), "passkeys_are_elsewhere": elsewhere}
        return {**super().get_context_data(**kwargs), **context}

    @property
    def _person_id(self) -> UUID:
        person_id: UUID = self.stage.login.user.id
        return person_id


@login_stage_required(sessions.OF_SECOND_FACTOR, "account_login")  # type: ignore[untyped-decorator]  # allauth's
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: Request) -> HttpResponse:
    """For whoever has lost their second factor and has no recovery code left."""
    stage = request._login_stage  # type: ignore[attr-defined]  # of the decorator
    person_id = stage.login.user.id
    if sessions.method_of(request, stage.login.user) is not Method.CODE:  # they read the email
        return render(request, "account/lost.html", {"needs_code": True})
    actor = recorder(request, None)  # they have shown half of who they are
    recovery = queries.find_recovery(actor, person_id)
    if request.method == "POST" and recovery is not None and recovery.is_due:
        operations.finish_recovery(actor, person_id)
        answer: HttpResponse = stage.exit()
        return answer
    if request.method == "POST":
        operations.ask_for_recovery(actor, person_id)
        return redirect("account_lost")
    context = {"recovery": recovery, "is_staff": queries.is_staff(actor, person_id)}
    return render(request, "account/lost.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop_recovery(request: Request, recovery_id: UUID) -> HttpResponse:
    """The link of the email that says that somebody waits to be let in."""
    actor = recorder(request, None)
    recovery = queries.get_recovery(actor, recovery_id)
    if request.method == "POST":
        operations.stop_recovery(actor, recovery)
    context = {"is_stopped": request.method == "POST"}
    return render(request, "account/stop_recovery.html", context)


recorder = sessions.recorder


def note_failure(request: HttpRequest, person_id: UUID | None) -> None:
    """By nobody, unless they are signed in: that it was they is what could not be shown."""
    who = person_id if request.user.is_authenticated else None
    operations.record_failed_code(recorder(request, who), person_id)


def is_new(person_id: UUID, form: BaseForm) -> bool:
    """Whether a one-time code is used for the first time; says so beside it if not."""
    code = form.cleaned_data.get("code")
    if code is None or sessions.is_first_use(person_id, code):
        return True
    form.add_error("code", get_adapter().error_messages["incorrect_code"])
    return False
