"""What people agree to share with relying parties, and agree to no more."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, queries, records
from townhall.capabilities.identity.errors import NoSuchRelyingParty
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import operation


@operation(permissions.SHARE_IDENTITY, told=gettext_lazy("You agreed to share details of yours"))
def agree_to_share(
    actor: Actor, relying_party_id: UUID, *, shares: Collection[str]
) -> records.Agreed:
    """Let a relying party have this too, until it is withdrawn. Raises NoSuchRelyingParty."""
    person_id = models.own_id(actor)
    if person_id is None:
        raise NotAllowed("nobody is signed in, or for somebody else")
    if not models.RelyingParty.visible_to(actor).filter(id=relying_party_id).exists():
        raise NoSuchRelyingParty(_("There is no such service."))
    mine = models.Sharing.of(actor).filter(relying_party_id=relying_party_id)
    models.Sharing.objects.bulk_create(
        [
            models.Sharing(
                organisation_id=actor.organisation_id,
                relying_party_id=relying_party_id,
                person_id=person_id,
                shares=[],
            )
        ],
        ignore_conflicts=True,
    )
    agreed = mine.select_for_update().get()
    agreed.shares = sorted({*agreed.record().shares, *shares})
    agreed.agreed_at, agreed.withdrawn_at = timezone.now(), None
    agreed.save()
    return agreed.record()


@operation(permissions.SHARE_IDENTITY, told=gettext_lazy("You stopped sharing with a service"))
def stop_sharing(actor: Actor, relying_party_id: UUID) -> records.Agreed:
    """Let a relying party have nothing more, sign them out of it, and ask them anew next time.

    Raises NoSuchRelyingParty for one that they never used.
    """
    queries.get_used(actor, relying_party_id)
    agreed = models.Sharing.of(actor).select_for_update().get(relying_party_id=relying_party_id)
    agreed.withdrawn_at = agreed.withdrawn_at or timezone.now()
    agreed.save(update_fields=["withdrawn_at"])
    end_releases(models.Release.of(actor).filter(relying_party_id=relying_party_id))
    return agreed.record()
