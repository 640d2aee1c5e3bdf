"""The mounts that the installation makes, and those that the layout links to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from townhall.machinery import theme


def _elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("notify/sandbox/", include("townhall.capabilities.notify.urls.sandbox")),
    path("notify/", include("townhall.capabilities.notify.urls")),
    path("files/", include("townhall.capabilities.notify.urls.files")),
    path("v2/", include("townhall.capabilities.notify.urls.v2")),
    path("theme.css", theme.stylesheet, name="theme"),
    path("language/", set_language, name="set_language"),
    *(path(f"{name}/", _elsewhere, name=name) for name in ("accessibility", "privacy")),
    path("login/", _elsewhere, name="account_login"),
    path("logout/", _elsewhere, name="account_logout"),
]
