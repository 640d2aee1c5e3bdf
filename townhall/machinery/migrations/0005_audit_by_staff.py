from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the running code: the audit is the longest table there is."""

    atomic = False

    dependencies = [
        ("machinery", "0004_acting_for_someone"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("actor__startswith", "staff:")),
                fields=["person_id", "action", "done_at"],
                name="audit_by_staff",
            ),
        ),
    ]
