from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from townhall.machinery.pages.fields import Text
from townhall.machinery.pages.forms import Form


class AuditForm(Form):
    """Which part of the audit to show."""

    subject = Text(
        label=_("Id of what it was done to"),
        hint=_("For example of a case, a booking or a payment"),
        max_length=36,
        required=False,
    )
    person = Text(label=_("Id of the person concerned"), max_length=36, required=False)

    def clean_person(self) -> UUID | None:
        typed: str = self.cleaned_data["person"]
        try:
            return UUID(typed) if typed else None
        except ValueError as error:
            says = _("Enter an id, like 2f1b6a0e-6d0f-4c1c-9f6e-0d5c1a3b7e11")
            raise ValidationError(says) from error

    @classmethod
    def of(cls, asked: Any) -> "AuditForm":  # Any: a QueryDict
        return cls({name: asked.get(name, "") for name in cls.base_fields})
