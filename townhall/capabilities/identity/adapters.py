"""What allauth asks of us: how someone is signed in, whose its mails are, how secrets are kept."""

from base64 import urlsafe_b64encode
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity import models, operations, sessions
from townhall.machinery.http import Request

WRONG_CODE = _("The code is not right. Check it and enter it again")
TOO_MANY = _("You have tried too many times. Wait a few minutes, then try again")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Where allauth does as our pages do."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # allauth's own pages: an account is made with a code, where one signs in

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "townhall.capabilities.identity.sessions.stages.SecondFactor",
            "townhall.capabilities.identity.sessions.stages.Trust",
        ]

    def login(self, request: HttpRequest, user: models.Person) -> None:
        sessions.sign_in(request, user.id, method=sessions.method_of(request, user))

    def post_login(
        self, request: HttpRequest, user: models.Person, **how: Any
    ) -> HttpResponse:  # Any: allauth passes it on
        response: HttpResponse = super().post_login(request, user, **how)
        sessions.know_device(request, response, user.id)
        return response

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:  # Any: allauth's
        return False  # our pages ask themselves: `sessions.page_to_prove_again`

    def get_reauthentication_methods(self, user: models.Person) -> list[dict[str, Any]]:
        """Where somebody passes their second factor, if they have one."""
        if not is_mfa_enabled(user, models.SECOND_FACTORS):
            return []
        where = {"id": "mfa_reauthenticate", "url": reverse("mfa_reauthenticate")}
        return [{**where, "description": ""}]

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
    """Passkeys, and one-time codes of an app, their secrets encrypted in the database."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_issuer(self) -> str:
        return cast(Request, current.request).organisation.name.en

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey is good for one host name, and so for the organisation with its pages there."""
        host = split_domain_port(current.request.get_host())[0]
        return {"id": host, "name": self.get_totp_issuer()}

    def generate_authenticator_name(
        self,
        user: models.Person,
        type: Authenticator.Type,  # noqa: A002  # allauth's name
    ) -> str:
        number = Authenticator.objects.filter(user_id=user.id, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

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
