"""What staff type about templates and their folders."""

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify.records import Channel, Folder
from townhall.capabilities.notify.rules.limits import LONGEST_SUBJECT
from townhall.machinery.pages.fields import (
    Choice,
    EachLanguage,
    Select,
    Text,
)
from townhall.machinery.pages.forms import Form
from townhall.machinery.wording import Wording

FORMATTING = _(
    "Put ((name)) where a value goes, # before a heading, * before each line of a list, "
    "^ before text to set in, and [words](https://address) for a link."
)


ON_PAPER = _(
    "Put ((name)) where a value goes, # before a heading, * before each line of a list, "
    "--- where a new page begins, and qr: before an address that is to be a QR code."
)


IN_A_TEXT = _("Put ((name)) where a value goes. The longer it is, the more texts it is charged as.")


KINDS = [
    (Channel.EMAIL, _("Email")),
    (Channel.SMS, _("Text message")),
    (Channel.LETTER, _("Letter")),
]


NO_MESSAGE = _("Enter the message in English")


NO_FOLDER = "none"


class SenderForm(Form):
    """A form that asks whose something is, unless there is only one that it can be."""

    sender = Choice(
        label=_("Whose is it?"),
        hint=_("A program sends with the templates, and from the addresses, of one sender."),
        missing=_("Choose whose it is"),
    )

    def offer(self, senders: Sequence[str]) -> None:
        if len(senders) > 1:
            self.fields["sender"].choices = [(name, name) for name in senders]  # type: ignore[attr-defined]  # a Choice
        else:
            del self.fields["sender"]


class KindForm(SenderForm):
    channel = Choice(
        label=_("What kind of message?"), missing=_("Choose a kind of message"), choices=KINDS
    )
    field_order = ("channel", "sender")


class WordingForm(Form):
    """The words of a message. What is not asked for is left out."""

    title = Text(label=_("Title"), hint=_("Only staff see it."), max_length=80)
    body = EachLanguage(rows=14, label=_("Message"), hint=FORMATTING, missing=NO_MESSAGE)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]


class TextForm(WordingForm):
    body = EachLanguage(rows=6, label=_("Message"), hint=IN_A_TEXT, missing=NO_MESSAGE)


class EmailForm(WordingForm):
    subject = EachLanguage(label=_("Subject"), missing=_("Enter the subject in English"))
    field_order = ("title", "subject", "body")

    def clean_subject(self) -> Wording:
        subject: Wording = self.cleaned_data["subject"]
        if max(len(subject.en), len(subject.cy)) > LONGEST_SUBJECT:
            most = {"most": LONGEST_SUBJECT}
            raise ValidationError(gettext("Use %(most)d characters or fewer") % most)
        return subject


class LetterForm(EmailForm):
    subject = EachLanguage(label=_("Heading"), missing=_("Enter the heading in English"))
    body = EachLanguage(rows=14, label=_("Message"), hint=ON_PAPER, missing=NO_MESSAGE)
    postage = Choice(
        label=_("How does it go?"),
        missing=_("Choose how it goes"),
        choices=[
            ("first", _("First class")),
            ("second", _("Second class")),
            ("economy", _("Economy")),
        ],
        initial="second",
    )


WORDING_FORMS: Mapping[Channel, type[WordingForm]] = {
    Channel.EMAIL: EmailForm,
    Channel.SMS: TextForm,
    Channel.LETTER: LetterForm,
}


class FindForm(Form):
    words = Text(label=_("Search by title"), required=False, max_length=80)
    channel = Select(label=_("Kind"), required=False, choices=[("", _("Every kind")), *KINDS])


class CopyForm(Form):
    title = Text(
        heading=True,
        label=_("What is the copy called?"),
        hint=_("Only staff see it."),
        max_length=80,
    )


class RestoreForm(Form):
    seen_version = forms.IntegerField(min_value=1)


class FolderForm(Form):
    title = Text(
        heading=True,
        label=_("What is the folder called?"),
        missing=_("Enter what the folder is called"),
        max_length=80,
    )


class MoveForm(Form):
    """`folders` are those that the thing may go to."""

    folder = Select(label=_("Where does it go?"))

    def __init__(
        self, data: QueryDict | None, *, folders: Sequence[Folder], now_in: UUID | None
    ) -> None:
        super().__init__(data, initial={"folder": now_in or NO_FOLDER})
        cast(forms.ChoiceField, self.fields["folder"]).choices = [
            (NO_FOLDER, gettext("No folder")),
            *((str(each.id), each.path) for each in folders),
        ]

    def clean_folder(self) -> UUID | None:
        chosen = self.cleaned_data["folder"]
        return None if chosen == NO_FOLDER else UUID(chosen)
