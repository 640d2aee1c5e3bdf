"""GOV.UK Pay's API: programs with a key of a till."""

from tests.doors.door import ANYONE, Door, door

PAY_V1: dict[str, Door] = {
    "healthcheck": door(ANYONE),
    "request-denied": door(ANYONE, get=400),
    "v1/payments": door("program"),
    "v1/payments/<payment_id>": door("program", payment_id="v1_payment"),
    "v1/payments/<payment_id>/events": door("program", payment_id="v1_payment"),
    "v1/payments/<payment_id>/cancel": door("program", payment_id="v1_payment", get=405),
    "v1/payments/<payment_id>/capture": door("program", payment_id="v1_payment", get=405),
    "v1/payments/<payment_id>/refunds": door("program", payment_id="v1_payment"),
    "v1/payments/<payment_id>/refunds/<refund_id>": door(
        "program", payment_id="v1_payment", refund_id="v1_payment", get=404
    ),
    "v1/refunds": door("program"),
    "v1/transactions": door("program"),
    "v1/agreements": door("program"),
    "v1/agreements/<agreement_id>": door("program", agreement_id="v1_agreement"),
    "v1/agreements/<agreement_id>/cancel": door("program", agreement_id="v1_agreement", get=405),
    "v1/auth": door(ANYONE, get=405, post={}, done=415),
    "v1/disputes": door("program"),
    "v1/payment_notification": door("program", get=405),
    "v1/<rest>": door("", rest="reference"),
}
