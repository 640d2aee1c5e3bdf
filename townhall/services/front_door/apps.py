from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    name = "townhall.services.front_door"
