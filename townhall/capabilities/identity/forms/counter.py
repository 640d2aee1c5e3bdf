"""What staff note of someone who proves at the counter who they are."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import records
from townhall.capabilities.identity.forms.proving import KINDS, NUMBERS, Name, not_expired
from townhall.capabilities.identity.records import Kind, SignalKind
from townhall.capabilities.identity.rules.evidence import SHOWN, WITH_EXPIRY
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

ACCEPT, REFUSE = "accept", "refuse"
KEEP_PROOF, END_PROOF = "keep", "end"
REFUSED = records.Checklist(
    features_genuine=False, special_light=False, photo_matches=False, refused=True
)


class FindVisitor(Form):
    reference = fields.Text(
        label=gettext_lazy("Reference"),
        hint=gettext_lazy("8 letters and numbers, like 4KTM-7HQX"),
        width=10,
        max_length=20,
        missing=gettext_lazy("Enter the reference"),
        autocomplete="off",
    )


class SeenDocuments(Form):
    kinds = fields.Choices(
        label=gettext_lazy("Which documents have they brought?"),
        hint=gettext_lazy("Originals only"),
        heading=True,
        missing=gettext_lazy("Choose what they have brought"),
        choices=[
            *((kind.value, KINDS[kind]) for kind in SHOWN),
            ("none", gettext_lazy("None of these")),
        ],
    )


class CounterVisit(Name):
    """What staff note: who it is by the documents, which they saw, and what they found."""

    given_names = fields.Text(
        label=gettext_lazy("First and middle names"),
        hint=gettext_lazy("As they stand on the documents"),
        autocomplete="off",
        max_length=100,
        missing=gettext_lazy("Enter their first name"),
    )
    family_name = fields.Text(
        label=gettext_lazy("Last name"),
        autocomplete="off",
        max_length=100,
        missing=gettext_lazy("Enter their last name"),
    )
    line = fields.Text(
        label=gettext_lazy("Building and street"),
        autocomplete="off",
        missing=gettext_lazy("Enter the building and street"),
    )
    town = fields.Text(
        label=gettext_lazy("Town or city"),
        width=20,
        max_length=100,
        autocomplete="off",
        missing=gettext_lazy("Enter the town or city"),
    )
    postcode = fields.Text(
        label=gettext_lazy("Postcode"),
        width=10,
        max_length=10,
        autocomplete="off",
        missing=gettext_lazy("Enter the postcode"),
    )
    found = fields.Choices(
        label=gettext_lazy("What you have checked"),
        hint=gettext_lazy("Tick only what you have done yourself, with the document in your hand"),
        missing=gettext_lazy("Tick what you have checked"),
        choices=[
            (
                "details",
                gettext_lazy(
                    "The names and date of birth above are what it says, "
                    "and the address if it has one"
                ),
            ),
            (
                "features",
                gettext_lazy("It looks and feels genuine, and nothing on it has been altered"),
            ),
            (
                "light",
                gettext_lazy("I looked at it under ultraviolet light and magnified"),
            ),
            ("photo", gettext_lazy("The photo on it is of the person before me")),
        ],
    )
    decision = fields.Choice(
        label=gettext_lazy("What do you decide?"),
        choices=[
            (ACCEPT, gettext_lazy("Have what I have checked counted")),
            (REFUSE, gettext_lazy("They have not proved who they are")),
        ],
        missing=gettext_lazy("Choose what you decide"),
    )
    reason = fields.LongText(
        label=gettext_lazy("Reason"),
        hint=gettext_lazy("The person reads this"),
        rows=3,
        max_length=500,
        missing=gettext_lazy("Enter a reason"),
    )

    def ask_about(self, kinds: Iterable[Kind]) -> None:
        """A number, and an expiry date where there is one, for each document."""
        self.kinds = tuple(kinds)
        for kind in self.kinds:
            self.fields[f"number-{kind}"] = fields.Text(
                label=f"{KINDS[kind]}: {NUMBERS[kind]}",
                width=20,
                max_length=40,
                autocomplete="off",
                missing=_("Enter the number"),
            )
            if kind in WITH_EXPIRY:
                self.fields[f"expires-{kind}"] = fields.Date(
                    label=_("%(document)s: expiry date") % {"document": KINDS[kind]},
                    missing=_("Enter the expiry date"),
                )
        self.order_fields([*(name for name in self.fields if "-" in name), *self.fields])

    def full_clean(self) -> None:
        """Somebody who is refused need not have said anything of themselves."""
        if self.data.get("decision") == REFUSE:
            for name in self.fields.keys() - {"decision", "reason"}:
                self.fields[name].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        found = given.get("found", [])
        if given.get("decision") == ACCEPT and not ("details" in found and "features" in found):
            self.add_error("found", _("To have it counted, check at least the first two"))
        for kind in self.kinds:
            expires_on = given.get(f"expires-{kind}")
            if given.get("decision") == ACCEPT and expires_on:
                self._refuse_expired(f"expires-{kind}", expires_on)
        return given

    def _refuse_expired(self, name: str, expires_on: date) -> None:
        try:
            not_expired(expires_on)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def seen(self) -> records.Typed:
        """What is to be noted; of somebody refused, only that they were."""
        given = self.cleaned_data
        if given["decision"] == REFUSE:
            return records.Typed(checklist=REFUSED)
        return records.Typed(
            kinds=self.kinds,
            claim=self.given(),
            documents={
                kind: records.Document(
                    number=given[f"number-{kind}"].strip(), expires_on=given.get(f"expires-{kind}")
                )
                for kind in self.kinds
            },
            addresses=(
                records.Address(
                    lines=(given["line"].strip(),),
                    town=given["town"].strip(),
                    postcode=given["postcode"].strip().upper(),
                ),
            ),
            checklist=records.Checklist(
                features_genuine="features" in given["found"],
                special_light="light" in given["found"],
                photo_matches="photo" in given["found"],
            ),
        )


class SettleSignal(Form):
    decision = fields.Choice(
        label=gettext_lazy("What do you do?"),
        missing=gettext_lazy("Choose what you do"),
    )
    note = fields.LongText(
        label=gettext_lazy("What you have found"),
        rows=3,
        max_length=500,
        missing=gettext_lazy("Enter what you have found"),
    )

    def be_about(self, signal: records.Signal) -> None:
        choices = [(KEEP_PROOF, _("Everything stays as it is"))]
        if signal.kind == SignalKind.USED_BY_ANOTHER:
            ends = _("End what %(name)s has proved: the document is not theirs")
            choices.append((END_PROOF, ends % {"name": signal.other_name or _("the other person")}))
        field = self.fields["decision"]
        assert isinstance(field, fields.Choice)
        field.choices = choices
