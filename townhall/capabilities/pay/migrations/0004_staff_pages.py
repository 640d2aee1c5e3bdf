"""Indexes for what staff look for payments by, and for the ledger's pages."""

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0003_keys"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["organisation_id", "service", "-started_at", "-id"],
                name="payment_of_service",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["organisation_id", "amount_minor", "-started_at", "-id"],
                name="payment_by_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["organisation_id", "state", "-started_at", "-id"], name="payment_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("last_digits", ""), _negated=True),
                fields=["organisation_id", "last_digits", "-started_at", "-id"],
                name="payment_by_last_digits",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("organisation_id"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="payment_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("organisation_id"),
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Lower("cardholder"), "C"
                ),
                condition=models.Q(("cardholder", ""), _negated=True),
                name="payment_by_cardholder",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "authorising",
                            "capturable",
                            "capturing",
                            "challenged",
                            "created",
                            "started",
                            "submitted",
                        ],
                    )
                ),
                fields=["organisation_id", "-started_at", "-id"],
                name="payment_in_progress",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("refunded_minor__gt", 0)),
                fields=["organisation_id", "-started_at", "-id"],
                name="payment_refunded",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("is_live", False)),
                fields=["organisation_id", "-started_at", "-id"],
                name="payment_of_test",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["organisation_id", "settled_at"],
                include=("is_live", "currency", "service", "state", "amount_minor"),
                name="payment_by_end",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["account", "-id"], name="posting_newest_first"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("state", "proposed")),
                fields=["organisation_id", "requested_at", "id"],
                name="refund_proposed",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("state", "succeeded")),
                fields=["organisation_id", "settled_at"],
                name="refund_given_back",
            ),
        ),
    ]
