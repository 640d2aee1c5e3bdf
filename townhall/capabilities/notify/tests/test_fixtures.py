"""What `townhall notify_client_fixtures` makes: found again, and made anew where it has gone."""

from uuid import UUID

import pytest

from townhall.capabilities.notify import models, operations, permissions
from townhall.capabilities.notify.dials import Dials
from townhall.capabilities.notify.operations.fixtures import RECEIVED, SENDER
from townhall.capabilities.notify.records import Channel, ClientFixtures
from townhall.capabilities.notify.tests.channels import set_to
from townhall.capabilities.notify.tests.make import BARSET, make_actor
from townhall.machinery.dial_values import dials_of

pytestmark = pytest.mark.django_db


def make() -> ClientFixtures:
    return operations.make_client_fixtures(make_actor(permissions.MANAGE_KEYS), secret=UUID(int=5))


def test_a_second_time_mends_what_somebody_changed() -> None:
    first = make()
    operations.archive_template(make_actor(), first.text_template_id)
    sender = models.Sender.objects.get(name=SENDER)
    operations.choose_channels(make_actor(), sender.id, channels=[])
    set_to("abroad", False)
    models.ReceivedText.objects.all().delete()

    second, third = make(), make()

    assert second == third
    assert second.email_template_id == first.email_template_id
    assert second.text_template_id != first.text_template_id
    assert not models.Template.objects.get(id=second.text_template_id).archived_at
    sender.refresh_from_db()
    assert sender.standing().channels == set(Channel)
    assert dials_of(BARSET.id, "notify", Dials).abroad
    assert models.ReceivedText.objects.count() == RECEIVED
