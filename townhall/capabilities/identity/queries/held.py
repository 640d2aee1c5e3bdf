"""What identity holds of the acting person, and why it cannot let go of it yet."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.capabilities.identity.rules.shares import in_words
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment
from townhall.machinery.paging import Page, page_of

MOST = 100  # of what there is little of, the newest


@query(SEE_HELD)
def list_delays(actor: Actor) -> list[str]:
    """What staff look into; a person who is gone could not be asked. It does not say what it is."""
    mine = models.FraudSignal.visible_to(actor).filter(settled_at=None)
    is_open = mine.filter(Q(person_id=actor.person_id) | Q(other_id=actor.person_id)).exists()
    return [_("We are still checking something you gave us")] if is_open else []


@query(SEE_HELD)
def list_proved_addresses(actor: Actor) -> tuple[str, ...]:
    return models.proved_addresses(actor.person_id) if actor.person_id else ()


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """Before the sign-ins to other services, the latest first, is all else, which is not much.

    Raises NoSuchPerson.
    """
    person = _myself(actor)
    releases = models.Release.of(actor).select_related("relying_party")
    page = page_of(releases, _release, order=("-made_at", "-id"), place=place)
    if place is not None:
        return page
    return Page(rows=[*_held(actor, person), *page.rows], next_place=page.next_place)


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
    yield from _ways_in(actor, person)
    for proof in models.ProvenIdentity.visible_to(actor).filter(person=person):
        yield _proven(proof.record())
    used = models.ProvenDocument.visible_to(actor).filter(person=person, proof=None)
    for document in used.exclude(birth_date=None).order_by("expires_at", "id")[:MOST]:
        yield _removed(person, document)
    yield from _proving(actor, person)
    yield from _work(actor, person)
    yield from _delegations(person)
    yield from _asked(actor, person)
    for sharing in models.Sharing.of(actor).select_related("relying_party")[:MOST]:
        yield Held(
            person_id=person.id,
            title=_("A service that you agreed to share something with"),
            noted_at=sharing.agreed_at,
            facts=facts(
                (_("Service"), sharing.relying_party.name),
                (_("What it may be told"), ", ".join(in_words(sharing.shares))),
                (_("Ended"), write_moment(sharing.withdrawn_at) if sharing.withdrawn_at else ""),
            ),
        )


def _release(release: models.Release) -> Held:
    moment = release.released_at
    return Held(
        person_id=release.person_id,
        title=_("A sign-in to another service"),
        noted_at=release.made_at,
        facts=facts(
            (_("Service"), release.relying_party.name),
            (_("What it was told"), ", ".join(in_words(release.released))),
            (_("When it was told"), write_moment(moment) if moment else ""),
            (_("Signed out"), write_moment(release.ended_at) if release.ended_at else ""),
        ),
    )


def _asked(actor: Actor, person: models.Person) -> Iterator[Held]:
    """What waits for them, or for its time."""
    for change in models.EmailChange.visible_to(actor).exclude(email=""):
        yield Held(
            person_id=person.id,
            title=_("An address that you want instead"),
            noted_at=change.asked_at,
            facts=facts((_("Email address"), change.email)),
        )
    for erasure in models.Erasure.visible_to(actor):
        yield Held(
            person_id=person.id,
            title=_("You asked us to delete your account"),
            noted_at=erasure.asked_at,
            facts=facts((_("It will be deleted on"), write_moment(erasure.due_at))),
        )
    for recovery in models.Recovery.objects.filter(person=person):
        yield Held(
            person_id=person.id,
            title=_("Someone asked to sign in as you without your second factor"),
            noted_at=recovery.asked_at,
            facts=facts((_("They are let in from"), write_moment(recovery.record().due_at))),
        )


def _work(actor: Actor, person: models.Person) -> Iterator[Held]:
    """What an organisation notes of whoever works for it."""
    roles = models.Membership.visible_to(actor).filter(person=person)
    for each in roles.select_related("role", "team", "within_team").order_by("since", "id")[:MOST]:
        has_ended = each.ends_at is not None and each.ends_at <= timezone.now()
        yield Held(
            person_id=person.id,
            title=_("A role you had here") if has_ended else _("A role you have here"),
            noted_at=each.since,
            facts=facts(
                (_("Role"), each.role.title),
                (_("Team"), each.team.name if each.team else ""),
                (_("In"), each.within_team.name if each.within_team else each.within_service),
                (_("Name"), each.called),
                (_("Reason"), each.reason),
                (_("Ends"), write_moment(each.ends_at) if each.ends_at else ""),
            ),
        )
    accounts = models.StaffAccount.visible_to(actor).filter(person=person)
    for account in accounts.order_by("since")[:MOST]:
        yield Held(
            person_id=person.id,
            title=_("Your account at your organisation's own sign-in"),
            noted_at=account.since,
            facts=facts((_("Issued by"), account.issuer), (_("Number there"), account.subject)),
        )
    reviewed = models.ReviewedGrant.visible_to(actor).filter(person=person)
    for grant in reviewed.order_by("-since", "-id")[:MOST]:
        yield Held(
            person_id=person.id,
            title=_("A role of yours that was reviewed"),
            noted_at=grant.decided_at,
            facts=facts(
                (_("Name"), grant.person_name),
                (_("Role"), grant.role),
                (_("Reason"), grant.reason),
            ),
        )


def _proving(actor: Actor, person: models.Person) -> Iterator[Held]:
    attempts = models.ProvingAttempt.visible_to(actor).filter(person=person)
    for each in attempts.order_by("-begun_at", "-id")[:MOST]:
        typed, claim = each.typed, each.typed.claim
        lived = [", ".join([*at.lines, at.town, at.postcode]) for at in typed.addresses]
        numbers = [document.number for document in typed.documents.values()]
        yield Held(
            person_id=person.id,
            title=_("A time you began to prove who you are"),
            noted_at=each.begun_at,
            facts=facts(
                (_("Reference"), each.reference),
                (_("Names"), f"{claim.given_names} {claim.family_name}" if claim else ""),
                (_("Date of birth"), claim.birth_date.isoformat() if claim else ""),
                (_("Numbers of your documents"), ", ".join(numbers)),
                (_("Addresses"), "; ".join(lived)),
                (_("Level of confidence"), each.reached if each.ended_at else ""),
                (_("Reason"), each.reason),
                (_("Ended"), write_moment(each.ended_at) if each.ended_at else ""),
            ),
        )


def _delegations(person: models.Person) -> Iterator[Held]:
    asked = Q(delegate=None, email__in=models.proved_addresses(person.id))
    mine = Q(person=person) | Q(delegate=person) | asked
    found = models.Delegation.objects.filter(mine).select_related("person", "delegate")
    for each in found.order_by("-made_at", "-id")[:MOST]:
        title = _("Someone you may act for")
        if each.person_id == person.id:
            title = _("Someone you let act for you")
        elif each.delegate_id is None:
            title = _("Someone asks you to act for them")
        yield Held(
            person_id=person.id,
            title=title,
            noted_at=each.made_at,
            facts=facts(
                (_("Email address"), each.email),
                (_("In"), ", ".join(each.services)),
                (_("Ended"), write_moment(each.ended_at) if each.ended_at else ""),
            ),
        )


def _ways_in(actor: Actor, person: models.Person) -> Iterator[Held]:
    for session in models.Session.visible_to(actor).filter(person=person)[:MOST]:
        yield Held(
            person_id=person.id,
            title=_("A browser you are signed in with"),
            noted_at=session.signed_in_at,
            facts=facts(
                (_("Browser"), session.browser),
                (_("Its network address"), session.ip),
                (_("Last used"), write_moment(session.seen_at) if session.seen_at else ""),
            ),
        )
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


def _myself(actor: Actor) -> models.Person:
    mine = models.Person.visible_to(actor)
    found = mine.filter(id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NoSuchPerson(_("Sign in first."))
    return found
