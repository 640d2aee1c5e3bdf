"""Reading what relying parties are, what they may have, and what they were given."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchCode, NoSuchRelyingParty
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.MANAGE_RELYING_PARTIES)
def list_relying_parties(actor: Actor, *, place: str | None = None) -> Page[records.RelyingParty]:
    return page_of(
        models.RelyingParty.visible_to(actor),
        models.RelyingParty.record,
        order=("name", "id"),
        place=place,
    )


@query(permissions.MANAGE_RELYING_PARTIES)
def get_relying_party(actor: Actor, relying_party_id: UUID) -> records.RelyingParty:
    """Raises NoSuchRelyingParty."""
    return _get(actor, relying_party_id)


@query(permissions.RELEASE)
def get_relying_party_of_program(actor: Actor, relying_party_id: UUID) -> records.RelyingParty:
    """Raises NoSuchRelyingParty."""
    return _get(actor, relying_party_id)


@query(permissions.RELEASE)
def find_relying_party(actor: Actor, client_id: str) -> records.RelyingParty | None:
    """One that is open, by what it calls itself."""
    found = models.RelyingParty.visible_to(actor).filter(client_id=client_id, is_open=True).first()
    return found.record() if found else None


@query(permissions.RELEASE)
def find_holder(actor: Actor, *, token: str) -> records.RelyingParty | None:
    """The relying party that an access token was given to, whether it is good or not."""
    held = models.Release.visible_to(actor).filter(token_hash=models.digest(token))
    found = held.select_related("relying_party").first()
    return found.relying_party.record() if found else None


@query(permissions.RELEASE)
def knows_secret(actor: Actor, relying_party_id: UUID, *, secret: str) -> bool:
    found = models.RelyingParty.visible_to(actor).filter(id=relying_party_id).first()
    return found is not None and found.knows(secret)


@query(permissions.RELEASE)
def find_code(actor: Actor, relying_party_id: UUID, *, code: str) -> records.Code:
    """What a relying party's code was made for. Raises NoSuchCode."""
    found = (
        models.Release.visible_to(actor)
        .filter(relying_party_id=relying_party_id, code_hash=models.digest(code))
        .first()
    )
    if found is None:
        raise NoSuchCode("invalid_grant", "The code is not known")
    return records.Code(
        release_id=found.id,
        redirect_uri=found.redirect_uri,
        code_challenge=found.code_challenge,
        was_used=found.code_used_at is not None,
    )


@query(permissions.RELEASE)
def list_published_keys(actor: Actor) -> list[records.SigningKey]:
    return _keys(actor)


@query(permissions.MANAGE_RELYING_PARTIES)
def list_signing_keys(actor: Actor) -> list[records.SigningKey]:
    return _keys(actor)


@query(permissions.SHARE_IDENTITY, told=gettext_lazy("Saw what you share with a service"))
def find_agreed(actor: Actor, relying_party_id: UUID) -> records.Agreed | None:
    """What the acting person has agreed to share with a relying party."""
    found = models.Sharing.of(actor).filter(relying_party_id=relying_party_id).first()
    return found.record() if found else None


@query(permissions.SHARE_IDENTITY, told=gettext_lazy("Saw which services you signed in to"))
def list_used(actor: Actor, *, place: str | None = None) -> Page[records.Used]:
    """The relying parties that the acting person has agreed to share something with."""
    return page_of(
        models.Sharing.of(actor).select_related("relying_party"),
        models.Sharing.used,
        order=("-agreed_at", "-id"),
        place=place,
    )


@query(permissions.SHARE_IDENTITY, told=gettext_lazy("Saw which services you signed in to"))
def get_used(actor: Actor, relying_party_id: UUID) -> records.Used:
    """Raises NoSuchRelyingParty for one that the acting person does not use."""
    mine = models.Sharing.of(actor).select_related("relying_party")
    found = mine.filter(relying_party_id=relying_party_id).first()
    if found is None:
        raise NoSuchRelyingParty(_("You have not signed in to such a service."))
    return found.used()


@query(permissions.SHARE_IDENTITY, told=gettext_lazy("Saw when you signed in to a service"))
def list_releases(
    actor: Actor, relying_party_id: UUID, *, place: str | None = None
) -> Page[records.Release]:
    """The acting person's sign-ins to a relying party, the latest first."""
    return page_of(
        models.Release.of(actor).filter(relying_party_id=relying_party_id),
        models.Release.record,
        order=("-made_at", "-id"),
        place=place,
    )


@query(permissions.RELEASE)
def logo_is_shown(actor: Actor, file_id: str) -> bool:
    """Whether a stored file is the logo of a relying party."""
    return models.RelyingParty.visible_to(actor).filter(logo_id=file_id).exists()


def _get(actor: Actor, relying_party_id: UUID) -> records.RelyingParty:
    found = models.RelyingParty.visible_to(actor).filter(id=relying_party_id).first()
    if found is None:
        raise NoSuchRelyingParty(_("There is no such service."))
    return found.record()


def _keys(actor: Actor) -> list[records.SigningKey]:
    return [each.record() for each in models.SigningKey.visible_to(actor).order_by("made_at")]
