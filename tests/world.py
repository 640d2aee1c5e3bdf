"""A small real world for the access walk: organisations whose every word can be recognised."""

import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.doors.door import RESIDENTS, STAFF
from tests.marks import Town, Who, bearer, email_of
from tests.money import make_link, make_money, pay_out_something_else
from tests.parties import open_party
from tests.proving import make_proofs
from tests.rights import furnish_rights
from tests.till import open_till
from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.cases.operations import close_case
from townhall.capabilities.cases.queries import list_cases
from townhall.capabilities.cases.records import View
from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity.queries import list_roles
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_organisation,
    sign_in,
)
from townhall.capabilities.notify import models as notify_models
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.notify.operations import (
    add_callback,
    add_guest,
    add_origin,
    ask_to_go_live,
    keep_list,
    make_api_key,
    make_folder,
    make_template,
    note_answer,
    open_sender,
    receive_text,
    send_one,
    start_list,
    take_complaint,
)
from townhall.capabilities.notify.records import (
    CallbackAnswer,
    CallbackKind,
    Channel,
    Complained,
    NewKey,
    Outcome,
)
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay import records as pay_records
from townhall.capabilities.pay.operations import (
    open_at_processor,
    pay_in_sandbox,
    record_notice,
    tell_outcome,
)
from townhall.capabilities.places import permissions as places
from townhall.capabilities.places.operations import import_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.models import Delivery
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting
from townhall.machinery.wording import Wording
from townhall.services.administration.operations import set_picture
from townhall.services.bulky_waste import models, operations, queries, records
from townhall.services.bulky_waste.service import ASK, MANAGE, ROUND

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "000002000001e221bc330000000049454e44ae426082"
)


def make_town(slug: str, mark: str, *, mixes: Iterable[str] = ()) -> Town:
    """`mixes` are of roles that one person has at once, like "crew operator"."""
    opened = make_organisation(slug=slug, hosts=(f"{slug}.example",))
    manager = make_actor(opened)
    people = {role: _member(opened, mark, role, role) for role in STAFF}
    people |= {mix: _member(opened, mark, f"of {mix}", mix) for mix in mixes}
    for name in ("everything", "halfway", "leaver"):
        people[name] = _member(opened, mark, name, " ".join(STAFF))
    for name in RESIDENTS:
        email, phone = email_of(mark, name), "+447700900111"
        found = identity.add_person(manager, email=email, name=f"{mark} {name}", phone=phone)
        people[name] = found.id
    town = Town(opened, mark, _make_key(opened, mark), people, who={})
    town.marks |= {email_of(mark, name): person for name, person in people.items()}
    town.marks |= {f"{mark} {name}": person for name, person in people.items()}
    for name, person_id in people.items():
        method = Method.CODE if name == "halfway" else Method.LINK_AND_SECOND_FACTOR
        town.who[name] = Who(name, town.host, _session(opened, person_id, method), person_id)
    identity.remove_member(manager, people["leaver"])
    town.who["nobody"] = Who("nobody", town.host)
    pay_key = open_till(town)
    town.who["program"] = Who("program", town.host, key=town.key, pay_key=pay_key)
    _furnish(town, manager)
    open_party(town)
    _live(town)
    _send_as_program(town)
    _note_references(town)
    make_proofs(town)
    _let_work_fail(town)
    furnish_rights(town, manager)
    town.things |= {name: str(person_id) for name, person_id in people.items()}
    ids = ("owner", "stranger", "booked", "missed", "cancelled", "case", "closed_case", "template")
    town.marks |= {town.things[name]: None for name in ids}
    town.things["owner_email"] = email_of(mark, "owner")
    return town


def _member(opened: Organisation, mark: str, name: str, roles: str) -> UUID:
    actor = make_actor(opened)
    member = identity.add_member(
        actor, email=email_of(mark, name), name=f"{mark} {name}", roles=roles.split()
    )
    identity.enrol_totp(actor, member.id, secret=SECRET)
    return member.id


def _session(opened: Organisation, person_id: UUID, method: Method) -> str:
    client = Client()
    sign_in(client, opened, person_id, method=method)
    return client.cookies["session"].value


def _make_key(opened: Organisation, mark: str) -> NewKey:
    keeper = Actor("test", frozenset({notify.MANAGE_KEYS, notify.OPEN_SENDERS}), opened.id)
    open_sender(keeper)
    return make_api_key(keeper, name=f"{mark}-key")


def _furnish(town: Town, manager: Actor) -> None:
    """What administrators would have made."""
    mark = town.mark
    town.things["team"] = str(identity.add_team(manager, name=f"{mark} team").id)
    role = identity.add_role(manager, title=f"{mark} role", permissions=[MANAGE])
    town.things |= {f"{each.slug}_role": str(each.id) for each in list_roles(manager)}
    by_claim = identity.give_by_claim(manager, value=f"{mark} group", role="crew")
    town.things |= {"claim_role": str(by_claim.id)}
    town.things |= {"role": str(role.id), "role_slug": role.slug, "slug": town.organisation.slug}
    clerk = town.actor("test", notify.EDIT_TEMPLATES, SET_DIALS, places.LOAD_ADDRESSES)
    template = make_template(
        clerk, title=f"{mark} template", subject=Wording("Hello"), body=Wording(f"{mark} body")
    )
    town.things |= {"template": str(template.id), "key": str(town.key.id)}
    letter = make_template(
        clerk,
        title=f"{mark} letter",
        channel=Channel.LETTER,
        subject=Wording("Hello"),
        body=Wording(f"{mark} body"),
    )
    folder = make_folder(clerk, title=f"{mark} folder")
    _keep_in_trial(town)
    origin = add_origin(clerk, channel=Channel.EMAIL, words=email_of(mark, "replies"))
    town.things |= {"letter": str(letter.id), "origin": str(origin.id)}
    town.things["folder"] = str(folder.id)
    logo = set_picture(clerk, "organisation", "logo", filename="logo.png", content=PNG)
    town.things["logo"] = str(logo.value)
    house = {"house": "1", "street": f"{mark} Street", "locality": "", "town": "Newtown"}
    uprn, postcode = ("100", "AA1 1AA") if mark < "M" else ("200", "ZZ9 9ZZ")
    import_addresses(clerk, rows=[{"UPRN": uprn, "postcode": postcode, **house}])
    town.things |= {"uprn": uprn, "their_postcode": postcode}
    town.marks |= dict.fromkeys((f"{mark} letter", f"{mark} folder", email_of(mark, "replies")))
    town.marks |= dict.fromkeys((f"{mark} team", f"{mark} role", f"{mark} template"))
    town.marks |= dict.fromkeys((f"{mark} body", f"{mark}-key", town.key.text[-36:]))


def _keep_in_trial(town: Town) -> None:
    """One sender that may ask to go live, one that has asked, and somebody to try them on."""
    may = (notify.EDIT_TEMPLATES, notify.MANAGE_KEYS, notify.OPEN_SENDERS)
    keeper = town.actor("test", *may)
    for name in ("trial", "asking"):
        sender = f"{town.mark} {name}"
        make_template(
            keeper,
            title=sender,
            subject=Wording(""),
            body=Wording("Hello"),
            channel=Channel.SMS,
            sender=sender,
        )
        of = notify_models.Sender.named(keeper, sender)
        for guest in ("guest", "other"):
            email = email_of(town.mark, f"{name}-{guest}")
            added = add_guest(keeper, of.id, email=email, is_team=True)
            town.marks[email] = None
        town.marks[sender] = None
        town.things |= {f"{name}_sender": str(of.id), "guest": str(added.id)}
    asked = ask_to_go_live(keeper, of.id, emails_a_year=0, texts_a_year=1, letters_a_year=0)
    sender_id = str(open_sender(keeper).id)
    town.things |= {"going_live": str(asked.id), "sender": sender_id}


def _live(town: Town) -> None:
    """What residents asked for, and what became of it."""
    owner, staff = town.actor("owner", ASK), town.actor("caseworker", ASK, MANAGE, cases.WORK)
    booked, today, missed, cancelled = (_book(town, owner) for _number in range(4))
    waiting = _ask(town, owner)
    town.things["checkout"] = _open_checkout(town, waiting)
    town.things["payment"] = str(queries.get_payment_id(owner, waiting))
    make_link(town)
    collections = {"booked": booked, "today": today, "missed": missed, "cancelled": cancelled}
    for name, collection_id in {**collections, "waiting": waiting}.items():
        town.things[name] = str(collection_id)
    on_time = models.Collection.objects.filter(id__in=[today, missed])
    on_time.update(collects_on=timezone.localdate())
    operations.record_visit(
        town.actor("crew", ROUND),
        missed,
        visit=records.Visit.NOT_OUT,
        note=f"{town.mark} note",
        photo=PNG + f"{town.mark} photo".encode(),
    )
    operations.cancel_collection(owner, cancelled)
    refund = list_cases(staff, kind="refund-due").rows[0]
    close_case(staff, refund.id, outcome="refund")
    town.things["closed_case"] = str(refund.id)
    _settle()
    _hear_something_else(town, booked)
    make_money(town)
    pay_out_something_else(town)
    _settle()
    town.things["case"] = str(list_cases(staff, kind="not-out").rows[0].id)
    town.things["free_slot"] = str(queries.list_days(owner)[-1].id)
    town.marks |= {f"{town.mark} note": owner.person_id, f"{town.mark} photo": owner.person_id}
    town.marks |= {f"{town.mark} Street": owner.person_id}


def _ask(town: Town, owner: Actor) -> UUID:
    return operations.request_collection(
        owner,
        uprn=town.things["uprn"],
        items={"sofa": 1},
        slot_id=queries.list_days(owner)[0].id,
        contact=records.Contact(
            name=f"{town.mark} owner", email=email_of(town.mark, "owner"), phone="+447700900111"
        ),
    ).id


def _book(town: Town, owner: Actor) -> UUID:
    collection_id = _ask(town, owner)
    supplier = town.actor("test", pay.USE_SANDBOX, pay.READ)
    pay_in_sandbox(
        supplier, queries.get_payment_id(owner, collection_id), result=pay_records.CardResult.PAYS
    )
    _settle()
    return collection_id


def _open_checkout(town: Town, collection_id: UUID) -> str:
    """The sandbox's name for a payment that somebody has begun to make."""
    return open_at_processor(
        town.actor("test", pay.PAY),
        queries.get_payment_id(town.actor("owner", ASK), collection_id),
        processor="sandbox",
        return_url=f"http://{town.host}/",
        notice_url=f"http://{town.host}/",
    ).reference


def _hear_something_else(town: Town, collection_id: UUID) -> None:
    """The processor speaks of another card page for the same payment."""
    said = pay_records.Outcome(
        reference=f"{town.mark}-page",
        payment_id=queries.get_payment_id(town.actor("owner", ASK), collection_id),
        word=pay_records.Word.CAPTURED,
        amount=Money(1500),
    )
    notice = pay_records.ProcessorNotice(id=f"{town.mark}-notice", about=said)
    kept = record_notice(
        town.actor("test", pay.RECORD), processor="sandbox", notice=notice, body="{}"
    )
    town.things["notice"] = str(kept.id)
    town.marks[f"{town.mark}-page"] = town.people["owner"]


def _settle() -> None:
    """What is queued happens; the processor's own notices do not."""
    run_waiting(dropped=(tell_outcome.name,))


def _send_as_program(town: Town) -> None:
    """To an address that belongs to nobody whom the organisation knows."""
    town.marks[email_of(town.mark, "subscriber")] = None
    asked = {
        "email_address": email_of(town.mark, "subscriber"),
        "template_id": town.things["template"],
    }
    answer = Client().post(
        "/v2/notifications/email",
        json.dumps(asked),
        content_type="application/json",
        headers={"host": town.host, "Authorization": bearer(town.key)},
    )
    town.things["message"] = answer.json()["id"]
    _send_lists(town)
    _let_a_callback_fail(town)


def _send_lists(town: Town) -> None:
    """Two lists were looked at, and one of them begins tomorrow; so does a message to one."""
    clerk, template_id = town.actor("test", notify.SEND_MESSAGES), UUID(town.things["template"])
    email, name = email_of(town.mark, "listed"), f"{town.mark} list"
    tomorrow = timezone.now() + timedelta(days=1)
    for thing in ("batch", "checked"):
        table = [["email address"], [email]]
        kept = keep_list(clerk, template_id, name=name, table=table, made_by=f"{town.mark} clerk")
        town.things[thing] = str(kept.id)
    start_list(clerk, UUID(town.things["batch"]), starts_at=tomorrow)
    sent = send_one(
        clerk,
        template_id,
        values={"email address": email},
        made_by=f"{town.mark} clerk",
        scheduled_for=tomorrow,
    )
    town.things["scheduled"] = str(sent.id)
    town.marks |= dict.fromkeys((email, name, f"{town.mark} clerk"))


def _let_a_callback_fail(town: Town) -> None:
    """The program was to be told, and had gone; someone has texted it, and someone complained."""
    keeper, supplier = town.actor("test", notify.MANAGE_KEYS), town.actor("test", notify.DELIVER)
    url = f"https://program.example/{town.mark}-callback"
    for kind in CallbackKind:
        callback = add_callback(keeper, kind=kind, url=url, token=f"{town.mark}-token")
    town.things["callback"] = str(callback.id)
    sender = notify_models.Sender.named(keeper, "main")
    town.things["sender"] = str(sender.id)
    number = "447700900501" if town.mark < "M" else "447700900502"
    notify_models.Origin.objects.create(
        sender=sender, channel="sms", words=number, takes_texts=True
    )
    receive_text(
        supplier,
        to=number,
        by="447700900111",
        body=f"{town.mark} text",
        supplier_reference=f"{town.mark}-1",
    )
    said = Complained(supplier_reference="arf", kind="abuse", made_at=None)
    take_complaint(supplier, UUID(town.things["message"]), said=said)
    untold = notify_models.CallbackDelivery.objects.get(callback_id=callback.id)
    gone = CallbackAnswer(outcome=Outcome.REFUSED, words="410")
    note_answer(supplier, untold.id, attempts=0, answer=gone)
    town.things["untold"] = str(untold.id)
    town.marks |= dict.fromkeys((f"{town.mark}-callback", f"{town.mark}-token"))
    town.marks[f"{town.mark} text"] = None


def _note_references(town: Town) -> None:
    """Names that things were given by chance."""
    owner, staff = town.actor("owner", ASK), town.actor("caseworker", cases.WORK)
    requests = queries.list_my_requests(owner)
    known = [each for view in View for each in list_cases(staff, view=view).rows]
    names = {each.reference for each in requests} | {each.reference for each in known}
    town.references = dict.fromkeys(names, town.people["owner"])
    town.things["reference"] = requests[0].reference


def _let_work_fail(town: Town) -> None:
    """The email to a program's person stays queued; it and an event's delivery have failed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' RETURNING id")
        town.things["task"] = str(cursor.fetchone()[0])
    delivery = Delivery.objects.filter(event__organisation_id=town.organisation.id).first()
    assert delivery is not None
    town.things["delivery"] = str(delivery.id)
    failed = {"delivered_at": None, "attempts": 1, "last_error": "Boom"}
    Delivery.objects.filter(id=delivery.id).update(**failed)
