"""Texts and letters beside emails; each template belongs to a sender."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def give_templates_their_sender(apps, schema_editor):
    """Each service of an organisation sends under its own name; staff's own templates under one."""
    sender_model = apps.get_model("notify", "Sender")
    template_model = apps.get_model("notify", "Template")
    version_model = apps.get_model("notify", "TemplateVersion")
    pairs = template_model.objects.values_list("organisation_id", "service").distinct()
    for organisation_id, service in pairs.order_by():
        sender, _is_new = sender_model.objects.get_or_create(
            organisation_id=organisation_id, name=service or "main"
        )
        theirs = template_model.objects.filter(organisation_id=organisation_id, service=service)
        theirs.update(sender=sender, made_at=F("changed_at"))
    title = template_model.objects.filter(id=OuterRef("template_id")).values("title")
    version_model.objects.update(title=Subquery(title))


CHANNEL = models.CharField(default="email", max_length=6)


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial")]

    operations = [
        migrations.RenameModel("SandboxEmail", "SandboxMessage"),
        migrations.RenameIndex(
            "sandboxmessage", old_name="sandbox_email_newest", new_name="sandbox_message_newest"
        ),
        migrations.AddField("sandboxmessage", "channel", CHANNEL),
        migrations.AddField(
            "sandboxmessage", "sent_by", models.CharField(blank=True, max_length=320)
        ),
        migrations.AlterField("sandboxmessage", "to", models.CharField(max_length=800)),
        migrations.AddField("message", "channel", CHANNEL),
        migrations.AddField("message", "origin", models.TextField(blank=True)),
        migrations.AddField("message", "units", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("message", "postage", models.CharField(blank=True, max_length=10)),
        migrations.AddField("message", "once_key", models.CharField(blank=True, max_length=255)),
        migrations.AddField("message", "once_digest", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(
                condition=models.Q(("once_key", ""), _negated=True),
                fields=("sender", "key_type", "once_key"),
                name="message_once",
            ),
        ),
        migrations.AlterField("message", "to", models.CharField(max_length=800)),
        migrations.AlterField("message", "subject", models.TextField(blank=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["sender", "key_type", "-created_at", "-id"], name="message_of_program"
            ),
        ),
        migrations.AddField("template", "channel", CHANNEL),
        migrations.AddField(
            "template", "made_at", models.DateTimeField(default=django.utils.timezone.now)
        ),
        migrations.AddField(
            "template",
            "sender",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="templates",
                to="notify.sender",
            ),
        ),
        migrations.AddField(
            "templateversion", "title", models.CharField(default="", max_length=120)
        ),
        migrations.AddField(
            "templateversion", "postage", models.CharField(blank=True, max_length=10)
        ),
        migrations.AddField("templateversion", "contact_block", models.TextField(blank=True)),
        migrations.AlterField(
            "templateversion", "subject_en", models.CharField(blank=True, max_length=1000)
        ),
        migrations.RunPython(give_templates_their_sender, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "template",
            "sender",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="templates",
                to="notify.sender",
            ),
        ),
        migrations.AlterField("templateversion", "title", models.CharField(max_length=120)),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="notify.message",
                    ),
                ),
                ("pdf", models.BinaryField()),
                ("is_checked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=6)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField()),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="notify.sender"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sender", "channel", "day"), name="day_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.CharField(max_length=6)),
                ("words", models.TextField()),
                ("is_default", models.BooleanField(default=False)),
                ("takes_texts", models.BooleanField(default=False)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="notify.sender",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("sender", "channel"),
                        name="origin_default_once",
                    ),
                    models.UniqueConstraint(
                        fields=("sender", "channel", "words"), name="origin_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("takes_texts", True)),
                        fields=("words",),
                        name="origin_number_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.UUIDField()),
                ("supplier_reference", models.CharField(max_length=100, unique=True)),
                ("to", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=20)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        fields=["sender", "-created_at", "-id"], name="received_text_newest"
                    )
                ],
            },
        ),
    ]
