"""Records that hold personal data: the doors write an audit row whenever one is handed out."""

from collections.abc import Iterator
from uuid import UUID


class Personal:
    """Mark a record as someone's data. It has a `person_id`, or says in `persons` whose it is."""

    __slots__ = ()

    @property
    def persons(self) -> frozenset[UUID]:
        person_id: UUID | None = getattr(self, "person_id", None)
        return frozenset() if person_id is None else frozenset({person_id})


def personal_parts(result: object) -> Iterator[Personal]:
    """The personal records in what a door returns: itself, or the rows of a list or page."""
    if isinstance(result, Personal):
        yield result
    elif isinstance(result, list | tuple):
        yield from (each for each in result if isinstance(each, Personal))
    elif (rows := getattr(result, "rows", None)) is not None:
        yield from personal_parts(rows)
