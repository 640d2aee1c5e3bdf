"""The keys that what relying parties are given is signed with: made, rotated and let go."""

from datetime import timedelta

from django.utils import timezone

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.records import KeyState, KeyUse, Signing
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation, every_organisation, prepares
from townhall.machinery.tasks import every

ROTATED_AFTER = timedelta(days=90)
KNOWN_AFTER = timedelta(days=2)  # caches keep what we publish for one
RETIRED_KEPT = timedelta(days=7)  # a sign-out may come with an id token of days ago
ALWAYS = (KeyUse.TOKENS, KeyUse.IDENTITY)


@operation(permissions.MANAGE_RELYING_PARTIES)
def rotate_signing_keys(actor: Actor) -> list[records.SigningKey]:
    """Sign with the next keys from now on; what was signed before can still be checked."""
    for use in _uses(actor):
        _rotate(actor, use)
    return [each.record() for each in models.SigningKey.visible_to(actor)]


@operation(permissions.MANAGE_RELYING_PARTIES)
def withdraw_signing_keys(actor: Actor) -> list[records.SigningKey]:
    """Sign with the next keys from now on; what any earlier one has signed is worth nothing.

    For keys that somebody else has: they are published no more. A second time takes those away
    that the first has put in their place.
    """
    for use in _uses(actor):
        _rotate(actor, use)
    keys = models.SigningKey.visible_to(actor)
    keys.filter(state=KeyState.RETIRED).delete()
    return [each.record() for each in keys]


@every("17 3 * * *")
def rotate_due_keys() -> None:
    """May run twice: a key that has just become the current one is not due."""
    now = timezone.now()
    for organisation in every_organisation():
        actor = system(organisation)
        keys = models.SigningKey.visible_to(actor)
        keys.filter(state=KeyState.RETIRED, retired_at__lt=now - RETIRED_KEPT).delete()
        old = keys.filter(state=KeyState.CURRENT, current_at__lt=now - ROTATED_AFTER)
        known = keys.filter(state=KeyState.NEXT, made_at__lt=now - KNOWN_AFTER)
        if old.exists() and known.exists():
            rotate_signing_keys(actor)


@prepares
def prepare_signing_keys(organisation: Organisation) -> None:
    """Make the keys that are missing, and replace those that nobody can read any more."""
    actor = system(organisation)
    keys = models.SigningKey.visible_to(actor)
    lost = [key.id for key in keys.exclude(state=KeyState.RETIRED) if not key.is_readable]
    keys.filter(id__in=lost).delete()
    models.SigningKey.make_missing(actor, _uses(actor))


def system(organisation: Organisation) -> Actor:
    may = frozenset({permissions.MANAGE_RELYING_PARTIES, permissions.RELEASE})
    return Actor("capability:identity", may, organisation.id)


def _uses(actor: Actor) -> tuple[KeyUse, ...]:
    with_rsa = models.RelyingParty.visible_to(actor).filter(signing=Signing.RS256)
    return (*ALWAYS, KeyUse.TOKENS_RSA) if with_rsa.exists() else ALWAYS


def _rotate(actor: Actor, use: KeyUse) -> None:
    """One at a time: whoever comes second waits for the row, and rotates once more."""
    keys, now = models.SigningKey.visible_to(actor).filter(use=use), timezone.now()
    list(keys.exclude(state=KeyState.RETIRED).select_for_update().order_by("id"))
    models.SigningKey.make_missing(actor, (use,))
    keys.filter(state=KeyState.CURRENT).update(state=KeyState.RETIRED, retired_at=now)
    keys.filter(state=KeyState.NEXT).update(state=KeyState.CURRENT, current_at=now)
    models.SigningKey.make_missing(actor, (use,))
