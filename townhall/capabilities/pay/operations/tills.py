"""Tills, and the keys of the programs that take payments at them."""

from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NameTaken, NoSuchKey, NoSuchTill
from townhall.capabilities.pay.rules import keys
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

LONGEST_NAME = 60


@operation(permissions.MANAGE)
def add_till(actor: Actor, *, name: str, is_live: bool) -> records.Till:
    """Open a till; what it may take beyond cards on pages is switched on with `change_till`.

    Raises NameTaken, or Invalid for a name of no letters or too many.
    """
    name = _clean(name)
    slug = slugify(name)[:50]
    if not slug:
        raise Invalid(_("Enter a name with letters"), fields={"name": ""})
    till, is_new = models.Till.objects.get_or_create(
        organisation_id=actor.organisation_id,
        slug=slug,
        defaults={"name": name, "is_live": is_live},
    )
    if not is_new:
        raise NameTaken(_("There is a till of that name. Choose another"))
    return till.record()


@operation(permissions.MANAGE)
def change_till(
    actor: Actor,
    till_id: UUID,
    *,
    takes_moto: bool,
    takes_moto_api: bool,
    takes_recurring: bool,
    takes_telephone_notices: bool,
    is_open: bool,
) -> records.Till:
    """Say what a till takes. What was begun at a till before it is closed goes on."""
    till = _till(actor, till_id)
    till.takes_moto, till.takes_moto_api = takes_moto, takes_moto_api
    till.takes_recurring, till.is_open = takes_recurring, is_open
    till.takes_telephone_notices = takes_telephone_notices
    till.save()
    return till.record()


@operation(permissions.MANAGE)
def make_key(actor: Actor, till_id: UUID, *, name: str, random: str = "") -> str:
    """Make a key and return it, the only time that it is seen.

    With a `random` of the caller's, asking again returns the same.
    """
    till = _till(actor, till_id)
    made = keys.make_key(
        is_live=till.is_live, checksum_secret=models.checksum_secret(), random=random
    )
    models.ApiKey.objects.get_or_create(
        digest=keys.digest(made),
        defaults={"till": till, "name": _clean(name), "ends_with": made[-4:]},
    )
    return made


@operation(permissions.MANAGE)
def revoke_key(actor: Actor, key_id: UUID) -> records.ApiKey:
    """Take a key out of use for good. Revoking it again changes nothing."""
    mine = models.ApiKey.visible_to(actor).filter(id=key_id)
    mine.filter(revoked_at=None).update(revoked_at=timezone.now())
    key = mine.first()
    if key is None:
        raise NoSuchKey(_("There is no such key."))
    return key.record()


@operation(permissions.CHECK_KEYS)
def note_use(actor: Actor, key_id: UUID) -> None:
    """That a program has used its key today."""
    today = timezone.localdate()
    mine = models.ApiKey.visible_to(actor).filter(id=key_id)
    mine.exclude(last_used_on=today).update(last_used_on=today)


def _till(actor: Actor, till_id: UUID) -> models.Till:
    till = models.Till.visible_to(actor).select_for_update().filter(id=till_id).first()
    if till is None:
        raise NoSuchTill(_("There is no such till."))
    return till


def _clean(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            _("Enter a name of %(most)d characters or fewer") % {"most": LONGEST_NAME},
            fields={"name": ""},
        )
    return name
