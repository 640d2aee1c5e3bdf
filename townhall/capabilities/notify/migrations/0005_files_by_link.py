"""Files that emails link to, and whom people contact about them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0004_batches")]

    operations = [
        migrations.AddField(
            "sender",
            "contact",
            models.CharField(blank=True, default="", db_default="", max_length=250),
        ),
        migrations.CreateModel(
            name="LinkedFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("message_id", models.UUIDField(db_index=True)),
                ("person_id", models.UUIDField(null=True)),
                ("key_digest", models.BinaryField()),
                ("address_digest", models.BinaryField()),
                ("name", models.BinaryField()),
                ("content", models.BinaryField()),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("expires_at", models.DateTimeField()),
                ("wiped_at", models.DateTimeField(null=True)),
                ("guesses", models.PositiveSmallIntegerField(default=0)),
                ("guessing_since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="notify.sender"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("wiped_at", None)),
                        fields=["expires_at"],
                        name="linked_file_kept",
                    )
                ],
            },
        ),
    ]
