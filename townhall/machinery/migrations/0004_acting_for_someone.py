from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("machinery", "0003_quieter_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="delegate_id",
            field=models.UUIDField(null=True),
        ),
    ]
