"""Log lines for machines: JSON, with ids only."""

from pythonjsonlogger.json import JsonFormatter

from townhall.machinery.failures import where_it_failed


class JsonLines(JsonFormatter):
    """One JSON object a line. Of an error: its kind and place, for a message may hold a name."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s %(message)s", timestamp="at")

    def formatException(self, exc_info: object) -> str:  # noqa: N802  # logging's own name
        error = exc_info[1] if isinstance(exc_info, tuple) else None
        return where_it_failed(error) if isinstance(error, BaseException) else ""

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  # logging's own name
        return ""
