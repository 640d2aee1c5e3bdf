"""What finance types and uploads."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay import records
from townhall.machinery.money import Money
from townhall.machinery.pages.fields import Choice, Date, File, LongText, MoneyAmount, Text
from townhall.machinery.pages.forms import Form

EXPLAIN, WRITE_OFF = "explain", "write-off"
PAID, NOT_PAID = "paid", "not-paid"
HIGHEST = Money(2_000_000_000)


class ExplainForm(Form):
    reason = LongText(
        label=_("Why does it not match?"),
        max_length=500,
        missing=_("Say why it does not match"),
    )
    what = Choice(
        label=_("What should the ledger do?"),
        choices=[
            (EXPLAIN, _("Nothing: another line or payout evens it out")),
            (WRITE_OFF, _("Write the difference off")),
        ],
        missing=_("Choose what the ledger should do"),
    )


class ReportForm(Form):
    processor = Choice(label=_("Whose report is it?"), missing=_("Choose whose report it is"))
    file = File(
        label=_("The report"),
        accept=".csv",
        hint=_(
            "A CSV file with the columns id, payout, paid_out_on, kind, reference, amount, fee "
            "and currency."
        ),
    )

    def offer(self, processors: list[str]) -> None:
        self.fields["processor"].choices = [(each, each) for each in processors]  # type: ignore[attr-defined]  # a Choice


class StatementForm(Form):
    file = File(
        label=_("The bank statement"),
        accept=".csv",
        hint=_(
            "A CSV file with the columns date, amount, reference and payer. Only whole days: a "
            "line is known again by its place in its day."
        ),
    )


class ReceiptForm(Form):
    number = Text(
        label=_("Receipt number"),
        hint=_("The same number is taken once, however often it is sent."),
        max_length=40,
        width=20,
    )
    reference = Text(
        label=_("Reference"), hint=_("Begins with RF. The payer has it."), max_length=100, width=20
    )
    amount = MoneyAmount(label=_("Amount"), lowest=Money(1), highest=HIGHEST)
    received_on = Date(label=_("When did it come?"))
    payer = Text(label=_("Who paid?"), max_length=100)

    def receipt(self) -> records.Receipt:
        return records.Receipt(is_counter=True, **self.cleaned_data)


class PaidBackForm(Form):
    what = Choice(
        label=_("Was it paid?"),
        choices=[(PAID, _("Yes")), (NOT_PAID, _("No, and it cannot be"))],
        missing=_("Say whether it was paid"),
    )
    on = Date(label=_("When was that?"))

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's own
        self.fields["on"].latest = timezone.localdate()  # type: ignore[attr-defined]  # a Date
