from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import records
from townhall.machinery.pages.fields import Choice, LongText, Select
from townhall.machinery.pages.forms import Form

LONGEST_NOTE = 2000


class QueueForm(Form):
    """Which kind of work to show. It is only shown: the page reads what was asked for."""

    kind = Select(label=_("Kind of work"))

    def __init__(self, kind: str, *, kinds: Iterable[tuple[str, str]]) -> None:
        super().__init__(initial={"kind": kind})
        self.fields["kind"] = Select(
            label=_("Kind of work"), choices=[("", _("All kinds")), *kinds]
        )


class NoteForm(Form):
    note = LongText(label=_("Note"), max_length=LONGEST_NOTE, missing=_("Enter a note"))

    def __init__(self, data: Any = None) -> None:  # Any: a QueryDict
        super().__init__(data, auto_id="note_%s")


class CloseForm(Form):
    outcome = Choice(label=_("What was the outcome?"), missing=_("Choose an outcome"))
    note = LongText(
        label=_("Note"),
        hint=_("It is kept with the case, and the service may send it to the person."),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, outcomes: Iterable[records.Outcome], data: Any = None) -> None:  # as above
        super().__init__(data, auto_id="close_%s")
        self.fields["outcome"] = Choice(
            label=_("What was the outcome?"),
            missing=_("Choose an outcome"),
            choices=[(each.code, str(each.label)) for each in outcomes],
        )
