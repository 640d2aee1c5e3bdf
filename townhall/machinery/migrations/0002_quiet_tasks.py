from django.db import migrations

NAME = "procrastinate_jobs_notify_queue_job_inserted_v1"
MAKE = """
DROP TRIGGER {name} ON procrastinate_jobs;
CREATE TRIGGER {name} AFTER INSERT ON procrastinate_jobs
  FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status){but})
  EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("machinery", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            MAKE.format(name=NAME, but=" AND new.queue_name <> 'quiet'"),
            MAKE.format(name=NAME, but=""),
        ),
    ]
