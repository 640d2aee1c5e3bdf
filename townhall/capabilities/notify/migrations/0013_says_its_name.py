from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0012_batches_abroad")]

    operations = [
        migrations.AddField(
            "sender",
            "prefix",
            models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
