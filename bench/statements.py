"""The SQL of an act, as it went to PostgreSQL, made into a script for pgbench."""

import re
from collections.abc import Callable, Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

_UUID = re.compile(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b")
_REFERENCE = re.compile(r"\bBW-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_TOKEN = re.compile(r"(?<=['/])(?=[\w-]*[g-zG-Z_])[\w-]{32}(?=['/])")  # of a payment and a checkout
_RETURNED = re.compile(r'^INSERT INTO "(\w+)".*RETURNING "\1"."id"$', re.DOTALL)


def capture(act: Callable[[], object]) -> list[str]:
    """What an act sends, BEGIN and COMMIT included, once it has been done before."""
    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    return [each["sql"] for each in captured.captured_queries]


def script(act: Callable[[], object]) -> str:
    """The act's statements with new ids each time it is run.

    Ids that two acts share (of the town, of the slot) stay; others become random, the same one
    wherever it stands. An id that PostgreSQL gave out is read back, as the act does.
    """
    stays = _ids(capture(act))
    statements = capture(act)
    variables = {each: f"id{number}" for number, each in enumerate(_ids(statements) - stays)}
    lines = [
        f"\\set {name} random(100000000000000000, 999999999999999999)"
        for name in variables.values()
    ]
    lines.append("\\set reference random(100000000000, 999999999999)")
    tokens = {found for each in statements for found in _TOKEN.findall(each)}
    names = {each: f"token{number}" for number, each in enumerate(sorted(tokens))}
    lines += [
        f"\\set {name} random(100000000000000000, 999999999999999999)" for name in names.values()
    ]
    statements = [_TOKEN.sub(lambda found: f":{names[found[0]]}", each) for each in statements]
    return "\n".join(lines + _renamed(statements, variables)) + "\n"


def _ids(statements: Sequence[str]) -> set[str]:
    return {_plain(found) for each in statements for found in _UUID.findall(each)}


def _plain(written: str) -> str:
    return written.replace("-", "")


def _renamed(statements: Sequence[str], variables: dict[str, str]) -> list[str]:
    """Each statement with its end; pgbench fills in variables inside quotes too."""
    lines = []
    given_out: set[str] = set()
    for statement in statements:
        text = _UUID.sub(lambda found: _random(found[0], variables), statement)
        text = _REFERENCE.sub(":reference", text)
        for table in given_out:
            text = re.sub(rf'("{table}"\."id" = )\d+', rf"\1:{table}_id", text)
        returned = _RETURNED.match(statement)
        if returned and _is_asked_for(returned[1], statements):
            given_out.add(returned[1])
            lines.append(f"{text} \\gset {returned[1]}_")
        else:
            lines.append(f"{text.rstrip().rstrip(';')};")
    return lines


def _random(written: str, variables: dict[str, str]) -> str:
    name = variables.get(_plain(written))
    return f"00000000000040:{name}" if name else written


def _is_asked_for(table: str, statements: Sequence[str]) -> bool:
    return any(re.search(rf'"{table}"\."id" = \d', each) for each in statements)
