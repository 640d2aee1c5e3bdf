"""What is counted of each day and what it costs, what happened to messages, and how long they stay."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Lower

FAILED = (
    "temporary-failure",
    "permanent-failure",
    "technical-failure",
    "virus-scan-failed",
    "validation-failed",
)
PRICES = ("email", "text", "first", "second", "economy", "europe", "rest_of_world", "sheet")
ALIKE = ("organisation_id", "day", "sender", "template", "channel", "key_type", "status")


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to(model):
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=model)


class Migration(migrations.Migration):
    dependencies = [("notify", "0008_folders")]

    operations = [
        migrations.CreateModel(
            name="Tariff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("begins_on", models.DateField()),
                *((price, models.PositiveIntegerField()) for price in PRICES),
                ("europe_times", models.PositiveSmallIntegerField()),
                ("world_times", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "begins_on"), name="tariff_begins_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", ID),
                ("organisation_id", models.UUIDField()),
                ("day", models.DateField()),
                ("sender", to("notify.sender")),
                ("template", to("notify.template")),
                ("channel", models.CharField(max_length=6)),
                ("key_type", models.CharField(max_length=4)),
                ("status", models.CharField(max_length=20)),
                ("count", models.PositiveIntegerField()),
                ("units", models.PositiveIntegerField()),
                ("cost", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=ALIKE, name="tally_once", nulls_distinct=False)
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", ID),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="notify.message",
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("by", models.CharField(blank=True, max_length=80)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "not-taken")),
                        fields=["happened_at"],
                        name="step_not_taken",
                    )
                ],
            },
        ),
        migrations.AddField(
            "message", "zone", models.CharField(db_default="", default="", max_length=13)
        ),
        migrations.AlterField("message", "postage", models.CharField(blank=True, max_length=13)),
        migrations.AddField(
            "sender", "retention_days", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddIndex(
            "message",
            models.Index(fields=["organisation_id", "created_at", "id"], name="message_by_age"),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("status__in", FAILED)),
                fields=["organisation_id", "created_at", "id"],
                name="message_failed",
            ),
        ),
        migrations.AddIndex(
            "message",
            django.contrib.postgres.indexes.HashIndex(
                Lower("to"),
                condition=models.Q(("to", ""), _negated=True),
                name="message_by_recipient",
            ),
        ),
        migrations.AddIndex(
            "message",
            django.contrib.postgres.indexes.HashIndex(
                condition=models.Q(("reference", ""), _negated=True),
                fields=["reference"],
                name="message_by_reference",
            ),
        ),
        # The one by age takes its place.
        migrations.RemoveIndex("message", "message_unwiped"),
    ]
