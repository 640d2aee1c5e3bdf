"""Which supplier has a message, and suppliers that fail."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notify", "0006_complaints")]

    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("rests_until", models.DateTimeField(null=True)),
                ("last_words", models.CharField(max_length=200)),
                ("failed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            "message",
            "supplier",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["organisation_id", "created_at", "id"],
                name="message_to_print",
                condition=Q(supplier="print-here", status="sending"),
            ),
        ),
    ]
