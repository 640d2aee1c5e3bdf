"""The queue, and one case with all that happened to it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.cases import models, permissions, records
from townhall.capabilities.cases.records import View
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotFound
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment
from townhall.machinery.paging import Page, page_of

CLOSED_PAGE = 25


@query(permissions.WORK, narrowed=True, told=gettext_lazy("Saw your request in a list of work"))
def list_cases(
    actor: Actor,
    *,
    view: View = View.ALL,
    service: str = "",
    kind: str = "",
    place: str | None = None,
) -> Page[records.Case]:
    """A page of the queue, most urgent first; of the closed cases, the latest first."""
    cases = models.Case.visible_to(actor)
    if service:
        cases = cases.filter(service=service)
    if kind:
        cases = cases.filter(kind=kind)
    if view == View.CLOSED:
        return _closed_page(cases.filter(models.CLOSED), place)
    cases = cases.filter(models.OPEN)
    if view == View.MINE:
        cases = cases.filter(claimed_by=actor.person_id, claimed_by__isnull=False)
    elif view == View.UNCLAIMED:
        cases = cases.filter(claimed_by=None)
    return page_of(cases, models.Case.record, order=("due_at", "id"), place=place)


@query(permissions.WORK, narrowed=True)
def list_kinds(actor: Actor) -> list[records.Kind]:
    """The sorts of work that are open, by service."""
    return [records.Kind(service=s, kind=k) for s, k in models.Case.kinds(actor)]


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The work that was done for the acting person, the latest first."""
    mine = _of_person(actor).prefetch_related("moments")
    return page_of(mine, _held, order=("-opened_at", "-id"), place=place)


@query(SEE_HELD)
def list_delays(actor: Actor) -> list[str]:
    """What staff are still to decide for the acting person."""
    still_open = _of_person(actor).filter(models.OPEN).order_by("opened_at")
    return [
        _("Our staff are still working on something for you: %(reference)s")
        % {"reference": reference}
        for reference in still_open.values_list("reference", flat=True)
    ]


@query(SEE_HELD)
def find_names(actor: Actor, *, ids: Collection[UUID]) -> dict[UUID, str]:
    """The references of those of these cases that are the acting person's."""
    return dict(_of_person(actor).filter(id__in=ids).values_list("id", "reference"))


def _of_person(actor: Actor) -> QuerySet[models.Case]:
    known = models.Case.visible_to(actor).filter(person_id__isnull=False)
    return known.filter(person_id=actor.person_id)


def _held(case: models.Case) -> Held:
    assert case.person_id is not None
    notes = [moment.note for moment in case.moments.all() if moment.note]
    return Held(
        person_id=case.person_id,
        title=f"{case.reference} {case.title}",
        noted_at=case.opened_at,
        facts=facts(
            (_("What it says"), case.summary),
            (_("Closed"), write_moment(case.closed_at) if case.closed_at else _("Still open")),
            (_("Outcome"), _outcome(case)),
            (_("Notes"), "; ".join(dict.fromkeys([*notes, *filter(None, [case.note])]))),
        ),
    )


def _outcome(case: models.Case) -> str:
    labels = {each.code: str(each.label) for each in case.record().outcomes}
    return labels.get(case.outcome, case.outcome)


@query(permissions.WORK, narrowed=True, told=gettext_lazy("Saw the work on your request"))
def get_case(actor: Actor, case_id: UUID) -> records.Case:
    """A case with its timeline. Raises NotFound."""
    case = models.Case.visible_to(actor).filter(id=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    moments = models.CaseMoment.visible_to(actor).filter(case_id=case_id).order_by("at", "id")
    return case.record(tuple(moment.record() for moment in moments))


@query(permissions.OPEN, told=gettext_lazy("Looked for work on your request"))
def find_open_case(
    actor: Actor, *, service: str, kind: str, subject_id: UUID
) -> records.Case | None:
    """The case that a service has open on a subject, if there is one."""
    open_cases = models.Case.visible_to(actor).filter(models.OPEN)
    found = open_cases.filter(service=service, kind=kind, subject_id=subject_id).first()
    return found.record() if found else None


def _closed_page(cases: QuerySet[models.Case], place: str | None) -> Page[records.Case]:
    if place:
        closed_at, case_id = _read(place)
        cases = cases.filter(closed_at__lte=closed_at).filter(
            Q(closed_at__lt=closed_at) | Q(id__lt=case_id)
        )
    found = list(cases.order_by("-closed_at", "-id")[: CLOSED_PAGE + 1])
    rows = [case.record() for case in found[:CLOSED_PAGE]]
    more = len(found) > CLOSED_PAGE
    return Page(rows=rows, next_place=_write(rows[-1]) if more else None)


def _write(case: records.Case) -> str:
    at = case.closed_at.isoformat() if case.closed_at else ""
    return signing.dumps([at, str(case.id)], salt="cases.closed")


def _read(place: str) -> tuple[datetime, UUID]:
    try:
        at, case_id = signing.loads(place, salt="cases.closed")
    except signing.BadSignature as error:
        raise Invalid(_("That page link is damaged. Go back to the first page.")) from error
    return datetime.fromisoformat(at), UUID(case_id)
