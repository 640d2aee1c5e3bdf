"""Outside suppliers, chosen per installation in the PROVIDERS setting."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def chosen(capability: str) -> Any:  # Any: each capability casts it to its own Protocol
    """Return the installation's provider for a capability, built from its settings.

    PROVIDERS = {"pay": ("townhall.capabilities.pay.providers.sandbox.Sandbox", {"secret": "..."})}

    A list of them there gives a tuple here, the preferred one first.
    """
    named: Any = settings.PROVIDERS[capability]  # one of them, or a list
    return tuple(map(_build, named)) if isinstance(named, list) else _build(named)


def _build(named: tuple[str, dict[str, Any]]) -> Any:  # Any: as above
    path, options = named
    return import_string(path)(**options)
