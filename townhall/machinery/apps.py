from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class MachineryConfig(AppConfig):
    name = "townhall.machinery"
    label = "machinery"

    def ready(self) -> None:
        # so that tasks, handlers, journeys and inspections register themselves
        autodiscover_modules("queue", "queries", "operations", "handlers", "journeys")
        autodiscover_modules("inspections")
        if settings.DEMO:
            autodiscover_modules("demo")
