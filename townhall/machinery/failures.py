"""How an error is remembered: where it was, never what it said."""

import traceback
from pathlib import Path


def where_it_failed(error: BaseException) -> str:
    """The kind and place of an error: its message may hold personal data, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "townhall" in frame.filename] or list(frames)
    place = f"{Path(ours[-1].filename).parent.name}/{Path(ours[-1].filename).name}" if ours else "?"
    line = ours[-1].lineno if ours else 0
    code = getattr(error, "code", "")
    kind = type(error).__name__
    if isinstance(code, str) and code:
        kind = f"{kind} {code}"
    return f"{kind} at {place}:{line}"[:200]
