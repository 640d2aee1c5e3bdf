"""Calls the programs that want to be told, with the token that they know us by."""

from townhall.capabilities.notify.errors import UnfitCallback
from townhall.capabilities.notify.records import CallbackAnswer, Outcome
from townhall.capabilities.notify.rules.callbacks import outcome_of, sign
from townhall.machinery.outside import UnfitAddress, Unreached, check_address, post

TIMEOUT_SECONDS = 5
SIGNATURE = "Townhall-Signature"
NO_TOKEN = "token cannot be read"  # noqa: S105  # it is what staff read


def call(url: str, *, body: str, token: str) -> CallbackAnswer:
    """Post a body to a program once. No redirect is followed; what it answers is not read."""
    if not token:  # the SECRET_KEY that hid it is gone
        return CallbackAnswer(outcome=Outcome.REFUSED, words=NO_TOKEN)
    content = body.encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        SIGNATURE: sign(content, token),
    }
    try:
        status = post(url, content=content, headers=headers, timeout=TIMEOUT_SECONDS)
    except UnfitAddress as refusal:
        return CallbackAnswer(outcome=Outcome.REFUSED, words=str(refusal))
    except Unreached as refusal:
        return CallbackAnswer(outcome=Outcome.AGAIN, words=str(refusal))
    return CallbackAnswer(outcome=outcome_of(status), words=str(status))


def check_callback(url: str) -> None:
    """Raises UnfitCallback for an address that is never called. Looks nothing up."""
    try:
        check_address(url)
    except UnfitAddress as refusal:
        raise UnfitCallback(str(refusal)) from refusal
