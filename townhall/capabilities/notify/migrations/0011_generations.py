from django.db import migrations, models

COUNT_UP = """
CREATE FUNCTION notify_count_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.generation := OLD.generation + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER notify_sender_changed BEFORE UPDATE ON notify_sender
  FOR EACH ROW EXECUTE FUNCTION notify_count_generation();

CREATE FUNCTION notify_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE notify_sender SET generation = generation WHERE id = OLD.sender_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE notify_sender SET generation = generation WHERE id = NEW.sender_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notify_key_changed AFTER INSERT OR DELETE
  OR UPDATE OF sender_id, name, key_type, secret, revoked_at ON notify_apikey
  FOR EACH ROW EXECUTE FUNCTION notify_part_changed();
CREATE TRIGGER notify_origin_changed AFTER INSERT OR DELETE OR UPDATE ON notify_origin
  FOR EACH ROW EXECUTE FUNCTION notify_part_changed();
CREATE TRIGGER notify_template_changed AFTER INSERT OR DELETE OR UPDATE ON notify_template
  FOR EACH ROW EXECUTE FUNCTION notify_part_changed();
"""
UNDO = """
DROP TRIGGER notify_template_changed ON notify_template;
DROP TRIGGER notify_origin_changed ON notify_origin;
DROP TRIGGER notify_key_changed ON notify_apikey;
DROP FUNCTION notify_part_changed();
DROP TRIGGER notify_sender_changed ON notify_sender;
DROP FUNCTION notify_count_generation();
"""


class Migration(migrations.Migration):
    dependencies = [("notify", "0010_going_live")]

    operations = [
        migrations.AddField("sender", "generation", models.PositiveIntegerField(default=0)),
        migrations.AddField("allowance", "granted", models.PositiveIntegerField(default=1)),
        migrations.AddField("daycount", "granted", models.PositiveIntegerField(default=1)),
        migrations.RunSQL(COUNT_UP, UNDO),
    ]
