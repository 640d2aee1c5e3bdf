"""Why a message is not sent, or a template or key not made."""

from collections.abc import Sequence
from typing import NamedTuple

from townhall.machinery.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    TooMany,
    Unavailable,
)


class TemplateArchived(Conflict):
    """The template was taken out of use for good."""

    code = "notify.template_archived"


class StillNeeded(Conflict):
    """A service sends with this template."""

    code = "notify.still_needed"


class FolderNotEmpty(Conflict):
    """There are templates or folders in it."""

    code = "notify.folder_not_empty"


class FolderInItself(Conflict):
    """A folder cannot be within itself, nor within one of its own."""

    code = "notify.folder_in_itself"


class TooManyFolders(Conflict):
    """The organisation has as many as it may."""

    code = "notify.too_many_folders"


class MissingPersonalisation(Invalid):
    """The template has placeholders that the sender gave no value for."""

    code = "notify.missing_personalisation"


class NotAnAddress(Invalid):
    """What was given as an email address cannot be one."""

    code = "notify.not_an_address"


class NotAPhoneNumber(Invalid):
    """What was given as a phone number cannot be one, or not one that texts go to."""

    code = "notify.not_a_phone_number"


class NotAPostalAddress(Invalid):
    """What was given cannot be posted to.

    `fault` is GOV.UK Notify's word for it: "not-a-real-uk-postcode".
    """

    code = "notify.not_a_postal_address"

    def __init__(self, message: object, *, fault: str) -> None:
        super().__init__(message)
        self.fault = fault


class NotAnOrigin(Invalid):
    """No message can say that it is from this."""

    code = "notify.not_an_origin"


class NotALetter(Invalid):
    """It cannot be printed, put in an envelope and posted.

    `fault` is GOV.UK Notify's word for it: "letter-too-long". `pages` are those at fault, from 1;
    none if it is the whole file.
    """

    code = "notify.not_a_letter"

    def __init__(self, message: object, *, fault: str, pages: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.fault = fault
        self.pages = pages


class CodeTooLong(Invalid):
    """A QR code in a letter would hold more than can be scanned: `words`, of `size` bytes."""

    code = "notify.code_too_long"

    def __init__(self, message: object, *, words: str, size: int, most: int) -> None:
        super().__init__(message)
        self.words = words
        self.size = size
        self.most = most


class NotAContact(Invalid):
    """Nobody can be reached at what was given as contact details."""

    code = "notify.not_a_contact"


class NotAFile(Invalid):
    """It is of no kind that may be sent, or not of the kind that its name says."""

    code = "notify.not_a_file"


class TooLarge(Invalid):
    """A request, or a file in it, has more bytes than it may have."""

    code = "notify.too_large"
    status = 413


class FileHasVirus(Invalid):
    code = "notify.file_has_virus"


class FilesNotSetUp(Invalid):
    """The sender has not said whom people may contact about files."""

    code = "notify.files_not_set_up"


class EmptyMessage(Invalid):
    code = "notify.empty_message"


class MessageTooLong(Invalid):
    code = "notify.message_too_long"


class UnknownPlaceholder(Invalid):
    """The new wording wants something that the service does not give it."""

    code = "notify.unknown_placeholder"


class NameTaken(Conflict):
    """There is a template or a key of that name."""

    code = "notify.name_taken"


class NumberTaken(Conflict):
    """The texts that come to this number go to another sender."""

    code = "notify.number_taken"


class StillUsual(Conflict):
    """Messages say that they are from this unless they are told otherwise."""

    code = "notify.still_usual"


class InTrial(Conflict):
    """The sender has to go live first."""

    code = "notify.in_trial"


class LiveAlready(Conflict):
    code = "notify.live_already"


class NotReady(Conflict):
    """Something is missing that a sender must have before it goes live."""

    code = "notify.not_ready"


class DecidedAlready(Conflict):
    """Someone decided otherwise meanwhile."""

    code = "notify.decided_already"


class OwnRequest(NotAllowed):
    """Whoever asked for a sender to go live cannot be the one who decides it."""

    code = "notify.own_request"


class UnfitGuest(Invalid):
    """Neither an email address nor a phone number was given."""

    code = "notify.unfit_guest"


class GuestsFull(Conflict):
    """There are as many people on the list as there may be."""

    code = "notify.guests_full"


class ListedAlready(Conflict):
    """The address or number is that of somebody else on the list."""

    code = "notify.listed_already"


class UnfitCallback(Invalid):
    """The address is not one that we would call, or the token is too short."""

    code = "notify.unfit_callback"


class CallbackTaken(Conflict):
    """The sender has a callback at that address, with another token."""

    code = "notify.callback_taken"


class ForgedReceipt(NotAllowed):
    """What came as a supplier's word does not have the supplier's signature."""

    code = "notify.forged_receipt"


class EditedMeanwhile(Conflict):
    """Someone else saved a newer version of the template."""

    code = "notify.edited_meanwhile"


class RecipientRefused(Conflict):
    """The mail server will never take this message for this recipient.

    `reply` is the server's code alone ("550 5.1.1"), since its text may hold the address.
    """

    code = "notify.recipient_refused"

    def __init__(self, message: object, *, reply: str) -> None:
        super().__init__(message)
        self.reply = reply


class AnswerLost(Unavailable):
    """The supplier may have taken the message, but its answer did not reach us.

    Nobody else may be given it now; the same supplier may, with the same message id.
    """

    code = "notify.answer_lost"


class NotOnGuestList(NotAllowed):
    """In trial, and with a team key, a sender writes only to its team and guests."""

    code = "notify.not_on_guest_list"


class TokenRefused(NotAllowed):
    """The program's token does not prove which key it was made with."""

    code = "notify.token_refused"


class NotConfirmed(NotAllowed):
    """Whoever opens the file has to say first, or again, to which address it was sent."""

    code = "notify.not_confirmed"


class TooManyGuesses(TooMany):
    """So many addresses were named for one file that someone may be guessing."""

    code = "notify.too_many_guesses"


class DayUsedUp(TooMany):
    """The sender has sent as many messages of this channel as it may today."""

    code = "notify.day_used_up"


class RowFault(NamedTuple):
    """What is wrong with one cell of a list."""

    row: int  # as a spreadsheet counts it; 0 for the whole list
    column: str  # "" for the whole row
    words: str


class UnfitList(Invalid):
    """Some rows of a list cannot be sent to, so none of it is kept.

    `faults` are the first of them, and `count` is how many there are.
    """

    code = "notify.unfit_list"

    def __init__(self, message: object, *, faults: Sequence[RowFault], count: int) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.count = count


class BatchOver(Conflict):
    """The batch has been sent or cancelled already, or nobody has said yet to send it."""

    code = "notify.batch_over"


class NotScheduled(Conflict):
    """The message is on its way, or was never to be sent later."""

    code = "notify.not_scheduled"


class NotPrintedYet(Conflict):
    """The letter has no PDF that may be looked at, so far."""

    code = "notify.not_printed_yet"


class PostedMeanwhile(Conflict):
    """Somebody else has posted a letter that was to be printed."""

    code = "notify.posted_meanwhile"


class AskedOtherwise(Conflict):
    """The Idempotency-Key stands for another request, or for this one just now under way."""

    code = "notify.asked_otherwise"


class TooFast(TooMany):
    """The program has sent as much as it may for now."""

    code = "notify.too_fast"
