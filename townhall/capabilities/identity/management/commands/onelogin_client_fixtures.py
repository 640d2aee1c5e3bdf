"""`townhall onelogin_client_fixtures`: register a program that was written for GOV.UK One Login."""

from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.identity import operations, permissions
from townhall.capabilities.identity.records import (
    IdentityClaim,
    Level,
    Registration,
    Scope,
    Signing,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import every_organisation

HOME = "http://localhost:8001"
BACK = f"{HOME}/one-login/callback/"
CHANNEL = f"{HOME}/one-login/back-channel-logout/"


class Command(BaseCommand):
    help = "Register a relying party from its public key file, and print its settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("public_key", type=Path, help="a file in PEM")
        parser.add_argument("--name", default="One Login client", help="the same one each time")
        parser.add_argument(
            "--redirect-uri", default=BACK, help=f"where people come back to ({BACK})"
        )
        parser.add_argument("--post-logout-uri", default=HOME, help=f"({HOME})")
        parser.add_argument("--back-channel-uri", default="", help=f"like {CHANNEL}")
        parser.add_argument("--signing", default="ES256", help="of its id tokens: ES256 or RS256")
        parser.add_argument(
            "--organisation", default="", help="its slug; not needed for an only one"
        )
        parser.add_argument(
            "--url", default=settings.BASE_URL or "http://localhost:8000", help="where we answer"
        )

    def handle(self, *args: object, **options: str) -> None:
        actor = _actor(options["organisation"])
        try:
            told = _told(options)
            party = operations.register_once(actor, told=told)
        except (Refused, ValueError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        address = options["url"].rstrip("/")
        for name, value in {
            "GOV_UK_ONE_LOGIN_CLIENT_ID": party.client_id,
            "GOV_UK_ONE_LOGIN_OPENID_CONFIG_URL": f"{address}/.well-known/openid-configuration",
            "GOV_UK_ONE_LOGIN_SCOPE": " ".join([Scope.OPENID, Scope.EMAIL]),
            "GOV_UK_ONE_LOGIN_AUTHENTICATION_LEVEL": "Cl.Cm",
            "GOV_UK_ONE_LOGIN_CONFIDENCE_LEVEL": "P0",
        }.items():
            self.stdout.write(f"export {name}='{value}'")


def _told(options: dict[str, str]) -> Registration:
    return Registration(
        name=options["name"],
        redirect_uris=(options["redirect_uri"],),
        post_logout_uris=(options["post_logout_uri"],),
        back_channel_uri=options["back_channel_uri"],
        sector=urlsplit(options["redirect_uri"]).hostname or "",
        public_key=Path(options["public_key"]).read_text(encoding="utf-8"),
        signing=Signing(options["signing"]),
        levels=(Level.P1, Level.P2, Level.P3),
        scopes=tuple(Scope),
        claims=tuple(IdentityClaim),
    )


def _actor(slug: str) -> Actor:
    organisations = {each.slug: each.id for each in every_organisation()}
    if not slug and len(organisations) == 1:
        slug = next(iter(organisations))
    if slug not in organisations:
        known = ", ".join(sorted(organisations)) or "none"
        raise CommandError(f"Say which organisation with --organisation. There are: {known}.")
    may = frozenset({permissions.MANAGE_RELYING_PARTIES})
    return Actor("command:onelogin_client_fixtures", may, organisations[slug])
