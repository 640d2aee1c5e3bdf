from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.AddField("membership", "called", models.CharField(blank=True, max_length=200)),
    ]
