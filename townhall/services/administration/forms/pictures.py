"""A dial that is a picture."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dial_values import Dial
from townhall.machinery.files import MEGABYTE, PICTURES
from townhall.machinery.pages.fields import Confirm, File
from townhall.machinery.pages.forms import Form

HINT = _("A PNG, JPEG or WebP picture of up to 1MB")


class PictureForm(Form):
    """A new picture, or none any more."""

    picture = File()
    remove = Confirm(label=_("Remove the picture that is there now"), required=False)

    def __init__(self, dial: Dial, data: Any = None, files: Any = None) -> None:  # Any: Django's
        super().__init__(data, files)
        self.fields["picture"] = File(
            accept=",".join(sorted(PICTURES)),
            label=dial.label,
            hint=HINT,
            heading=True,
            required=not dial.value,
        )
        if not dial.value:
            del self.fields["remove"]

    def clean_picture(self) -> "UploadedFile[bytes] | None":
        picture: UploadedFile[bytes] | None = self.cleaned_data["picture"]
        if picture is not None and (picture.size or 0) > MEGABYTE:
            raise ValidationError(_("The picture must be smaller than 1MB"))
        return picture

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        chosen = self.cleaned_data.get("picture") or self.cleaned_data.get("remove")
        if not chosen and not self.errors:
            raise ValidationError(_("Choose a picture, or remove the one that is there"))
        return self.cleaned_data
