import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FILL = (
    "UPDATE identity_provendocument AS used SET birth_date = proof.birth_date, "
    "expires_at = proof.expires_at FROM identity_provenidentity AS proof "
    "WHERE proof.id = used.proof_id"
)


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0010_rights_mended"),
    ]

    operations = [
        migrations.AddField(
            model_name="provingcheck",
            name="confirmed",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="fraudsignal",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="provendocument",
            name="birth_date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="provendocument",
            name="expires_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="provendocument",
            name="proof",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="identity.provenidentity",
            ),
        ),
        migrations.AlterField(
            model_name="provendocument",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="provendocument",
            name="proven_document_of_one",
        ),
        migrations.AddConstraint(
            model_name="provendocument",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "document", "proof"), name="proven_document_once"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
