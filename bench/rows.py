"""Years of a town's life, by the hundred thousand: copies of rows that the doors have made."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from bench.town import Town
from townhall.capabilities.cases import models as cases
from townhall.capabilities.cases import permissions
from townhall.capabilities.cases.operations import open_case
from townhall.capabilities.cases.records import Outcome
from townhall.machinery.actors import Actor
from townhall.machinery.models import AuditEntry
from townhall.machinery.wording import Wording
from townhall.services.bulky_waste import models as bulky_waste
from townhall.services.bulky_waste.tests import make

_BATCH = 25_000  # rows of one statement, which must end before the product's time-out
_PERSONS = 100_000
_MINE = 1000  # each thousandth case is the caseworker's; the same share of the audit the resident's


def fill_queue(town: Town, count: int) -> None:
    """So many open cases, due one after another, all for different people."""
    opener = Actor("service:bulky-waste", frozenset({permissions.OPEN}), town.organisation.id)
    opened = open_case(
        opener,
        service="bulky-waste",
        kind="not-out",
        subject_id=uuid4(),
        person_id=uuid4(),
        title="Not out: BW-2345-6789",
        summary="Ada Adeyemi, 2 Abbey Walk, Newtown, AA1 1AA",
        link="/bulky-waste/",
        outcomes=(Outcome(code="refund", label=Wording("Refund the resident")),),
        due_at=timezone.now() + timedelta(days=2),
    )
    mine = f"CASE WHEN n % {_MINE} = 0 THEN "
    _multiply(
        cases.Case.objects.get(id=opened.id),
        count - 1,
        id="gen_random_uuid()",
        reference="'C-' || lpad(to_hex(n), 7, '0')",
        subject_id="gen_random_uuid()",
        person_id="gen_random_uuid()",
        due_at="due_at + n * interval '1 second'",
        claimed_by=f"{mine}'{town.persons['caseworker']}'::uuid END",
        claimed_at=f"{mine}now() END",
    )


def fill_collections(town: Town, count: int) -> None:
    """Two years of collections, a fiftieth of them missed, and a round today."""
    asked = make.ask_for_collection(make.make_actor(town.organisation))
    make.pay_for(town.organisation, asked.id)
    _multiply(
        bulky_waste.Collection.objects.get(id=asked.id),
        count,
        id="gen_random_uuid()",
        reference=f"'BW-{town.organisation.slug[0].upper()}' || lpad(n::text, 8, '0')",
        person_id="gen_random_uuid()",
        booking_id="gen_random_uuid()",
        payment_id="gen_random_uuid()",
        email="'ada' || n || '@resident.example'",
        postcode="'AA' || (10 + n % 90) || ' ' || (n % 9) || 'AA'",
        house="lpad((n % 200)::text, 6, '0')",
        collects_on="current_date - n % 700",
        requested_at="now() - (n % 700 + 10) * interval '1 day'",
        booked_at="now() - (n % 700 + 10) * interval '1 day'",
        state="CASE WHEN n % 50 = 1 THEN 'missed' WHEN n % 700 = 0 THEN 'booked' "
        "ELSE 'collected' END",
        missed_on="CASE WHEN n % 50 = 1 THEN current_date - n % 700 END",
    )


def fill_audit(town: Town, count: int) -> None:
    """Sealed entries, each about somebody; the resident's own are among them."""
    entry = AuditEntry.objects.create(
        organisation_id=town.organisation.id,
        actor="staff:caseworker",
        person_id=town.persons["caseworker"],
        kind=AuditEntry.READ,
        action="bulky_waste.get_managed",
        subject_id=str(uuid4()),
        concerns=[],
    )
    resident = town.persons["resident"]
    _multiply(
        entry,
        count,
        subject_id="gen_random_uuid()::text",
        concerns=f"ARRAY[CASE WHEN n % {_MINE} = 0 THEN '{resident}'::uuid "
        f"ELSE md5((n % {_PERSONS})::text)::uuid END]",
        done_at="now() - n * interval '1 minute'",
        seal="sha256(n::text::bytea)",
    )


def _multiply(row: Model, times: int, **changes: str) -> None:
    """Insert so many copies of a row. `changes` are SQL for its columns; `n` counts from 1."""
    table, key = row._meta.db_table, row._meta.pk
    columns = [each.attname for each in row._meta.concrete_fields if each is not key]
    columns += [name for name in changes if name not in columns]
    values = [changes.get(name, f'{table}."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        for first in range(1, times + 1, _BATCH):
            last = min(times, first + _BATCH - 1)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "
                f"FROM {table}, generate_series({first}, {last}) AS n WHERE {table}.id = '{row.pk}'"
            )
        cursor.execute(f"ANALYZE {table}")
