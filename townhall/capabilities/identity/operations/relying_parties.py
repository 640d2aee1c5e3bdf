"""Relying parties: registered, changed and closed by staff."""

from contextlib import suppress
from typing import NoReturn
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import BadAnswer, NoSuchRelyingParty
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.capabilities.identity.records import Authentication, KeyUse, Scope, Signing
from townhall.capabilities.identity.rules.names import is_host
from townhall.capabilities.identity.rules.party_keys import (
    PrivateKeyGiven,
    UnfitKey,
    read_pem,
    read_set,
)
from townhall.machinery import files, outside
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every, task

HERE = ("localhost", "127.0.0.1", "::1")  # where programs are tried out, without TLS
MOST_LOGO_BYTES = 1024 * 1024
MOST_KEYS_BYTES = 100_000
TIMEOUT_SECONDS = 5


@operation(permissions.MANAGE_RELYING_PARTIES)
def register_relying_party(
    actor: Actor, *, told: records.Registration
) -> tuple[records.RelyingParty, str]:
    """Let people sign in to a program of others; its secret, if it comes in with one.

    Raises BadAnswer. One with its keys at an address gets them by `fetch_keys`.
    """
    party = models.RelyingParty(organisation_id=actor.organisation_id)
    secret = party.renew_secret() if told.authentication is Authentication.SECRET else ""
    _fill(actor, party, told)
    return party.record(), secret


@operation(permissions.MANAGE_RELYING_PARTIES)
def register_once(actor: Actor, *, told: records.Registration) -> records.RelyingParty:
    """Register a relying party, or change the one of that name. Raises BadAnswer."""
    mine = models.RelyingParty.visible_to(actor).filter(name=told.name)
    found = mine.order_by("registered_at").first()
    if found is None:
        party, _secret = register_relying_party(actor, told=told)
        return party
    return change_relying_party(actor, found.id, told=told)


@operation(permissions.MANAGE_RELYING_PARTIES)
def change_relying_party(
    actor: Actor, relying_party_id: UUID, *, told: records.Registration
) -> records.RelyingParty:
    """Raises NoSuchRelyingParty or BadAnswer."""
    party = _locked(actor, relying_party_id)
    if told.jwks_url != party.jwks_url:
        party.keys, party.keys_fetched_at = "", None
    _fill(actor, party, told)
    return party.record()


@operation(permissions.MANAGE_RELYING_PARTIES)
def renew_relying_party_secret(actor: Actor, relying_party_id: UUID) -> str:
    """Let it come in with a new secret only, which is shown once. Raises NoSuchRelyingParty."""
    party = _locked(actor, relying_party_id)
    secret = party.renew_secret()
    party.save(update_fields=["secret_hash"])
    return secret


@operation(permissions.MANAGE_RELYING_PARTIES)
def set_relying_party_logo(
    actor: Actor, relying_party_id: UUID, *, content: bytes, filename: str
) -> records.RelyingParty:
    """Show a picture beside its name. Raises NoSuchRelyingParty, or Invalid for no picture."""
    party = _locked(actor, relying_party_id)
    kept = files.keep(
        actor, content, name=filename, types=files.PICTURES, most_bytes=MOST_LOGO_BYTES
    )
    party.logo_id = str(kept)
    party.save(update_fields=["logo_id"])
    return party.record()


@operation(permissions.MANAGE_RELYING_PARTIES)
def close_relying_party(actor: Actor, relying_party_id: UUID) -> records.RelyingParty:
    """Let nobody sign in to it any more, and end what it had. Raises NoSuchRelyingParty."""
    party = _locked(actor, relying_party_id)
    party.is_open = False
    party.save(update_fields=["is_open"])
    end_releases(models.Release.visible_to(actor).filter(relying_party=party))
    return party.record()


@operation(permissions.MANAGE_RELYING_PARTIES)
def open_relying_party(actor: Actor, relying_party_id: UUID) -> records.RelyingParty:
    """Let people sign in to one that was closed. Raises NoSuchRelyingParty."""
    party = _locked(actor, relying_party_id)
    party.is_open = True
    party.save(update_fields=["is_open"])
    return party.record()


@errand(permissions.RELEASE)
def fetch_keys(actor: Actor, relying_party_id: UUID) -> records.RelyingParty | None:
    """Ask a relying party for its keys, and keep them.

    None if its keys are not at an address. Raises UnfitAddress, Unreached, or BadAnswer for what
    is no set of keys; then those that were known stay.
    """
    party = models.RelyingParty.visible_to(actor).filter(id=relying_party_id).first()
    if party is None or not party.jwks_url:
        return None
    url = party.jwks_url
    models.RelyingParty.objects.filter(id=party.id).update(keys_fetched_at=timezone.now())
    written = outside.read(url, most_bytes=MOST_KEYS_BYTES, timeout=TIMEOUT_SECONDS)
    try:
        keys = read_set(written)
    except UnfitKey as error:
        says = _("There is no key there that we can use: RSA of 2048 bits or more, or P-256")
        raise BadAnswer(says, fields={"jwks_url": says}) from error
    return keep_keys(actor, party.id, url=url, keys=keys)


@operation(permissions.RELEASE)
def keep_keys(
    actor: Actor, relying_party_id: UUID, *, url: str, keys: str
) -> records.RelyingParty | None:
    """Unless they were at another address than the present one."""
    mine = models.RelyingParty.visible_to(actor).filter(id=relying_party_id, jwks_url=url)
    mine.update(keys=keys)
    found = mine.first()
    return found.record() if found else None


@every("53 * * * *")
def fetch_every_key() -> None:
    """So that a key that a relying party took out of use is not good for long."""
    for organisation in every_organisation():
        actor = Actor("capability:identity", frozenset({permissions.RELEASE}), organisation.id)
        with_address = models.RelyingParty.visible_to(actor).exclude(jwks_url="")
        for party_id in with_address.filter(is_open=True).values_list("id", flat=True):
            fetch_keys_of.later(relying_party_id=party_id, organisation_id=organisation.id)


@task
def fetch_keys_of(relying_party_id: UUID, organisation_id: UUID) -> None:
    """Once an hour; if it does not answer, the next hour will do."""
    actor = Actor("capability:identity", frozenset({permissions.RELEASE}), organisation_id)
    with suppress(outside.UnfitAddress, outside.Unreached, BadAnswer):
        fetch_keys(actor, relying_party_id)


def _fill(actor: Actor, party: models.RelyingParty, told: records.Registration) -> None:
    _require_sense(told)
    for name in ("redirect_uris", "post_logout_uris"):
        _require_addresses(name, getattr(told, name))
    _require_outside("jwks_url", told.jwks_url)
    _require_outside("back_channel_uri", told.back_channel_uri)
    party.fill(told)
    if told.public_key:
        party.keys = _key_of(told.public_key)
    party.save()
    if told.signing is Signing.RS256:
        models.SigningKey.make_missing(actor, (KeyUse.TOKENS_RSA,))


def _require_sense(told: records.Registration) -> None:
    has_keys = bool(told.public_key) != bool(told.jwks_url)
    if not told.name.strip():
        _refuse("name", _("Enter a name"))
    if not told.redirect_uris:
        _refuse("redirect_uris", _("Enter at least one address"))
    if not is_host(told.sector):
        _refuse("sector", _("Enter a host name, like fishing.example.gov.uk"))
    if told.authentication is Authentication.PRIVATE_KEY and not has_keys:
        _refuse("public_key", _("Enter a public key, or the address of its keys, not both"))
    if told.authentication is Authentication.SECRET and (told.levels or told.claims):
        says = _("A service that comes in with a secret may not ask for a proven identity")
        _refuse("authentication", says)
    if Scope.OPENID not in told.scopes:
        _refuse("scopes", _("Every service has to be told who has signed in"))


def _require_addresses(name: str, addresses: tuple[str, ...]) -> None:
    """People's browsers are sent there, so it may be anywhere, but not in clear over a network."""
    for address in addresses:
        try:
            outside.check_url(address)
        except outside.UnfitAddress as error:
            _refuse(name, str(error), error)
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in HERE:
            _refuse(name, _("Enter addresses that start with https://"))


def _require_outside(name: str, address: str) -> None:
    """We call it ourselves."""
    if address:
        try:
            outside.check_address(address)
        except outside.UnfitAddress as error:
            _refuse(name, str(error), error)


def _key_of(pem: str) -> str:
    try:
        return read_pem(pem)
    except PrivateKeyGiven as error:
        says = _(
            "That is a private key. Give nobody that, make a new pair, and enter the public key"
        )
        _refuse("public_key", says, error)
    except UnfitKey as error:
        says = _("Enter a public key in PEM: RSA of 2048 bits or more, or elliptic curve P-256")
        _refuse("public_key", says, error)


def _refuse(name: str, says: str, cause: Exception | None = None) -> NoReturn:
    raise BadAnswer(says, fields={name: says}) from cause


def _locked(actor: Actor, relying_party_id: UUID) -> models.RelyingParty:
    found = models.RelyingParty.visible_to(actor).select_for_update()
    party = found.filter(id=relying_party_id).first()
    if party is None:
        raise NoSuchRelyingParty(_("There is no such service."))
    return party
