"""What the audit says: to the person concerned, to staff, and about itself."""

from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.governance import permissions, records, rules
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.holdings import holdings, names_of_things
from townhall.machinery.models import AuditEntry
from townhall.machinery.operations import explain, query, reason
from townhall.machinery.paging import Page
from townhall.machinery.service import offered

R = TypeVar("R")

PAGE = 25
_NOTHING = UUID(int=0)
_BY_ITSELF = Q(person_id=None) & (
    Q(actor__startswith="service:") | Q(actor__startswith="capability:") | Q(actor="processor")
)


@query(permissions.SEE_LOOKS)
def list_looks(actor: Actor, *, place: str | None = None) -> Page[records.Look]:
    """A page of what others saw or did about the acting person, the latest first.

    What services and capabilities do with nobody asking, like sending an email, is left out: it
    would hide the people among whom someone looks for a name. It stays in the audit. Raises
    NotAllowed if nobody is signed in.
    """
    me = actor.person_id
    if me is None:
        raise NotAllowed(_("Sign in to see who looked at your data."))
    about_me = AuditEntry.visible_to(actor).filter(concerns__contains=[me])
    by_me = Q(person_id=me, delegate_id=None)
    entries = about_me.exclude(by_me).exclude(_BY_ITSELF)
    page = _page(_by_index(entries), lambda entry: entry, place)
    subjects = {entry.id: _as_id(entry.subject_id) for entry in page.rows}
    names = names_of_things(actor, {each for each in subjects.values() if each is not None})
    rows = [_look(entry, names.get(subjects[entry.id] or _NOTHING, "")) for entry in page.rows]
    return Page(rows=rows, next_place=page.next_place)


@query(permissions.READ_AUDIT, told=gettext_lazy("Read who had looked at your data"))
def list_audit(
    actor: Actor, *, subject_id: str = "", person_id: UUID | None = None, place: str | None = None
) -> Page[records.Entry]:
    """A page of the audit, the latest first; of one subject, or about one person, if named."""
    entries = AuditEntry.visible_to(actor)
    if subject_id:
        entries = _by_index(entries.filter(subject_id=subject_id))
    if person_id:
        entries = _by_index(entries.filter(concerns__contains=[person_id]))
    return _page(entries, _entry, place)


@query(permissions.VERIFY_AUDIT)
def verify_chain(actor: Actor, *, newest: int | None = None) -> records.Verdict:
    """Check the seals of all organisations' entries, or of the newest so many, against the rows."""
    sealed = AuditEntry.objects.filter(seal__isnull=False)
    last = sealed.order_by("-id").first()
    start = sealed.order_by("-id")[newest : newest + 1].first() if newest is not None else None
    if last is None:
        return _verdict(0, None, "", None)
    unsealed = AuditEntry.objects.filter(seal=None, id__lt=last.id).order_by("id").first()
    if unsealed is not None:
        says = f"Entry {unsealed.id} was put in, or lost its seal, after later ones were sealed."
        return _verdict(0, unsealed.id, says, last)
    after = sealed.filter(id__gt=start.id if start else 0).order_by("id").iterator(2000)
    checked, broken_at = _walk(after, bytes(start.seal) if start and start.seal else rules.FIRST)
    says = f"Entry {broken_at} or the one before it was altered, or some between were removed."
    return _verdict(checked, broken_at, says if broken_at else "", last)


def _walk(entries: Iterator[AuditEntry], before: bytes) -> tuple[int, int | None]:
    """How many entries fit the seals before them, and the first that does not."""
    checked = 0
    for entry in entries:
        seal = bytes(entry.seal or b"")
        if seal != rules.seal_of(entry, before):
            return checked, entry.id
        before, checked = seal, checked + 1
    return checked, None


def _verdict(
    checked: int, broken_at: int | None, cause: str, last: AuditEntry | None
) -> records.Verdict:
    return records.Verdict(
        checked=checked,
        broken_at=broken_at,
        cause=cause,
        last_id=last.id if last else None,
        last_seal=bytes(last.seal).hex() if last and last.seal else "",
    )


def _by_index(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Have PostgreSQL find the few rows by their own index, not walk the whole audit by id."""
    return entries.annotate(age=F("id") + 0).order_by("-age")


def _page(
    entries: QuerySet[AuditEntry], to_record: Callable[[AuditEntry], R], place: str | None
) -> Page[R]:
    if place:
        entries = entries.filter(id__lt=_read(place))
    if not entries.query.order_by:
        entries = entries.order_by("-id")
    found = list(entries[: PAGE + 1])
    more = len(found) > PAGE
    return Page(
        rows=[to_record(entry) for entry in found[:PAGE]],
        next_place=signing.dumps(found[PAGE - 1].id, salt="governance") if more else None,
    )


def _read(place: str) -> int:
    try:
        return int(signing.loads(place, salt="governance"))
    except signing.BadSignature as error:
        raise Invalid(_("That page link is damaged. Go back to the first page.")) from error


def _look(entry: AuditEntry, name: str) -> records.Look:
    told = str(explain(entry.action))
    if told == entry.action:
        is_read = entry.kind == AuditEntry.READ
        told = _("Looked at something of yours") if is_read else _("Worked on something of yours")
    who = _("Someone who acts for you") if entry.delegate_id else _who(entry.actor)
    if entry.actor == "resident" and entry.person_id is None:
        who = _("Someone who was not signed in")
    return records.Look(
        done_at=entry.done_at,
        who=who,
        what=told,
        about=": ".join(filter(None, [_part(entry.action), name])),
        why=reason(entry.action),
        kind=entry.kind,
    )


def _part(action: str) -> str:
    """The service or the part of this website that an action is of ("bulky_waste.get_managed")."""
    slug = action.partition(".")[0].replace("_", "-")
    services = {each.slug: str(each.title) for each in offered()}
    held = {each.slug: str(each.title) for each in holdings()}
    return services.get(slug) or held.get(slug) or ""


def _as_id(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None


def _who(actor: str) -> str:
    """Who acted, from a name such as `staff:crew+caseworker` or `service:bulky-waste`."""
    sort, _colon, name = actor.partition(":")
    if sort == "staff":
        roles = ", ".join(_(_words(role)) for role in name.split("+"))
        return _("Staff: %(roles)s") % {"roles": roles}
    if sort == "service":
        titles = {each.slug: str(each.title) for each in offered()}
        return titles.get(name, _words(name))
    if sort == "program":
        return _("Another organisation's program: %(name)s") % {"name": _words(name)}
    if sort == "link":
        return _("Whoever had the link")
    if sort == "resident":
        return _("Another person")
    return _("This website, by itself")


def _words(code: str) -> str:
    return code.replace("-", " ").replace("_", " ").capitalize()


def _entry(entry: AuditEntry) -> records.Entry:
    return records.Entry(
        id=entry.id,
        done_at=entry.done_at,
        actor=entry.actor,
        person_id=entry.person_id,
        delegate_id=entry.delegate_id,
        kind=entry.kind,
        action=entry.action,
        subject_id=entry.subject_id,
        concerns=tuple(entry.concerns),
        is_sealed=entry.seal is not None,
    )
