"""Making, changing and revoking the keys of programs."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NameTaken,
    NoSuchKey,
    RenewedAlready,
    WrongKey,
)
from townhall.capabilities.identity.rules import keys
from townhall.capabilities.identity.rules.rights import end_of
from townhall.machinery.actors import Actor, Permission, permission_labels
from townhall.machinery.operations import operation

LONGEST = timedelta(days=2 * 366)
OVERLAP = timedelta(days=7)  # in which both keys of a program are good


@operation(permissions.MANAGE_PEOPLE)
def make_program_key(
    actor: Actor, *, program: str, may: Collection[Permission], last_day: date
) -> records.NewKey:
    """Make the first key of a program, which is never seen again.

    Raises BadAnswer, NameTaken, or NotAllowed for what the actor may not do everywhere.
    """
    slug = slugify(program)[:50]
    if not slug:
        says = _("Enter a name with letters")
        raise BadAnswer(says, fields={"program": says})
    _check(actor, may)
    _one_at_a_time(actor)
    mine = models.ProgramKey.visible_to(actor)
    if mine.filter(models.ProgramKey.CURRENT, program=slug).exists():
        raise NameTaken(
            _("That program has a key. Change it for a new one, or choose another name")
        )
    return _make(actor, slug, may, last_day)


@operation(permissions.MANAGE_PEOPLE)
def renew_program_key(actor: Actor, key_id: UUID, *, last_day: date) -> records.NewKey:
    """Make the next key of a program; the one before goes on for a week at most.

    Raises NoSuchKey, BadAnswer, RenewedAlready for a key that is not the newest, or NotAllowed for
    one that the actor could not have made.
    """
    _one_at_a_time(actor)
    before = _found(actor, key_id)
    held = [Permission(code) for code in before.permissions]
    _check(actor, held)
    mine = models.ProgramKey.visible_to(actor).filter(models.ProgramKey.CURRENT)
    if mine.filter(program=before.program, created_at__gt=before.created_at).exists():
        raise RenewedAlready(
            _("There is a newer key for this program. If nobody has it, revoke it first.")
        )
    before.ends_at = min(before.ends_at, timezone.now() + OVERLAP)
    before.save(update_fields=["ends_at"])
    return _make(actor, before.program, held, last_day)


@operation(permissions.MANAGE_PEOPLE)
def revoke_program_key(actor: Actor, key_id: UUID) -> records.ProgramKey:
    """Take a key out of use at once and for good. Twice is harmless. Raises NoSuchKey."""
    mine = models.ProgramKey.visible_to(actor).filter(id=key_id)
    mine.filter(revoked_at=None).update(revoked_at=timezone.now())
    found = mine.first()
    if found is None:
        raise NoSuchKey(_("There is no such key."))
    return found.record()


@operation(permissions.CHECK_KEYS)
def use_program_key(actor: Actor, *, key: str) -> records.ProgramKey:
    """Whose key it is, noting that it was used today. Raises WrongKey."""
    wrong = WrongKey(_("Send the key of a program as “Authorization: Bearer” and the key."))
    if not keys.is_ours(key, models.checksum_secret()):
        raise wrong
    mine = models.ProgramKey.visible_to(actor).filter(models.ProgramKey.CURRENT)
    found = mine.filter(digest=keys.digest(key)).first()
    if found is None:
        raise wrong
    today = timezone.localdate()
    if found.last_used_on != today:
        models.ProgramKey.objects.filter(id=found.id).update(last_used_on=today)
    return found.record()


def _make(
    actor: Actor, program: str, wanted: Collection[Permission], last_day: date
) -> records.NewKey:
    today = timezone.localdate()
    if not today <= last_day <= today + LONGEST:
        says = _("The last day must be between today and two years from now")
        raise BadAnswer(says, fields={"last_day": says})
    key = keys.make_key(models.checksum_secret())
    made = models.ProgramKey.objects.create(
        organisation_id=actor.organisation_id,
        program=program,
        digest=keys.digest(key),
        ends_with=key[-4:],
        permissions=sorted(wanted),
        created_by=actor.person_id,
        ends_at=end_of(last_day, timezone.get_current_timezone()),
    )
    return records.NewKey(id=made.id, program=program, key=key, ends_at=made.ends_at)


def _check(actor: Actor, wanted: Collection[Permission]) -> None:
    if not wanted or not set(wanted) <= set(permission_labels()):
        says = _("Choose at least one permission")
        raise BadAnswer(says, fields={"may": says})
    for each in wanted:  # nobody gives a program more than they may do themselves
        actor.require(each)


def _one_at_a_time(actor: Actor) -> None:
    """Two who make a key at once make one after the other."""
    models.Organisation.visible_to(actor).select_for_update().first()


def _found(actor: Actor, key_id: UUID) -> models.ProgramKey:
    mine = models.ProgramKey.visible_to(actor).select_for_update()
    found = mine.filter(models.ProgramKey.CURRENT, id=key_id).first()
    if found is None:
        raise NoSuchKey(_("There is no such key, or it is out of use."))
    return found
