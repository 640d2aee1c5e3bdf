"""Every read: a journey as an organisation has it, the options of a question, a draft."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.forms import journeys, models, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.FILL)
def get_journey(actor: Actor, slug: str) -> records.Journey:
    """The journey, fitted to the actor's organisation. Raises NoSuchJourney and NotAllowed."""
    offer = journeys.get_offer(actor, slug)
    return offer.fit(actor, offer.journey) if offer.fit else offer.journey


@query(permissions.FILL)
def find_draft(actor: Actor, slug: str, *, secret: str) -> records.Draft | None:
    """What this browser has answered of a journey, if it is still kept."""
    journeys.get_offer(actor, slug)
    found = models.Draft.alive(actor, slug, secret=secret, at=timezone.now()).first()
    return found.record() if found else None


@query(permissions.FILL)
def list_options(
    actor: Actor, slug: str, question: records.Question, *, answers: records.Answers
) -> list[records.Option]:
    """What can be chosen just now, given the answers so far."""
    if not question.options_from:
        return list(question.options)
    source = journeys.get_offer(actor, slug).sources[question.options_from]
    return list(source(actor, answers))


@query(permissions.FILL)
def list_summary(actor: Actor, slug: str, *, answers: records.Answers) -> list[records.Line]:
    """What the service adds to "check your answers"."""
    summary = journeys.get_offer(actor, slug).summary
    return list(summary(actor, answers)) if summary else []


@query(permissions.FILL, told=_("Filled in your details on a form"))
def list_known_answers(actor: Actor, slug: str) -> Mapping[str, str]:
    """What the service knows already of someone who has signed in, by question."""
    prefill = journeys.get_offer(actor, slug).prefill
    return prefill(actor) if prefill and actor.person_id else {}


@query(permissions.FILL)
def check_answers(actor: Actor, slug: str, page: records.Page, *, answers: records.Answers) -> None:
    """Have the service look at the answers of a page. Raises whatever it refuses them with."""
    checks = journeys.get_offer(actor, slug).checks
    for question in page.questions:
        if question.name in checks:
            checks[question.name](actor, answers)


@query(SEE_HELD, told=_("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The answers that the acting person has begun to give, the latest first."""
    mine = models.Draft.visible_to(actor).filter(person_id__isnull=False)
    mine = mine.filter(person_id=actor.person_id)
    return page_of(mine, _held, order=("-updated_at", "-id"), place=place)


def _held(draft: models.Draft) -> Held:
    assert draft.person_id is not None
    journey = journeys.find_journey(draft.journey)
    pages = journey.pages if journey else ()
    labels = {each.name: str(each.short or each.label) for page in pages for each in page.questions}
    answered = [(labels.get(name, name), _written(said)) for name, said in draft.answers.items()]
    return Held(
        person_id=draft.person_id,
        title=gettext("Answers to %(journey)s") % {"journey": draft.journey},
        noted_at=draft.updated_at,
        facts=facts(*answered),
    )


def _written(said: object) -> object:
    if isinstance(said, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in said.items())
    return ", ".join(map(str, said)) if isinstance(said, list) else said
