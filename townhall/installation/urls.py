"""Every address of this installation. The first segment names the folder that answers."""

from importlib.util import find_spec

from django.urls import include, path
from django.views.i18n import set_language

from townhall.machinery import health, metrics, theme

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics.page),
    path("theme.css", theme.stylesheet, name="theme"),
    path("language/", set_language, name="set_language"),
]
