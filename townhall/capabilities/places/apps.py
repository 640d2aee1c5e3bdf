from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "townhall.capabilities.places"
