"""What an OpenID provider says of itself: its addresses, its keys and its trustmark."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from townhall.capabilities.identity import permissions, queries, records
from townhall.capabilities.identity.api.callers import named
from townhall.capabilities.identity.api.provider import issuer_of
from townhall.capabilities.identity.records import (
    Authentication,
    Credential,
    IdentityClaim,
    KeyState,
    KeyUse,
    Level,
    Scope,
    Signing,
)
from townhall.capabilities.identity.rules.claims import did_of
from townhall.capabilities.identity.rules.party_keys import ALGORITHMS
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

DAY = 24 * 60 * 60
HOUR = 60 * 60
CONTACT = ("email", "email_verified", "phone_number", "phone_number_verified")
Json = dict[str, object]


@named
@require_safe
@cache_control(public=True, max_age=DAY)
def configuration(request: Request) -> HttpResponse:
    """/.well-known/openid-configuration"""
    issuer = issuer_of(request)
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}authorize",
            "token_endpoint": f"{issuer}token",
            "userinfo_endpoint": f"{issuer}userinfo",
            "end_session_endpoint": f"{issuer}logout",
            "jwks_uri": f"{issuer}.well-known/jwks.json",
            "trustmarks": f"{issuer}trustmark",
            "op_policy_uri": f"{issuer}privacy/",
            "scopes_supported": list(Scope),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment"],
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": list(Authentication),
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "request_object_signing_alg_values_supported": list(ALGORITHMS),
            "request_parameter_supported": True,
            "request_uri_parameter_supported": False,
            "claims_parameter_supported": True,
            "claims_supported": ["sub", *CONTACT, *IdentityClaim],
            "claim_types_supported": ["normal"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": list(Signing),
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "ui_locales_supported": ["en", "cy"],
        }
    )


@named
@require_safe
@cache_control(public=True, max_age=DAY)
def keys(request: Request) -> HttpResponse:
    """/.well-known/jwks.json: what id tokens and logout tokens are signed with."""
    found = _published(request)
    tokens = [each.public for each in found if each.use is not KeyUse.IDENTITY]
    return JsonResponse({"keys": tokens})


@named
@require_safe
@cache_control(public=True, max_age=HOUR)
def did(request: Request) -> HttpResponse:
    """/.well-known/did.json: what proven identities are signed with."""
    controller = did_of(issuer_of(request))
    found = [each for each in _published(request) if each.use is KeyUse.IDENTITY]
    return JsonResponse(
        {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": controller,
            "assertionMethod": [_method(each, controller) for each in found],
        }
    )


@named
@require_safe
@cache_control(public=True, max_age=DAY)
def trustmark(request: Request) -> HttpResponse:
    """/trustmark: which vectors of trust there are, RFC 8485."""
    issuer = issuer_of(request)
    return JsonResponse(
        {
            "idp": issuer,
            "trustmark_provider": issuer,
            "C": list(Credential),
            "P": list(Level),
        }
    )


def _method(key: records.SigningKey, controller: str) -> Json:
    return {
        "type": "JsonWebKey",
        "id": f"{controller}#{key.id}",
        "controller": controller,
        "publicKeyJwk": key.public,
    }


def _published(request: Request) -> list[records.SigningKey]:
    """The current ones first, for readers that take the first."""
    may = frozenset({permissions.RELEASE})
    actor = Actor("program:openid", may, request.organisation.id)
    found = queries.list_published_keys(actor)
    return sorted(found, key=lambda each: each.state is not KeyState.CURRENT)
