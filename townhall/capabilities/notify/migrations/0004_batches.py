"""Batches and their lists; messages that are sent later, or that staff have sent."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q


def protected(to, **options):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_callbacks")]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("sender", protected("notify.sender")),
                ("key_type", models.CharField(default="live", max_length=4)),
                ("template", protected("notify.template")),
                ("template_version", models.PositiveIntegerField()),
                ("origin", models.TextField(blank=True)),
                ("name", models.CharField(max_length=255)),
                ("reference", models.CharField(blank=True, max_length=1000)),
                ("row_count", models.PositiveIntegerField()),
                ("made_count", models.PositiveIntegerField(default=0)),
                ("state", models.CharField(max_length=9)),
                ("starts_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=200)),
                ("is_by_staff", models.BooleanField(default=False)),
                ("once_key", models.CharField(blank=True, max_length=255)),
                ("once_digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(made_count__lte=F("row_count")),
                        name="batch_made_of_its_rows",
                    ),
                    models.UniqueConstraint(
                        fields=("sender", "key_type", "once_key"),
                        condition=~Q(once_key=""),
                        name="batch_once",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organisation_id", "-made_at", "-id"], name="batch_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="notify.batch",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("rows", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="batch_chunk_once")
                ],
            },
        ),
        migrations.AddField(
            "message", "batch", protected("notify.batch", null=True, db_index=False)
        ),
        migrations.AddField("message", "batch_row", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "message",
            "made_by",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField("message", "scheduled_for", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(
                fields=("batch", "batch_row"),
                condition=Q(batch__isnull=False),
                name="message_of_one_row",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["batch", "status"],
                condition=Q(batch__isnull=False),
                name="message_of_batch",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["organisation_id", "scheduled_for", "id"],
                condition=Q(status="created", scheduled_for__isnull=False),
                name="message_scheduled",
            ),
        ),
    ]
