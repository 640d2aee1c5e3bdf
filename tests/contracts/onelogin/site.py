"""A service that signs people in with govuk-onelogin-django as it is: `python site.py PORT`.

It runs in a virtual environment of its own. What it is told comes from the environment, as
`townhall onelogin_client_fixtures` prints it.
"""

import base64
import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

key = Path(os.environ["ONELOGIN_PRIVATE_KEY_FILE"])
settings.configure(
    SECRET_KEY="of a service that is thrown away",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "govuk_onelogin_django",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SITE_DATABASE"]}
    },
    AUTHENTICATION_BACKENDS=["govuk_onelogin_django.backends.OneLoginBackend"],
    LOGIN_URL="one_login:login",
    LOGIN_REDIRECT_URL="/",
    USE_TZ=True,
    GOV_UK_ONE_LOGIN_CLIENT_ID=os.environ["GOV_UK_ONE_LOGIN_CLIENT_ID"],
    GOV_UK_ONE_LOGIN_CLIENT_SECRET=base64.b64encode(key.read_bytes()).decode(),
    GOV_UK_ONE_LOGIN_OPENID_CONFIG_URL=os.environ["GOV_UK_ONE_LOGIN_OPENID_CONFIG_URL"],
    GOV_UK_ONE_LOGIN_SCOPE=os.environ["GOV_UK_ONE_LOGIN_SCOPE"],
    GOV_UK_ONE_LOGIN_AUTHENTICATION_LEVEL="Cl.Cm",
    GOV_UK_ONE_LOGIN_CONFIDENCE_LEVEL=os.environ["GOV_UK_ONE_LOGIN_CONFIDENCE_LEVEL"],
)
django.setup()


def home(request: HttpRequest) -> JsonResponse:
    user = request.user
    return JsonResponse({"name": user.get_username(), "email": getattr(user, "email", "")})


urlpatterns = [path("", home), path("one-login/", include("govuk_onelogin_django.urls"))]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    port = int(sys.argv[1])
    make_server("localhost", port, get_wsgi_application(), server_class=Server).serve_forever()
