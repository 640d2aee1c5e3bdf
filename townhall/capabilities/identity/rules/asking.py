"""What a relying party asks for when it sends somebody to /authorize."""

import json
from collections.abc import Collection, Mapping

from townhall.capabilities.identity.errors import BadOpenIdRequest
from townhall.capabilities.identity.records import (
    IdentityClaim,
    Level,
    Prompt,
    Scope,
    Vector,
    Wanted,
)
from townhall.capabilities.identity.rules.vectors import BadVectors, read_vectors

LONGEST = 4_000  # characters of a state or nonce
LONGEST_HINT = 256
LANGUAGES = ("en", "cy")
CHANNELS = ("web", "generic_app")
MODES = ("query", "fragment")
WEEK_SECONDS = 7 * 24 * 60 * 60


def read_request(
    given: Mapping[str, str],
    *,
    scopes: Collection[Scope],
    claims: Collection[IdentityClaim],
    levels: Collection[Level],
) -> Wanted:
    """Raises BadOpenIdRequest, in the standard's words, for what a relying party may not ask.

    Who asks and where the answer goes must be known to be right. `scopes`, `claims` and `levels`
    are what this one is registered for.
    """
    state = _needed(given, "state")
    if "request_uri" in given:
        raise BadOpenIdRequest("request_uri_not_supported", "request_uri is not supported")
    if given.get("response_type") != "code":
        raise BadOpenIdRequest("unsupported_response_type", "The response type must be code")
    asked_scopes = _scopes(given.get("scope", ""), scopes)
    asked_claims = _claims(given.get("claims", ""), claims)
    return Wanted(
        redirect_uri=given["redirect_uri"],
        state=state,
        nonce=_needed(given, "nonce"),
        scopes=asked_scopes,
        claims=asked_claims,
        vectors=_vectors(given.get("vtr", ""), levels),
        prompts=_prompts(given.get("prompt", "")),
        max_age_seconds=_max_age(given.get("max_age", "")),
        language=_language(given.get("ui_locales", "")),
        login_hint=_hint(given),
        in_fragment=_mode(given) == "fragment",
        code_challenge=_challenge(given),
    )


def _needed(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise BadOpenIdRequest("invalid_request", f"The {name} is missing")
    if len(value) > LONGEST or not value.isprintable():
        raise BadOpenIdRequest("invalid_request", f"The {name} cannot be used")
    return value


def _scopes(written: str, allowed: Collection[Scope]) -> frozenset[str]:
    asked = frozenset(written.split(" ")) if written else frozenset[str]()
    if Scope.OPENID not in asked or not asked <= set(allowed):
        raise BadOpenIdRequest("invalid_scope", "A scope is missing, unknown or not registered")
    return asked


def _claims(written: str, allowed: Collection[IdentityClaim]) -> frozenset[str]:
    if not written:
        return frozenset()
    try:
        given = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise BadOpenIdRequest("invalid_request", "The claims are not JSON") from error
    wanted = given.get("userinfo") if isinstance(given, dict) else None
    if wanted is None:
        return frozenset()
    if not isinstance(wanted, dict) or not set(wanted) <= {str(each) for each in allowed}:
        raise BadOpenIdRequest("invalid_request", "A claim is unknown or not registered")
    return frozenset(wanted)


def _vectors(written: str, levels: Collection[Level]) -> tuple[Vector, ...]:
    try:
        return read_vectors(written, levels=levels)
    except BadVectors as error:
        raise BadOpenIdRequest("invalid_request", f"The vtr is not valid: {error}") from error


def _prompts(written: str) -> frozenset[Prompt]:
    try:
        prompts = frozenset(Prompt(each) for each in written.split())
    except ValueError as error:
        raise BadOpenIdRequest("invalid_request", "The prompt is not known") from error
    if Prompt.NONE in prompts and len(prompts) > 1:
        raise BadOpenIdRequest("invalid_request", "The prompt none goes with no other")
    if Prompt.SELECT_ACCOUNT in prompts:
        says = "There is no choice of accounts"
        raise BadOpenIdRequest("unmet_authentication_requirements", says)
    return prompts


def _max_age(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit()):
        raise BadOpenIdRequest("invalid_request", "The max_age is not a number of seconds")
    return min(int(written[:9]), WEEK_SECONDS)  # no session lasts longer


def _language(written: str) -> str:
    wanted = (each.split("-")[0].lower() for each in written.split())
    return next((each for each in wanted if each in LANGUAGES), "")


def _hint(given: Mapping[str, str]) -> str:
    hint, channel = given.get("login_hint", ""), given.get("channel", "")
    if len(hint) > LONGEST_HINT:
        raise BadOpenIdRequest("invalid_request", "The login_hint is too long")
    if channel and channel not in CHANNELS:
        raise BadOpenIdRequest("invalid_request", "The channel is not known")
    return hint


def _mode(given: Mapping[str, str]) -> str:
    mode = given.get("response_mode", "") or "query"
    if mode not in MODES:
        raise BadOpenIdRequest("invalid_request", "The response mode must be query or fragment")
    return mode


def _challenge(given: Mapping[str, str]) -> str:
    """Its form is Authlib's to look at; that it may only be S256 is One Login's rule."""
    challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "")
    if bool(challenge) != bool(method) or method not in ("", "S256"):
        raise BadOpenIdRequest("invalid_request", "The code challenge must be there, and S256")
    return challenge
