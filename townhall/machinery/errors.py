"""The ways an operation may refuse. Any other exception is a bug and answers 500."""

from collections.abc import Mapping


class Refused(Exception):
    """An anticipated "no". The message may be shown to the person who asked.

    Subclasses set `code`, which is part of the public API and never changes its meaning.
    """

    code = "refused"
    status = 400


class NotFound(Refused):
    """No such thing, or none that this actor may know of."""

    code = "not_found"
    status = 404


class NotAllowed(Refused):
    """The actor lacks a permission."""

    code = "not_allowed"
    status = 403


class Conflict(Refused):
    """The thing is not in a state that allows this; asking again will not help."""

    code = "conflict"
    status = 409


class Invalid(Refused):
    """The request makes no sense, whatever the state of things.

    `fields` says what is wrong with which answer, where that is known.
    """

    code = "invalid"
    status = 422

    def __init__(self, message: object = "", *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooMany(Refused):
    """More of something, or sooner again, than is allowed."""

    code = "too_many"
    status = 429


class Unavailable(Refused):
    """An outside system did not answer; asking again may help."""

    code = "unavailable"
    status = 503
