"""What someone does with their own account, and the emails that go with it."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity import queries as people
from townhall.capabilities.identity.errors import NoSuchDelegation
from townhall.capabilities.identity.records import EmailChanged, Erasure, Invitation
from townhall.capabilities.notify.operations import send_email
from townhall.capabilities.notify.records import TemplateWording
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import Organisation, every_organisation
from townhall.machinery.pages.writing import write_date, write_weekday
from townhall.machinery.service import offered
from townhall.services.account import letters, queries
from townhall.services.account.service import ACCOUNT, RUN, SEE_OWN


@operation(SEE_OWN)
def ask_new_address(actor: Actor, *, email: str) -> None:
    """Send a code to an address that the acting person says is theirs.

    What comes of it here does not tell whether it is someone else's: an email there does. Raises
    what `identity.operations.ask_email_change` does.
    """
    _require_someone(actor)
    asked = identity.ask_email_change(_us(actor), email=email)
    letter = letters.NEW_ADDRESS if asked.code else letters.ADDRESS_IN_USE
    words = {"code": asked.code} if asked.code else {}
    # whose the address is nobody knows yet, so the email is about nobody
    _send(actor, letter, to=asked.email, language=asked.language, is_theirs=False, **words)


@errand(SEE_OWN)
def confirm_new_address(actor: Actor, *, code: str, session: str = "") -> EmailChanged:
    """Take the code, and count the try even if it is wrong. Raises WrongCode or NameTaken."""
    _require_someone(actor)
    identity.count_try(_us(actor))
    return change_address(actor, code=code, session=session)


@operation(SEE_OWN, told=gettext_lazy("You changed your email address"))
def change_address(actor: Actor, *, code: str, session: str = "") -> EmailChanged:
    """Change it, tell the old address, and end every session but that of this handle. Raises WrongCode or NameTaken."""
    changed = identity.change_email(_us(actor), code=code, session=session)
    if changed.old:
        _send(
            actor,
            letters.ADDRESS_CHANGED,
            to=changed.old,
            language=changed.language,
            contact=str(_organisation(actor).contact),
        )
    return changed


@operation(SEE_OWN, told=gettext_lazy("You asked us to delete your account"))
def ask_to_delete(actor: Actor) -> Erasure:
    """Have the acting person's account deleted once the days to cancel are over; tell them.

    Asked again, nothing changes. Raises StillStaff.
    """
    _require_someone(actor)
    before = queries.find_deletion(actor)
    days = queries.get_dials(actor).days_to_cancel
    asked = identity.ask_erasure(_us(actor), due_at=timezone.now() + timedelta(days=days))
    myself = people.get_myself(_us(actor))
    if before is None and myself.email:
        with translation.override(myself.language):
            day = write_weekday(timezone.localdate(asked.due_at))
        link = _organisation(actor).address + reverse("account:delete")
        _send(
            actor,
            letters.DELETION_ASKED,
            to=myself.email,
            language=myself.language,
            day=day,
            link=link,
        )
    return asked


@operation(SEE_OWN, told=gettext_lazy("You kept your account"))
def keep_account(actor: Actor) -> None:
    """Cancel what `ask_to_delete` asked for, if it did."""
    _require_someone(actor)
    identity.cancel_erasure(_us(actor))


@operation(RUN, told=gettext_lazy("Told someone that you ask them to act for you"))
def tell_delegate(actor: Actor, delegation_id: UUID) -> Invitation | None:
    """Tell someone by email that they are asked to act for another, if that still stands."""
    try:
        asked = people.get_invitation(actor, delegation_id)
    except NoSuchDelegation:
        return None
    with translation.override(asked.language):
        titles = [str(each.title) for each in offered() if each.slug in asked.services]
        last_day = write_date(timezone.localdate(asked.ends_at - timedelta(seconds=1)))
    link = _organisation(actor).address + reverse("identity:delegations")
    _send(
        actor,
        letters.ASKED_TO_ACT,
        to=asked.email,
        language=asked.language,
        is_theirs=False,
        name=asked.person,
        services="\n".join(f"* {title}" for title in titles),
        link=link,
        **{"last day": last_day},
    )
    return asked


def _send(
    actor: Actor,
    letter: TemplateWording,
    *,
    to: str,
    language: str,
    is_theirs: bool = True,
    **words: str,
) -> None:
    with translation.override(language):
        council = str(_organisation(actor).name)
    send_email(
        _us(actor),
        template=letter,
        to=to,
        person_id=actor.person_id if is_theirs else None,
        personalisation={"council": council, **words},
        language=language,
    )


def _us(actor: Actor) -> Actor:
    return ACCOUNT.acting_for(actor)


def _organisation(actor: Actor) -> Organisation:
    return next(each for each in every_organisation() if each.id == actor.organisation_id)


def _require_someone(actor: Actor) -> None:
    if actor.person_id is None:
        raise NotAllowed(_("Sign in first."))
