"""What allauth asks of us: how someone is signed in, whose its mails are, how secrets are kept."""

from base64 import urlsafe_b64encode
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import models, operations, records, sessions
from townhall.machinery.http import Request

WRONG_CODE = _("The code is not right. Check it and enter it again")
TOO_MANY = _("You have tried too many times. Wait a few minutes, then try again")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in by a code sent to an email address; there are no passwords and no sign-up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: models.Person) -> None:
        sessions.sign_in(request, user.id, method=records.Method.CODE)

    def logout(self, request: HttpRequest) -> None:
        person = cast(models.Person, request.user)
        sessions.end_openid_session(request)
        operations.record_sign_out(sessions.recorder(request, person.id), person.id)
        super().logout(request)

    def add_message(  # noqa: PLR0917  # allauth passes these by place
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say only what the pages do not say themselves."""
        if message:
            super().add_message(request, level, message=message)

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Every mail names its organisation, for whoever carries it and whoever reads it."""
        organisation = cast(Request, current.request).organisation
        named = {"X-Townhall-Organisation": str(organisation.id)}
        return cast(
            EmailMessage,
            super().render_mail(
                template_prefix,
                email,
                {**context, "organisation": organisation},
                headers={**(headers or {}), **named},
            ),
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """One-time codes of an app on the phone, their secrets encrypted in the database."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_issuer(self) -> str:
        return cast(Request, current.request).organisation.name.en

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Encrypts with the installation's secret key; still reads what earlier keys have encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(_derive(key))) for key in keys])


def _derive(key: str | bytes) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"townhall.identity.totp")
    return kdf.derive(force_bytes(key))
