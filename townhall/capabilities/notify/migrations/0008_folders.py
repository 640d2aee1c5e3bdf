"""Folders for templates, templates taken out of use, and keys that may change templates."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0007_suppliers")]

    operations = [
        migrations.CreateModel(
            name="TemplateFolder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("title", models.CharField(max_length=80)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="folders",
                        to="notify.templatefolder",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "parent", "title"),
                        name="folder_title_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AddField(
            "template",
            "folder",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="templates",
                to="notify.templatefolder",
            ),
        ),
        migrations.AddField("template", "archived_at", models.DateTimeField(null=True)),
        migrations.AddField("template", "once_key", models.CharField(blank=True, max_length=255)),
        migrations.AddField("template", "once_digest", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "template",
            models.UniqueConstraint(
                condition=models.Q(("once_key", ""), _negated=True),
                fields=("sender", "once_key"),
                name="template_once",
            ),
        ),
        migrations.AddField("apikey", "may_edit_templates", models.BooleanField(default=False)),
    ]
