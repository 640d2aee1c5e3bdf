"""Complaints of the people that we wrote to."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0005_files_by_link")]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("supplier_reference", models.CharField(max_length=100)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("complained_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="complaints",
                        to="notify.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation_id", "-complained_at", "-id"],
                        name="complaint_newest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "supplier_reference"), name="complaint_once"
                    )
                ],
            },
        ),
    ]
