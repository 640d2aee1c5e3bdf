"""The ways in which answers are refused."""

from townhall.machinery.errors import Conflict, Invalid, NotFound


class NoSuchJourney(NotFound):
    code = "forms.no_such_journey"


class DraftGone(NotFound):
    code = "forms.draft_gone"


class Unfit(Invalid):
    """An answer that does not do."""

    code = "forms.unfit"


class AnswersChanged(Conflict):
    """The answers are not those that were checked before sending."""

    code = "forms.answers_changed"
