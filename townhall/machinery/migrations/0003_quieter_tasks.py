from django.db import migrations

MAKE = """
DROP TRIGGER procrastinate_trigger_status_events_insert_v1 ON procrastinate_jobs;
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON procrastinate_jobs
  FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status){but})
  EXECUTE PROCEDURE procrastinate_trigger_function_status_events_insert_v1();
DROP TRIGGER procrastinate_trigger_scheduled_events_v1 ON procrastinate_jobs;
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1
  AFTER INSERT OR UPDATE ON procrastinate_jobs FOR EACH ROW
  WHEN ((new.scheduled_at IS NOT NULL AND new.status = 'todo'::procrastinate_job_status){but})
  EXECUTE PROCEDURE procrastinate_trigger_function_scheduled_events_v1();
"""


class Migration(migrations.Migration):
    """Two events beside each task cost as much as the task."""

    dependencies = [
        ("machinery", "0002_quiet_tasks"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            MAKE.format(but=" AND new.queue_name <> 'quiet'"),
            MAKE.format(but=""),
        ),
    ]
