"""Build hook of hatchling: our wheel carries the built pages' files and the compiled Welsh."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before a wheel is packed; a checkout's own `make up` does it for itself."""
        if version == "editable":
            return
        root = Path(self.root)
        runpy.run_path(str(root / "assets" / "build.py"))["build"](root)
        build_data["artifacts"] += [
            "townhall/machinery/static/townhall/*",
            "townhall/locale/*/LC_MESSAGES/*.mo",
        ]
