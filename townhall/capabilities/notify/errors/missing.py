"""What is asked for and is not there."""

from townhall.machinery.errors import (
    NotFound,
)


class NoSuchTemplate(NotFound):
    code = "notify.no_such_template"


class NoSuchFolder(NotFound):
    code = "notify.no_such_folder"


class NoSuchMessage(NotFound):
    """There is none, it is another organisation's, or its contents are gone by now."""

    code = "notify.no_such_message"


class NoSuchBatch(NotFound):
    code = "notify.no_such_batch"


class NoSuchKey(NotFound):
    code = "notify.no_such_key"


class NoSuchSender(NotFound):
    """The organisation has none of that name or number."""

    code = "notify.no_such_sender"


class NoSuchOrigin(NotFound):
    code = "notify.no_such_origin"


class NoSuchGuest(NotFound):
    code = "notify.no_such_guest"


class NoSuchRequest(NotFound):
    """Nobody asked for this to go live."""

    code = "notify.no_such_request"


class NoSuchCallback(NotFound):
    """There is none, or it or what it was to be told is gone by now."""

    code = "notify.no_such_callback"


class NoSuchFile(NotFound):
    """The link is not whole, or the file is kept no longer.

    `contact` is of whoever sent it, "" where that is not known.
    """

    code = "notify.no_such_file"

    def __init__(self, message: object, *, contact: str = "") -> None:
        super().__init__(message)
        self.contact = contact


class NoSuchNumber(NotFound):
    """No number that takes texts is this one."""

    code = "notify.no_such_number"


class NoSuchSupplier(NotFound):
    """This installation sends with another supplier."""

    code = "notify.no_such_supplier"
