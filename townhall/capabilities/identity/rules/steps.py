"""What comes next for somebody whom a relying party has sent here to sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from townhall.capabilities.identity.records import Credential, IdentityClaim, Level, Prompt, Wanted
from townhall.capabilities.identity.rules.vectors import credential_wanted, level_met


class Step(Enum):
    SIGN_IN = auto()
    SIGN_IN_AGAIN = auto()
    SECOND_FACTOR = auto()
    PROVE = auto()
    AGREE = auto()
    ANSWER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of whoever is at the browser, and of what they were asked for this request."""

    is_signed_in: bool
    authenticated_at: datetime | None = None
    has_second_factor: bool = False
    proven: Level = Level.P0
    sent_to_sign_in_at: datetime | None = None
    was_sent_to_prove: bool = False
    shares: frozenset[str] = frozenset()  # that they have agreed to share with this relying party
    agreed_now: bool = False  # not only some other time
    refused: bool = False


class Refusal(Exception):
    """Nothing comes next: the relying party is told this error of OpenID Connect."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def next_step(asked: Wanted, standing: Standing, *, now: datetime) -> Step:
    """Raises Refusal."""
    step = _step(asked, standing, now)
    if Prompt.NONE in asked.prompts and step is not Step.ANSWER:
        raise Refusal(_UNASKED[step])
    return step


# What a relying party is told that wanted nobody to be asked anything.
_UNASKED = {
    Step.SIGN_IN: "login_required",
    Step.SIGN_IN_AGAIN: "login_required",
    Step.SECOND_FACTOR: "login_required",
    Step.PROVE: "interaction_required",
    Step.AGREE: "consent_required",
}


def _step(asked: Wanted, standing: Standing, now: datetime) -> Step:
    if not standing.is_signed_in:
        return Step.SIGN_IN
    if _is_too_long_ago(asked, standing, now):
        return Step.SIGN_IN_AGAIN
    wants_two = credential_wanted(asked.vectors) is Credential.MEDIUM
    if wants_two and not standing.has_second_factor:
        return Step.SECOND_FACTOR
    if standing.refused:
        raise Refusal("access_denied")
    if _has_to_prove(asked, standing):
        return Step.PROVE
    must_ask = Prompt.CONSENT in asked.prompts and not standing.agreed_now
    if must_ask or not asked.shares <= standing.shares:
        return Step.AGREE
    return Step.ANSWER


def _has_to_prove(asked: Wanted, standing: Standing) -> bool:
    """Only once for each request. One with a return code is told that they did not."""
    if level_met(asked.vectors, standing.proven) is not None:
        return False
    if standing.was_sent_to_prove and IdentityClaim.RETURN_CODE not in asked.claims:
        raise Refusal("access_denied")
    return not standing.was_sent_to_prove


def _is_too_long_ago(asked: Wanted, standing: Standing, now: datetime) -> bool:
    """Whether they have to sign in anew: the relying party wants it, and they have not yet."""
    signed_in_at, sent_at = standing.authenticated_at, standing.sent_to_sign_in_at
    if sent_at and signed_in_at and signed_in_at >= sent_at:
        return False
    if Prompt.LOGIN in asked.prompts:
        return True
    if asked.max_age_seconds is None:
        return False
    return signed_in_at is None or now - signed_in_at > timedelta(seconds=asked.max_age_seconds)
