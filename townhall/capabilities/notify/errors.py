"""Why a message is not sent, or a template or key not made."""

from townhall.machinery.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)


class NoSuchTemplate(NotFound):
    code = "notify.no_such_template"


class NoSuchMessage(NotFound):
    """There is none, it is another organisation's, or its contents are gone by now."""

    code = "notify.no_such_message"


class NoSuchKey(NotFound):
    code = "notify.no_such_key"


class NoSuchSender(NotFound):
    """The organisation has none of that name."""

    code = "notify.no_such_sender"


class NoSuchOrigin(NotFound):
    code = "notify.no_such_origin"


class NoSuchCallback(NotFound):
    """There is none, or it or what it was to be told is gone by now."""

    code = "notify.no_such_callback"


class NoSuchNumber(NotFound):
    """No number that takes texts is this one."""

    code = "notify.no_such_number"


class NoSuchSupplier(NotFound):
    """This installation sends with another supplier."""

    code = "notify.no_such_supplier"


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
    """A team key may write only to the addresses that the organisation has listed."""

    code = "notify.not_on_guest_list"


class TokenRefused(NotAllowed):
    """The program's token does not prove which key it was made with."""

    code = "notify.token_refused"


class DayUsedUp(TooMany):
    """The sender has sent as many messages of this channel as it may today."""

    code = "notify.day_used_up"


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
