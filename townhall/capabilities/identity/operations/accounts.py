"""What people do with their own account: correct it, and have it deleted."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NameTaken,
    NoSuchPerson,
    StillStaff,
    TooManyCodes,
    WrongCode,
)
from townhall.capabilities.identity.operations.devices import end_other_sessions
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
MOST_CODES_A_DAY = 5


@operation(permissions.CHANGE_SELF, told=gettext_lazy("You corrected your details"))
def correct_person(actor: Actor, *, name: str, phone: str, language: str) -> records.Person:
    """Have the acting person's details be these. Raises BadAnswer."""
    person = _myself(actor)
    person.name, person.phone, person.language = name.strip(), phone.strip(), language
    _check(person)
    person.save(update_fields=["name", "phone", "language"])
    return person.record()


@operation(permissions.CHANGE_SELF, told=gettext_lazy("You asked to change your email address"))
def ask_email_change(actor: Actor, *, email: str) -> records.EmailChange:
    """Make a code for a new address; whoever calls sends it there. An earlier code ends.

    Raises BadAnswer, or TooManyCodes after so many in a day.
    """
    person, email, now = _myself(actor), email.strip().lower(), timezone.now()
    _check(models.Person(id=person.id, email=email, name=person.name))
    if email == person.email:
        raise BadAnswer(says := _("That is your email address already"), fields={"email": says})
    code = f"{secrets.randbelow(10**8):08}"
    before = models.EmailChange.visible_to(actor).select_for_update().first()
    sent, since = (before.sent, before.since) if before else (0, now)
    if since < now - timedelta(days=1):
        sent, since = 0, now
    if sent >= MOST_CODES_A_DAY:
        raise TooManyCodes(_("We have sent you many codes today. Try again tomorrow."))
    asked = {"email": email, "code_digest": _digest(person.id, code), "asked_at": now, "tries": 0}
    models.EmailChange.objects.update_or_create(
        person_id=person.id, defaults={**asked, "sent": sent + 1, "since": since}
    )
    is_taken = models.Person.objects.filter(email=email).exists()
    return records.EmailChange(
        person_id=person.id,
        email=email,
        code="" if is_taken else code,
        language=person.language,
    )


@operation(permissions.CHANGE_SELF)
def count_try(actor: Actor) -> None:
    """Count a try of the code before it is looked at, whatever becomes of it.

    Raises WrongCode if no code is waiting, or it has been tried too often.
    """
    alive = models.EmailChange.visible_to(actor).filter(
        tries__lt=MOST_TRIES, asked_at__gt=timezone.now() - CODE_LIVES
    )
    if not alive.update(tries=F("tries") + 1):
        raise WrongCode(_("The code has expired or was tried too often. Ask for another."))


@operation(permissions.CHANGE_SELF, told=gettext_lazy("You changed your email address"))
def change_email(actor: Actor, *, code: str, session: str = "") -> records.EmailChanged:
    """Have the acting person be reached at the address whose code this is; `count_try` first.

    Every other session than that of this handle ends: whoever reads the old email may be in one.
    Raises WrongCode, or NameTaken if the address has become someone else's meanwhile.
    """
    person = _myself(actor)
    asked = models.EmailChange.visible_to(actor).select_for_update().first()
    typed = _digest(person.id, "".join(each for each in code if each.isdigit()))
    if asked is None or not constant_time_compare(asked.code_digest, typed):
        raise WrongCode(_("The code is not right. Check it and enter it again"))
    old = person.email or ""
    try:
        with transaction.atomic():
            models.Person.objects.filter(id=person.id).update(email=asked.email)
    except IntegrityError as error:
        raise NameTaken(_("That address cannot be used. Ask for another.")) from error
    EmailAddress.objects.filter(user_id=person.id).delete()
    EmailAddress.objects.create(user_id=person.id, email=asked.email, verified=True, primary=True)
    asked.code_digest = asked.email = ""  # the count of codes stays
    asked.save()
    end_other_sessions(person.id, kept=session)
    new = models.Person.objects.values_list("email", flat=True).get(id=person.id)
    return records.EmailChanged(
        person_id=person.id, old=old, new=new or "", language=person.language
    )


@operation(permissions.CHANGE_SELF, told=gettext_lazy("You asked us to delete your account"))
def ask_erasure(actor: Actor, *, due_at: datetime) -> records.Erasure:
    """Have the acting person erased at that time, unless they cancel. Asked again, nothing changes.

    Raises StillStaff.
    """
    person = _myself(actor)
    if models.Membership.objects.filter(models.Membership.CURRENT, person=person).exists():
        raise StillStaff(
            _("You work for an organisation here. An administrator has to end that first.")
        )
    asked, _made = models.Erasure.objects.get_or_create(person=person, defaults={"due_at": due_at})
    return asked.record()


@operation(permissions.CHANGE_SELF, told=gettext_lazy("You kept your account"))
def cancel_erasure(actor: Actor) -> records.Proof:
    """Cancelled twice is cancelled."""
    models.Erasure.visible_to(actor).delete()
    return records.Proof(person_id=actor.person_id)


def _myself(actor: Actor) -> models.Person:
    """Locked until the transaction ends. Raises NoSuchPerson."""
    mine = models.Person.visible_to(actor).select_for_update(of=("self",))
    found = mine.filter(id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NoSuchPerson(_("Sign in first."))
    return found


def _check(person: models.Person) -> None:
    """Raise BadAnswer for what the table could not hold."""
    try:
        person.clean_fields()
    except ValidationError as error:
        fields = {name: messages[0] for name, messages in error.message_dict.items()}
        raise BadAnswer(" ".join(fields.values()), fields=fields) from error


def _digest(person_id: UUID, code: str) -> str:
    return salted_hmac(f"identity.email-change:{person_id}", code, algorithm="sha256").hexdigest()
