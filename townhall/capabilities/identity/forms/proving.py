"""What people type to prove who they are."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import records
from townhall.capabilities.identity.records import Kind
from townhall.capabilities.identity.rules.evidence import STRENGTH, WITH_EXPIRY
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

KINDS: dict[Kind, Promise] = {
    Kind.PASSPORT: gettext_lazy("UK passport"),
    Kind.IDENTITY_CARD: gettext_lazy("Identity card of a European country"),
    Kind.DRIVING_LICENCE: gettext_lazy("UK photocard driving licence"),
    Kind.BANK_ACCOUNT: gettext_lazy("Bank or building society account"),
    Kind.BIRTH_CERTIFICATE: gettext_lazy("Birth certificate"),
    Kind.MARRIAGE_CERTIFICATE: gettext_lazy("Marriage or civil partnership certificate"),
    Kind.BUS_PASS: gettext_lazy("Older person's bus pass"),
}
NUMBERS: dict[Kind, Promise] = {
    Kind.PASSPORT: gettext_lazy("Passport number"),
    Kind.IDENTITY_CARD: gettext_lazy("Number of the card"),
    Kind.DRIVING_LICENCE: gettext_lazy("Driving licence number"),
    Kind.BANK_ACCOUNT: gettext_lazy("Sort code and account number"),
    Kind.BIRTH_CERTIFICATE: gettext_lazy("Number of the certificate"),
    Kind.MARRIAGE_CERTIFICATE: gettext_lazy("Number of the certificate"),
    Kind.BUS_PASS: gettext_lazy("Number of the pass"),
}
WHERE: dict[Kind, Promise] = {
    Kind.PASSPORT: gettext_lazy("9 numbers, at the top right of the page with your photo"),
    Kind.DRIVING_LICENCE: gettext_lazy("16 letters and numbers, in section 5 of the card"),
}
OLDEST = date(1890, 1, 1)


def how_much(kind: Kind) -> str:
    """What a kind of evidence is worth, in words."""
    strength = STRENGTH[kind]
    if strength >= 3:
        return _("Strength %(score)d of 4: often enough by itself") % {"score": strength}
    return _("Strength %(score)d of 4: helps beside another") % {"score": strength}


class ChooseEvidence(Form):
    kinds = fields.Choices(
        label=gettext_lazy("What can you prove who you are with?"),
        hint=gettext_lazy("Choose all that you have at hand. More evidence makes us surer."),
        heading=True,
        missing=gettext_lazy("Choose at least one, or prove who you are in person"),
    )

    def offer(self, kinds: Iterable[Kind]) -> None:
        field = self.fields["kinds"]
        assert isinstance(field, fields.Choices)
        field.choices = [(kind.value, str(KINDS[kind])) for kind in kinds]
        field.hints = {kind.value: how_much(kind) for kind in Kind}

    def given(self) -> tuple[Kind, ...]:
        return tuple(map(Kind, self.cleaned_data["kinds"]))


class Name(Form):
    given_names = fields.Text(
        label=gettext_lazy("First and middle names"),
        hint=gettext_lazy("As they stand on your documents"),
        autocomplete="given-name",
        max_length=100,
        missing=gettext_lazy("Enter your first name"),
    )
    family_name = fields.Text(
        label=gettext_lazy("Last name"),
        autocomplete="family-name",
        max_length=100,
        missing=gettext_lazy("Enter your last name"),
    )
    birth_date = fields.Date(
        label=gettext_lazy("Date of birth"),
        hint=gettext_lazy("For example, 27 3 1985"),
        earliest=OLDEST,
        missing=gettext_lazy("Enter your date of birth"),
    )

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and born >= timezone.localdate():
            raise forms.ValidationError(_("Your date of birth must be in the past"))
        return born

    def given(self) -> records.ClaimedIdentity:
        return records.ClaimedIdentity(
            given_names=" ".join(self.cleaned_data["given_names"].split()),
            family_name=" ".join(self.cleaned_data["family_name"].split()),
            birth_date=self.cleaned_data["birth_date"],
        )


class DocumentDetails(Form):
    number = fields.Text(
        width=20, max_length=40, missing=gettext_lazy("Enter the number"), autocomplete="off"
    )
    expires_on = fields.Date(
        label=gettext_lazy("Expiry date"), missing=gettext_lazy("Enter the expiry date")
    )

    def be_of(self, kind: Kind) -> None:
        """Ask what such a document says."""
        self.fields["number"].label = str(NUMBERS[kind])
        self.fields["number"].help_text = str(WHERE.get(kind, ""))
        if kind not in WITH_EXPIRY:
            del self.fields["expires_on"]

    def clean_expires_on(self) -> date:
        return not_expired(self.cleaned_data["expires_on"])

    def given(self) -> records.Document:
        return records.Document(
            number=self.cleaned_data["number"].strip(),
            expires_on=self.cleaned_data.get("expires_on"),
        )


class Photo(Form):
    picture = fields.File(
        label=gettext_lazy("Photograph"),
        hint=gettext_lazy("JPEG or PNG, smaller than 8MB"),
        accept="image/jpeg,image/png",
        required=False,
    )


class Address(Form):
    line = fields.Text(
        label=gettext_lazy("Building and street"),
        autocomplete="address-line1",
        missing=gettext_lazy("Enter the building and street"),
    )
    town = fields.Text(
        label=gettext_lazy("Town or city"),
        autocomplete="address-level2",
        width=20,
        max_length=100,
        missing=gettext_lazy("Enter the town or city"),
    )
    postcode = fields.Text(
        label=gettext_lazy("Postcode"),
        autocomplete="postal-code",
        width=10,
        max_length=10,
        missing=gettext_lazy("Enter the postcode"),
    )
    since = fields.Date(
        label=gettext_lazy("Since when?"),
        hint=gettext_lazy("If you do not know the day, enter 1. For example, 1 3 2019"),
        earliest=OLDEST,
        missing=gettext_lazy("Enter the date when it became your address"),
    )

    def clean_since(self) -> date:
        return _not_to_come(self.cleaned_data["since"])

    def given(self) -> records.Address:
        return records.Address(
            lines=(self.cleaned_data["line"].strip(),),
            town=self.cleaned_data["town"].strip(),
            postcode=self.cleaned_data["postcode"].strip().upper(),
            valid_from=self.cleaned_data["since"],
        )


class AnswerQuestion(Form):
    answer = fields.Choice(heading=True, missing=gettext_lazy("Choose one of the answers"))

    def be_of(self, question: records.Question) -> None:
        field = self.fields["answer"]
        assert isinstance(field, fields.Choice)
        field.label = str(question.text)
        field.choices = [(key, str(words)) for key, words in question.choices]


def words_of(address: records.Address) -> str:
    return "\n".join([*address.lines, address.town, address.postcode])


def not_expired(day: date) -> date:
    if day < timezone.localdate():
        raise forms.ValidationError(_("It has expired. Use another piece of evidence"))
    return day


def _not_to_come(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("The date must be in the past"))
    return day
