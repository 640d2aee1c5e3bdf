"""Settings of this installation, from the environment. docs/reference/settings.md is made of it.

Every setting that an operator may give is read by `given`, with a sentence that says what it does.
"""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from townhall.installation.suppliers import (
    CARRIERS,
    PRINTERS,
    TEXTERS,
    evidence_providers,
    processors,
    sandbox_processor,
    staff_sign_ins,
    suppliers,
)
from townhall.machinery.database.address import databases
from townhall.machinery.given import given, secret

VAR = Path(
    given("TOWNHALL_VAR", "var", "The folder for data that is kept: files, secrets, the database.")
).absolute()
DEMO = (
    given(
        "TOWNHALL_DEMO", "0", "1 makes the demo town, with its panel, its people and their doors."
    )
    == "1"
)
SECRET_KEY = given(
    "TOWNHALL_SECRET_KEY",
    "",
    "Signs sessions and links; made once under TOWNHALL_VAR if not given.",
) or secret(VAR, "secret_key")
DEBUG = False
ALLOWED_HOSTS = given(
    "TOWNHALL_HOSTS",
    "localhost,127.0.0.1",
    "Host names answered to, with commas between; a leading dot takes every name below.",
).split(",")
BASE_URL = given(
    "TOWNHALL_URL",
    "",
    "Where suppliers reach us if not where residents do, and the start of links in emails of an "
    "organisation without host names (http://127.0.0.1:8000).",
)
HTTPS = (
    given(
        "TOWNHALL_HTTPS",
        "0",
        "1 behind a proxy that speaks HTTPS and sets X-Forwarded-Proto: cookies need HTTPS then.",
    )
    == "1"
)
PROXIES = given(
    "TOWNHALL_PROXIES",
    "1" if HTTPS else "0",
    "How many proxies stand before it and add to X-Forwarded-For: 1 with TOWNHALL_HTTPS, else 0. "
    "Too few, and all residents count as one; too many, and anybody forges where they come from.",
)

ROOT_URLCONF = "townhall.installation.urls"
WSGI_APPLICATION = "townhall.installation.wsgi.application"
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "townhall.machinery.apps.MachineryConfig",
    "townhall.capabilities.bookings.apps.BookingsConfig",
    "townhall.capabilities.cases.apps.CasesConfig",
    "townhall.capabilities.forms.apps.FormsConfig",
    "townhall.capabilities.governance.apps.GovernanceConfig",
    "townhall.capabilities.identity.apps.IdentityConfig",
    "townhall.capabilities.notify.apps.NotifyConfig",
    "townhall.capabilities.pay.apps.PayConfig",
    "townhall.capabilities.places.apps.PlacesConfig",
    "townhall.services.account.apps.AccountConfig",
    "townhall.services.administration.apps.AdministrationConfig",
    "townhall.services.bulky_waste.apps.BulkyWasteConfig",
    "townhall.services.front_door.apps.FrontDoorConfig",
    "townhall.services.payments.apps.PaymentsConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
if DEMO:
    INSTALLED_APPS.append("townhall.services.demo.apps.DemoConfig")

PROGRAM_FAULTS = {  # by where their addresses begin
    "/v2/": "townhall.capabilities.notify.api.wire.fault",
    "/v1/": "townhall.capabilities.pay.api.wire.fault",
    **dict.fromkeys(
        (
            "/.well-known/openid-configuration",
            "/.well-known/jwks.json",
            "/.well-known/did.json",
            "/trustmark",
            "/token",
            "/userinfo",
        ),
        "townhall.capabilities.identity.api.callers.fault",
    ),
}
MIDDLEWARE = [
    "townhall.machinery.http.Programs",
    "townhall.machinery.http.Observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "townhall.machinery.http.ActorMiddleware",
    "townhall.machinery.http.RefusalPages",
    "allauth.account.middleware.AccountMiddleware",
]
ACTORS = "townhall.capabilities.identity.sessions.who_asks"
ORGANISATION = "townhall.capabilities.identity.sessions.organisation_for"
ORGANISATIONS = "townhall.capabilities.identity.sessions.every_organisation"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "townhall.machinery.http.for_layout",
            ],
            "string_if_invalid": "",
        },
    }
]
if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("townhall.services.demo.pages.for_panel")  # type: ignore[index]  # a dict of mixed values
FORM_RENDERER = "townhall.machinery.pages.forms.Renderer"

DATABASES = databases(VAR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "machinery_cache",
        # Counts of tries are in it: Django's 300 would forget them as soon as there are many.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = ["townhall.capabilities.identity.sessions.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
BREACHES = given(
    "TOWNHALL_BREACHES",
    "https://api.pwnedpasswords.com/range/",
    "Who is asked, by the first five characters of its hash, whether a new password is in a known "
    "breach; nobody if empty.",
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = int(PROXIES)
ACCOUNT_ADAPTER = "townhall.capabilities.identity.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "townhall.capabilities.identity.forms.RequestCode",
    "confirm_login_code": "townhall.capabilities.identity.forms.ConfirmCode",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code itself proves the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {  # the keys are of identity's sessions.limits
    "request_login_code": "300/m/ip,3/m/key,10/h/key",  # an office may have one address
    "known_login_code": "3/m/key,10/h/key",
    "code_tries": "3/15m/key",
    "password": "300/m/ip,10/h/key",
    "known_password": "10/h/key",
    "second_factor": "5/5m/key",
    "copy": "5/h/key",  # of all that is held about somebody
    "login_failed": "",  # allauth's own, which a stranger could use up
}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_ADAPTER = "townhall.capabilities.identity.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "townhall.capabilities.identity.forms.Authenticate",
    "authenticate_webauthn": "townhall.capabilities.identity.forms.AuthenticateWithPasskey",
    "login_webauthn": "townhall.capabilities.identity.forms.SignInWithPasskey",
    "activate_totp": "townhall.capabilities.identity.forms.ActivateTotp",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # what makes a passkey two factors
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 90 * 24 * 60 * 60  # the most that the dial trusted_days can be
MFA_TRUST_COOKIE_SECURE = HTTPS
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds, either way

SESSION_ENGINE = "townhall.capabilities.identity.sessions.store"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "townhall.machinery.static.HashedStaticFiles"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
CLAMD = given(
    "TOWNHALL_CLAMD",
    "",
    "The virus scanner's socket (/var/run/clamav/clamd.ctl) or host:port; none if not given.",
)

EMAIL_BACKEND = "townhall.capabilities.notify.mail.NotifyBackend"
SMTP = given(
    "TOWNHALL_SMTP",
    "",
    "The mail servers, with spaces between, the preferred one first: "
    "smtp://user:password@host:587 (STARTTLS), smtps://host:465, or smtp://host:25.",
)
SES = given(
    "TOWNHALL_SES",
    "",
    "Amazon SES, after any mail servers: "
    "ses://KEY:SECRET@eu-west-2?configuration=NAME&topic=arn:aws:sns:eu-west-2:ACCOUNT:NAME.",
)
BOUNCES = given(
    "TOWNHALL_BOUNCES",
    "",
    "The address that mail servers report to (bounces@example.gov.uk), if reports reach Townhall.",
)
SENDER = given("TOWNHALL_SENDER", "noreply@localhost", "The address that emails come from.")
DEFAULT_FROM_EMAIL = SENDER
TEXTS = given(
    "TOWNHALL_TEXTS",
    "",
    "The accounts that texts are sent with, the preferred one first: "
    "twilio://account:token@+441632960000, firetext://key@Barset.",
)
TEXT_NUMBERS = given(
    "TOWNHALL_TEXT_NUMBERS",
    "",
    "Whose texts that people send to a number are, needed where there are several organisations: "
    "447700900500=newtown,60006=oldtown.",
)
LETTERS = given(
    "TOWNHALL_LETTERS",
    "",
    "Where letters are printed, the preferred one first: a folder that printers take them from, "
    "sftp://user@host/folder?key=/its/key&known_hosts=/its/known_hosts, or print-here for staff.",
)
PAY = given(
    "TOWNHALL_PAY",
    "",
    "What payments are made with, the preferred one first: "
    "stripe://key:webhook-secret@api.stripe.com, bank://20-00-00/55779911?name=Newtown+Council; "
    "the sandbox, where no money moves, if not given.",
)
PROVING = given(
    "TOWNHALL_PROVING",
    "sandbox counter" if DEMO else "counter",
    "Who looks into evidence of who people are, the preferred one first: counter (your staff) and "
    "sandbox (made-up people only, for trying it out: anybody can be one of them).",
)
STAFF_SIGN_IN = given(
    "TOWNHALL_STAFF_SIGN_IN",
    "",
    "Organisations' own sign-ins (Entra ID, Google, Keycloak) that staff may come through, with "
    "spaces between: https://client:secret@issuer?domains=newtown.example&claim=groups&"
    "name=Newtown&organisation=newtown.",
)
PROVIDERS = {
    "identity.evidence": evidence_providers(PROVING, demo=DEMO),
    "identity.staff": staff_sign_ins(STAFF_SIGN_IN),
    "pay": processors(PAY, secret=SECRET_KEY),
    "pay.sandbox": sandbox_processor(SECRET_KEY),
    "notify": suppliers(
        f"{SMTP} {SES}", CARRIERS, sandbox="SandboxCarrier", sender=SENDER, bounces=BOUNCES
    ),
    "notify.texts": suppliers(TEXTS, TEXTERS, sandbox="SandboxTexter"),
    "notify.letters": suppliers(LETTERS, PRINTERS, sandbox="SandboxPrinter"),
    "places": ("townhall.capabilities.places.providers.own_list.OwnList", {}),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "townhall.machinery.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "townhall": {
            "level": given(
                "TOWNHALL_LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR."
            )
        },
        "django.request": {"level": "CRITICAL"},  # our Observe logs each request once,
        "django.security": {"level": "CRITICAL"},  # and without what stands in its address
    },
}
METRICS_TOKEN = given(
    "TOWNHALL_METRICS_TOKEN",
    "",
    "A bearer token for /metrics; without it only this machine may read them.",
)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR / "metrics"))
