"""Django's view of this capability."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "townhall.capabilities.forms"
