"""Texts abroad count in batches too; a batch knows its program's key, and the day it counts on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0011_generations")]

    operations = [
        migrations.AddField(
            "batch", "abroad_left", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField("batch", "counted_on", models.DateField(null=True)),
        migrations.AddField(
            "batch",
            "key",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="notify.apikey",
            ),
        ),
    ]
