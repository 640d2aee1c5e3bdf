"""A little of everything that a list could show, done through the doors."""

from uuid import UUID, uuid4

from django.db import connection

from bench.town import Town
from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity.tests import make as people
from townhall.capabilities.notify import operations as notify
from townhall.capabilities.notify import permissions
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay.operations import record_notice
from townhall.capabilities.pay.records import Outcome, ProcessorNotice, Word
from townhall.machinery.actors import Actor
from townhall.machinery.events import deliver
from townhall.machinery.models import Delivery, RecordedEvent
from townhall.machinery.money import Money
from townhall.machinery.wording import Wording
from townhall.services.bulky_waste.operations import record_visit
from townhall.services.bulky_waste.records import Visit
from townhall.services.bulky_waste.tests import make

_FAILING = "bench.fails"


def live(town: Town, count: int) -> None:
    """So many more of each: bookings, cases, people, roles, letters, keys, and failed work."""
    for _ in range(count):
        make.bring_to_today(_book(town))
        _go_wrong(town, _book(town))
        _book(town)
        _employ(town)
        _write(town)
        _send_nonsense(town)
    _fail(town, count)


def _book(town: Town) -> UUID:
    """The resident's own collection, paid for."""
    of = town.organisation
    resident = make.make_actor(of, person_id=town.persons["resident"])
    asked = make.ask_for_collection(resident)
    make.pay_for(of, asked.id)
    return asked.id


def _go_wrong(town: Town, collection_id: UUID) -> None:
    make.bring_to_today(collection_id)
    record_visit(make.crew(town.organisation), collection_id, visit=Visit.NOT_OUT)
    make.settle()


def _employ(town: Town) -> None:
    actor = people.make_actor(town.organisation)
    people.make_member(town.organisation, "caseworker")
    identity.add_team(actor, name=f"Team {uuid4().hex[:8]}")
    identity.add_role(actor, title=f"Role {uuid4().hex[:8]}", permissions=[])


def _write(town: Town) -> None:
    may = frozenset({permissions.EDIT_TEMPLATES, permissions.MANAGE_KEYS})
    editor = Actor("bench", may, town.organisation.id)
    title = f"Letter {uuid4().hex[:8]}"
    notify.make_template(editor, title=title, subject=Wording("Hello"), body=Wording("Hello"))
    notify.make_api_key(editor, name=title, key_type=KeyType.TEAM)


def _send_nonsense(town: Town) -> None:
    """A notice from the processor of a payment that we never asked for."""
    processor = Actor("processor", frozenset({pay.RECORD}), town.organisation.id)
    about = Outcome(reference=uuid4().hex, word=Word.CAPTURED, amount=Money(100))
    notice = ProcessorNotice(id=str(uuid4()), about=about)
    record_notice(processor, processor="sandbox", notice=notice, body="{}")
    make.settle()


def _fail(town: Town, count: int) -> None:
    """So many tasks that were given up, and so many events that a handler does not take."""
    events = RecordedEvent.objects.filter(organisation_id=town.organisation.id)
    for event in events.exclude(delivery__handler=_FAILING)[:count]:
        Delivery.objects.create(event=event, handler=_FAILING, attempts=1)
        deliver.later(event_id=event.id, handler=_FAILING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'")
