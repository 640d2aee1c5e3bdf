"""What identity holds of the acting person, and what they asked of it."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment
from townhall.machinery.paging import Page


@query(permissions.CHANGE_SELF, told=gettext_lazy("You looked at your own details"))
def get_myself(actor: Actor) -> records.Person:
    """Raises NoSuchPerson if nobody is signed in."""
    return _myself(actor).record()


@query(permissions.CHANGE_SELF, told=gettext_lazy("You looked at your own details"))
def find_erasure(actor: Actor) -> records.Erasure | None:
    """What the acting person asked for; None if they want to stay."""
    found = models.Erasure.visible_to(actor).first()
    return found.record() if found else None


@query(permissions.CHANGE_SELF)
def is_staff_anywhere(actor: Actor) -> bool:
    if actor.person_id is None:
        return False
    return models.Membership.objects.filter(
        models.Membership.CURRENT, person_id=actor.person_id
    ).exists()


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """Few rows, so all are on the one page."""
    return Page(rows=list(_held(actor, _myself(actor))), next_place=None)


def _held(actor: Actor, person: models.Person) -> Iterator[Held]:
    yield Held(
        person_id=person.id,
        title=_("Your account"),
        noted_at=person.added_at,
        facts=facts(
            (_("Name"), person.name),
            (_("Email address"), person.email),
            (_("Phone number"), person.phone),
            (_("Language"), _("Welsh") if person.language == "cy" else _("English")),
        ),
    )
    yield from _ways_in(person)
    yield from _devices(actor, person)
    for proof in models.ProvenIdentity.visible_to(actor).filter(person=person):
        yield _proven(proof.record())
    used = models.ProvenDocument.visible_to(actor).filter(person=person, proof=None)
    for document in used.exclude(birth_date=None).order_by("expires_at", "id"):
        yield _removed(person, document)
    for attempt in models.ProvingAttempt.visible_to(actor).filter(person=person):
        yield _attempted(attempt.record())
    for each in models.Membership.visible_to(actor).filter(person=person).select_related("role"):
        ended_at = each.ends_at if each.ends_at and each.ends_at <= timezone.now() else None
        yield Held(
            person_id=person.id,
            title=_("A role you had here") if ended_at else _("A role you have here"),
            noted_at=each.since,
            facts=facts(
                (_("Role"), each.role.title),
                (_("Ended"), write_moment(ended_at) if ended_at else ""),
            ),
        )
    yield from _delegations(person)


def _delegations(person: models.Person) -> Iterator[Held]:
    mine = Q(person=person) | Q(delegate=person)
    found = models.Delegation.objects.filter(mine).select_related("person", "delegate")
    for each in found.order_by("made_at", "id"):
        is_theirs = each.person_id == person.id
        yield Held(
            person_id=person.id,
            title=_("Someone you let act for you") if is_theirs else _("Someone you may act for"),
            noted_at=each.made_at,
            facts=facts(
                (_("Email address"), each.email),
                (_("In"), ", ".join(each.services)),
                (_("Ended"), write_moment(each.ended_at) if each.ended_at else ""),
            ),
        )


def _devices(actor: Actor, person: models.Person) -> Iterator[Held]:
    for session in models.Session.visible_to(actor).filter(person=person).order_by("signed_in_at"):
        yield Held(
            person_id=person.id,
            title=_("A device where you are signed in"),
            noted_at=session.signed_in_at,
            facts=facts((_("Browser"), session.browser), (_("Internet address"), session.ip)),
        )


def _ways_in(person: models.Person) -> Iterator[Held]:
    for address in EmailAddress.objects.filter(user_id=person.id):
        yield Held(
            person_id=person.id,
            title=_("An address you sign in with"),
            noted_at=None,
            facts=facts((_("Email address"), address.email)),
        )
    for factor in Authenticator.objects.filter(user_id=person.id):
        yield Held(
            person_id=person.id,
            title=_("A way to prove that it is you"),
            noted_at=factor.created_at,
            facts=facts(
                (_("Kind"), factor.get_type_display()),
                (_("Last used"), write_moment(factor.last_used_at) if factor.last_used_at else ""),
            ),
        )


def _proven(proof: records.ProvenIdentity) -> Held:
    names = [" ".join(part.value for part in name.parts) for name in proof.names]
    addresses = [", ".join([*each.lines, each.town, each.postcode]) for each in proof.addresses]
    return Held(
        person_id=proof.person_id,
        title=_("Who you proved to be"),
        noted_at=proof.proven_at,
        facts=facts(
            (_("Level of confidence"), proof.level),
            (_("Names"), "; ".join(names)),
            (_("Date of birth"), proof.birth_date.isoformat()),
            (_("Addresses"), "; ".join(addresses)),
            (_("Passport"), proof.passport.number if proof.passport else ""),
            (_("Driving licence"), proof.driving_permit.number if proof.driving_permit else ""),
        ),
    )


def _removed(person: models.Person, document: models.ProvenDocument) -> Held:
    return Held(
        person_id=person.id,
        title=_("A mark of a document of a proof that is there no more"),
        noted_at=None,
        facts=facts(
            (_("Date of birth"), document.birth_date.isoformat() if document.birth_date else ""),
            (_("Kept until"), write_moment(document.expires_at)),
        ),
    )


def _attempted(attempt: records.Attempt) -> Held:
    claim, places = attempt.typed.claim, attempt.typed.addresses
    documents = [each.number for each in attempt.typed.documents.values()]
    return Held(
        person_id=attempt.person_id,
        title=_("You began to prove who you are"),
        noted_at=attempt.begun_at,
        facts=facts(
            (_("Reference"), attempt.reference),
            (_("Names"), f"{claim.given_names} {claim.family_name}" if claim else ""),
            (_("Date of birth"), claim.birth_date.isoformat() if claim else ""),
            (_("Addresses"), "; ".join(f"{each.lines[0]}, {each.postcode}" for each in places)),
            (_("Numbers of documents"), "; ".join(documents)),
            (_("What staff said"), attempt.reason),
        ),
    )


def _myself(actor: Actor) -> models.Person:
    mine = models.Person.visible_to(actor)
    found = mine.filter(id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NoSuchPerson(_("Sign in first."))
    return found
