"""Trial mode, and whom to try messages on; the senders that are there are live already."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def primary_key():
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def of_sender(related_name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="notify.sender",
    )


def a_day(most):
    return models.PositiveIntegerField(default=most, db_default=most)


class Migration(migrations.Migration):
    dependencies = [("notify", "0009_statistics")]

    operations = [
        migrations.AddField("sender", "went_live_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "sender",
            "channels_off",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6), default=list, db_default=[], size=None
            ),
        ),
        migrations.AddField("sender", "emails_a_day", a_day(250_000)),
        migrations.AddField("sender", "texts_a_day", a_day(250_000)),
        migrations.AddField("sender", "letters_a_day", a_day(20_000)),
        migrations.AddField("sender", "texts_abroad_a_day", a_day(100)),
        migrations.RunSQL("UPDATE notify_sender SET went_live_at = now()", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="GoingLive",
            fields=[
                ("id", primary_key()),
                ("emails_a_year", models.PositiveIntegerField()),
                ("texts_a_year", models.PositiveIntegerField()),
                ("letters_a_year", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_id", models.UUIDField(null=True)),
                ("is_approved", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                ("sender", of_sender("asked_to_go_live")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("sender",),
                        name="going_live_asked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", primary_key()),
                ("name", models.CharField(blank=True, max_length=100)),
                ("email", models.CharField(blank=True, max_length=320)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("is_team", models.BooleanField()),
                ("sender", of_sender("guests")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("sender", "email"),
                        name="guest_email_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("phone", ""), _negated=True),
                        fields=("sender", "phone"),
                        name="guest_phone_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), ("phone", ""), _negated=True),
                        name="guest_can_be_reached",
                    ),
                ],
            },
        ),
    ]
