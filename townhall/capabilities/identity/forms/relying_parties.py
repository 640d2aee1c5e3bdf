"""What staff type of relying parties, and of a flow that they try out."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity.records import (
    Authentication,
    IdentityClaim,
    Level,
    Registration,
    Scope,
    Signing,
)
from townhall.machinery.pages import fields
from townhall.machinery.pages.forms import Form

LEVELS = {
    Level.P1: _("P1, low confidence"),
    Level.P2: _("P2, medium confidence"),
    Level.P3: _("P3, high confidence"),
}
SCOPES = {
    Scope.EMAIL: _("Email address"),
    Scope.PHONE: _("Telephone number"),
}
CLAIMS = {
    IdentityClaim.CORE_IDENTITY: _("Name and date of birth, signed"),
    IdentityClaim.ADDRESS: _("Addresses"),
    IdentityClaim.PASSPORT: _("Passport"),
    IdentityClaim.DRIVING_PERMIT: _("Driving licence"),
    IdentityClaim.RETURN_CODE: _("Why somebody could not prove who they are"),
}
WAYS = {
    Authentication.PRIVATE_KEY: _("With its private key"),
    Authentication.SECRET: _("With a secret that we both know, without proven identities"),
}
SIGNINGS = {Signing.ES256: _("ES256, the usual"), Signing.RS256: _("RS256, if it cannot do that")}
VECTORS = {
    '["Cl"]': _("Sign-in with one factor"),
    '["Cl.Cm"]': _("Sign-in with two factors"),
    '["P1.Cl.Cm"]': _("Identity proven to P1"),
    '["P2.Cl.Cm"]': _("Identity proven to P2"),
}


class EditRelyingParty(Form):
    name = fields.Text(
        label=_("Name of the service"),
        hint=_("People read it when they are asked to share something with it"),
        max_length=100,
        missing=_("Enter a name"),
    )
    redirect_uris = fields.LongText(
        label=_("Addresses that people come back to"),
        hint=_("One on each line, exactly as the service sends them"),
        rows=3,
        missing=_("Enter at least one address"),
    )
    post_logout_uris = fields.LongText(
        label=_("Addresses that people come back to when they have signed out"),
        hint=_("One on each line"),
        rows=2,
        required=False,
    )
    back_channel_uri = fields.Text(
        label=_("Address that is told when somebody has signed out"),
        max_length=2_000,
        required=False,
    )
    sector = fields.Text(
        label=_("Host name of its sector"),
        hint=_("Services of one sector know a person by the same name, others do not"),
        max_length=253,
        missing=_("Enter a host name, like fishing.example.gov.uk"),
    )
    authentication = fields.Choice(label=_("How it shows that it is itself"), choices=WAYS.items())
    public_key = fields.LongText(
        label=_("Its public key"), hint=_("In PEM: it begins with BEGIN PUBLIC KEY"), required=False
    )
    jwks_url = fields.Text(
        label=_("Or the address of its keys"),
        hint=_("Of a JSON Web Key Set"),
        max_length=2_000,
        required=False,
    )
    signing = fields.Choice(label=_("What we sign its id tokens with"), choices=SIGNINGS.items())
    levels = fields.Choices(
        label=_("Levels of identity that it may ask for"), choices=LEVELS.items(), required=False
    )
    scopes = fields.Choices(
        label=_("What it may ask to be told"), choices=SCOPES.items(), required=False
    )
    claims = fields.Choices(
        label=_("What it may ask to be told of a proven identity"),
        choices=CLAIMS.items(),
        required=False,
    )

    def registration(self) -> Registration:
        given = self.cleaned_data
        return Registration(
            name=given["name"].strip(),
            redirect_uris=tuple(given["redirect_uris"].split()),
            post_logout_uris=tuple(given["post_logout_uris"].split()),
            back_channel_uri=given["back_channel_uri"].strip(),
            sector=given["sector"].strip().lower(),
            authentication=Authentication(given["authentication"]),
            public_key=given["public_key"].strip(),
            jwks_url=given["jwks_url"].strip(),
            signing=Signing(given["signing"]),
            levels=tuple(Level(each) for each in given["levels"]),
            scopes=(Scope.OPENID, *(Scope(each) for each in given["scopes"])),
            claims=tuple(IdentityClaim(each) for each in given["claims"]),
        )

    @staticmethod
    def typed_of(told: Registration) -> dict[str, Any]:  # Any: what Django's forms take
        return {
            **{name: getattr(told, name) for name in ("name", "sector", "public_key", "jwks_url")},
            "redirect_uris": "\n".join(told.redirect_uris),
            "post_logout_uris": "\n".join(told.post_logout_uris),
            "back_channel_uri": told.back_channel_uri,
            "authentication": told.authentication,
            "signing": told.signing,
            "levels": list(told.levels),
            "scopes": list(told.scopes),
            "claims": list(told.claims),
        }


class ChooseLogo(Form):
    logo = fields.File(label=_("Logo"), hint=_("PNG, JPEG or WebP"), accept="image/*")


class TryFlow(Form):
    """What the test console asks for."""

    vtr = fields.Choice(label=_("What to ask for"), choices=VECTORS.items(), initial='["Cl"]')
    claims = fields.Choices(
        label=_("Claims of the identity"), choices=CLAIMS.items(), required=False
    )

    def asked(self) -> dict[str, str]:
        """Parameters of a request."""
        claims: list[str] = self.cleaned_data["claims"]
        return {
            "vtr": self.cleaned_data["vtr"],
            "claims": json.dumps({"userinfo": dict.fromkeys(claims)}),
        }
