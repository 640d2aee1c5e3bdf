import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0004_staff_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("title", models.CharField(max_length=230)),
                ("details", models.CharField(blank=True, max_length=500)),
                ("reference_label", models.CharField(blank=True, max_length=50)),
                ("amount_minor", models.PositiveIntegerField(null=True)),
                ("currency", models.CharField(default="GBP", max_length=3)),
                ("language", models.CharField(default="en", max_length=2)),
                ("slug", models.SlugField(max_length=60)),
                ("is_open", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "till",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="pay.till"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation_id", "-made_at", "-id"], name="link_newest_first"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "slug"), name="link_slug_once"
                    )
                ],
            },
        ),
    ]
