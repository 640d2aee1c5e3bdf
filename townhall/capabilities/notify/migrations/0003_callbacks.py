"""Callbacks, and what each is told; staff read the texts of their whole organisation."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def primary_key():
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_three_channels")]

    operations = [
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", primary_key()),
                ("kind", models.CharField(max_length=13)),
                ("url", models.CharField(max_length=2000)),
                ("token", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callbacks",
                        to="notify.sender",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "kind", "url"), name="callback_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackDelivery",
            fields=[
                ("id", primary_key()),
                ("about", models.UUIDField()),
                ("body", models.TextField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_answer", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notify.callback",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="callback_delivery_unwiped")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("callback", "about"), name="callback_told_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at", None), ("given_up_at", None), _connector="OR"
                        ),
                        name="callback_one_outcome",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            "receivedtext",
            models.Index(
                fields=["organisation_id", "-created_at", "-id"], name="received_text_of_all"
            ),
        ),
    ]
