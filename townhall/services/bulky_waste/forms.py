"""What residents choose on a page of their own, and what the crew and staff type."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.bookings.records import Slot
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_weekday
from townhall.services.bulky_waste.records import VISIT_LABELS, Visit


class DayForm(Form):
    """Another day; sold-out ones are not offered."""

    def __init__(self, *args: Any, days: Sequence[Slot]) -> None:  # Any: what Form takes
        super().__init__(*args)
        free = [day for day in days if day.places_left > 0]
        self.fields["slot"] = fields.Choice(
            choices=[
                (str(day.id), write_weekday(timezone.localdate(day.starts_at))) for day in free
            ],
            label=_("Which day should we collect?"),
            missing=_("Select a day"),
        )

    @property
    def slot_id(self) -> UUID:
        return UUID(self.cleaned_data["slot"])


class VisitForm(Form):
    visit = fields.Choice(
        choices=[(visit.value, VISIT_LABELS[visit]) for visit in Visit],
        label=gettext_lazy("What did you find?"),
        missing=gettext_lazy("Select what you found"),
    )
    note = fields.LongText(
        label=gettext_lazy("Note"),
        hint=gettext_lazy("The resident reads this. Say what was there if it was the wrong items"),
        rows=3,
        max_length=500,
        required=False,
    )
    photo = fields.File(
        accept="image/*",
        label=gettext_lazy("Photo"),
        hint=gettext_lazy("JPEG, PNG or WebP, smaller than 10MB"),
        required=False,
    )

    @property
    def photo_bytes(self) -> bytes | None:
        uploaded: UploadedFile[bytes] | None = self.cleaned_data["photo"]
        return uploaded.read() if uploaded else None


class FindForm(Form):
    words = fields.Text(
        label=gettext_lazy("Reference, email address or postcode"),
        width=30,
        max_length=254,
        missing=gettext_lazy("Enter a reference, an email address or a postcode"),
    )
