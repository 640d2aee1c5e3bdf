from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "townhall.capabilities.pay"
    label = "pay"
