import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0005_payment_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("description", models.CharField(blank=True, max_length=255)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                ("secret", models.BinaryField()),
                ("is_active", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "till",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="pay.till",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=7)),
                ("remaining", models.FloatField()),
                ("granted", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "till",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="pay.till",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("till", "kind"), name="pay_allowance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Once",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("about", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                (
                    "till",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="pay.till"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_at"], name="once_oldest_first")],
                "constraints": [
                    models.UniqueConstraint(fields=("till", "key"), name="once_of_till")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("event", models.CharField(max_length=30)),
                ("about", models.UUIDField()),
                ("body", models.TextField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_answer", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="pay.webhook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["webhook", "-created_at", "-id"], name="webhook_message_newest"
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("delivered_at", None)),
                        fields=["webhook", "-created_at", "-id"],
                        name="webhook_message_failed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at", None), ("given_up_at", None), _connector="OR"
                        ),
                        name="webhook_message_one_outcome",
                    )
                ],
            },
        ),
        # How fast programs may ask just now is not worth a word in the log of writes: a crash may
        # forget it.
        migrations.RunSQL(
            "ALTER TABLE pay_allowance SET UNLOGGED", "ALTER TABLE pay_allowance SET LOGGED"
        ),
    ]
