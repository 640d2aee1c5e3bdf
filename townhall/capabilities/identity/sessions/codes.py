"""The code that is sent to an email address, whether anybody has an account with it or not."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.errors import TooManyTries
from townhall.capabilities.identity.sessions.limits import count_code_try, count_codes
from townhall.capabilities.identity.sessions.signing_in import recorder

OF_CODE: str = LoginByCodeStage.key


class SignInCode(LoginCodeVerificationProcess):  # type: ignore[misc]  # allauth has no types
    """allauth's, but whoever reads the email of an unknown address may make an account with it.

    So a known and an unknown address are the same work, and nobody learns which it was.
    """

    @classmethod
    def begin(cls, request: HttpRequest, email: str) -> None:
        """Send a code, to be entered in this session. Raises TooManyTries."""
        person = models.Person.objects.filter(email=email).first()
        count_codes(request, email, person.id if person else None)
        login = Login(user=person, email=email)
        login.state["stages"] = {"current": OF_CODE}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=person, email=email), initiated_by_user=True)
        process = cls(stage)
        process.send()
        process.persist()

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "SignInCode | None":
        return cast(SignInCode | None, cls(stage).abort_if_invalid())

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @property
    def is_proved(self) -> bool:
        """The code was right, and what is missing is a name to make an account with."""
        return bool(self.state.get("is_proved"))

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:  # allauth's
        code = self.generate_code()
        get_adapter().send_mail("account/email/login_code", email, {"code": code})

    def count_try(self) -> bool:
        """Whether the code may be tried; if not, none are left, whatever the session says."""
        try:
            count_code_try(self.request, f"{self.email} {self.state['at']}")
        except TooManyTries:
            self.state["failed_attempts"] = self.max_attempts
            return False
        return True

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is not None and self.user.email != self.email:
            self.abort()  # the address is no longer theirs
            return redirect("account_login")
        if self.user is not None:
            return cast(HttpResponse, super().finish(redirect_url))
        self.state["is_proved"] = True
        self.state["go_on"] = redirect_url
        self.persist()
        return redirect("account_name")

    def open_account(self, *, name: str, language: str) -> HttpResponse:
        """Make an account with the address that was proved, and sign in. Raises BadAnswer."""
        opened = operations.open_account(
            recorder(self.request, None), email=self.email, name=name, language=language
        )
        self._user = models.Person.objects.get(id=opened.id)
        return cast(HttpResponse, super().finish(self.state["go_on"]))
