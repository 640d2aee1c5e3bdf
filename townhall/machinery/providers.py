"""Outside suppliers, chosen per installation in the PROVIDERS setting."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def chosen(capability: str) -> Any:  # Any: each capability casts it to its own Protocol
    """Return the installation's provider for a capability, built from its settings.

    PROVIDERS = {"pay": ("townhall.capabilities.pay.providers.sandbox.Sandbox", {"secret": "..."})}
    """
    path, options = settings.PROVIDERS[capability]
    return import_string(path)(**options)
