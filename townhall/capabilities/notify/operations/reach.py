"""What its sender's standing lets a program do; GOV.UK Notify's words where it does not."""

from collections.abc import Callable, Sequence
from uuid import UUID

from townhall.capabilities.notify import models, records
from townhall.capabilities.notify.errors import DayUsedUp, NotOnGuestList
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.machinery.errors import Invalid, NotAllowed

MayReach = Callable[[str], str]
TEAM_ONLY = "Can’t send to this recipient using a team-only API key"
# Word for word with its address, which says what trial mode is: programs may look for it.
IN_TRIAL = (
    "Can’t send to this recipient when service is in trial mode – see "
    "https://www.notifications.service.gov.uk/trial-mode"
)
PLURALS = {Channel.EMAIL: "emails", Channel.SMS: "text messages", Channel.LETTER: "letters"}
ON_THE_WIRE = {records.ABROAD: "international_sms"}


def keep_to_channel(program: records.Program, channel: Channel) -> None:
    if channel not in program.standing.channels:
        raise Invalid(f"Service is not allowed to send {PLURALS[channel]}")


def keep_to_letters(program: records.Program) -> None:
    """Letters cost too much to be tried out: not by team keys, and not in trial."""
    keep_to_channel(program, Channel.LETTER)
    if program.key_type == KeyType.TEAM:
        raise NotAllowed("Cannot send letters with a team api key")
    if program.key_type == KeyType.LIVE and not program.standing.is_live:
        raise NotAllowed("Cannot send letters when service is in trial mode")


def keep_to_guests(program: records.Program, channel: Channel, to: str) -> None:
    """In trial, and with a team key, only the sender's team and guests are written to."""
    if program.key_type == KeyType.TEST:
        return
    if program.key_type == KeyType.LIVE and program.standing.is_live:
        return
    if not models.Guest.includes(program.sender_id, channel, to):
        raise NotOnGuestList(TEAM_ONLY if program.key_type == KeyType.TEAM else IN_TRIAL)


def whom_a_list_reaches(
    sender_id: UUID, standing: records.Standing, channel: Channel, key_type: KeyType
) -> MayReach:
    """The same for many: what is wrong with a recipient, "" for nothing."""
    if key_type == KeyType.TEST or (key_type == KeyType.LIVE and standing.is_live):
        return anyone
    known = models.Guest.known(sender_id, channel)
    words = TEAM_ONLY if key_type == KeyType.TEAM else IN_TRIAL
    return lambda to: "" if to.lower() in known else words


def anyone(_to: str) -> str:
    return ""


def count_one(program: records.Program, of: str) -> None:
    """Count a message of a channel, or a text ABROAD, unless the day's are used up.

    Test keys are held to the day's limit too, but use none of it up.
    """
    most = program.standing.most_a_day[of]
    is_test = program.key_type == KeyType.TEST
    ask = models.DayCount.has_room if is_test else models.DayCount.take_one
    if not ask(program.sender_id, of, most=most):
        raise DayUsedUp(f"Exceeded send limits ({ON_THE_WIRE.get(of, of)}: {most}) for today")


def count_each(program: records.Program, of: Sequence[str]) -> Callable[[], None]:
    """Count one of each, or none; how to undo it, if it is not taken in after all."""
    counted: list[str] = []

    def undo() -> None:
        for each in counted:
            _count_back(program, each)

    for each in of:
        try:
            count_one(program, each)
        except DayUsedUp:
            undo()
            raise
        counted.append(each)
    return undo


def _count_back(program: records.Program, of: str) -> None:
    if program.key_type != KeyType.TEST:
        models.DayCount.put_back(program.sender_id, of, most=program.standing.most_a_day[of])
