from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MachineryConfig(AppConfig):
    name = "townhall.machinery"
    label = "machinery"

    def ready(self) -> None:
        # so that tasks, handlers, journeys and the demo's parts register themselves
        autodiscover_modules("queue", "operations", "handlers", "journeys", "inspections")
