"""Scopes and claims, in words for the person whom they are about."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity.records import Claim, Scope

WORDS = {
    str(Scope.OPENID): _("That it is you, under a name that only this service knows you by"),
    str(Scope.EMAIL): _("Your email address"),
    str(Scope.PHONE): _("Your telephone number"),
    str(Claim.CORE_IDENTITY): _("Your name and date of birth"),
    str(Claim.ADDRESS): _("Where you live and have lived"),
    str(Claim.PASSPORT): _("The number of your passport, and when it expires"),
    str(Claim.DRIVING_PERMIT): _("The number of your driving licence, and when it expires"),
    str(Claim.RETURN_CODE): _("Whether you could prove who you are"),
}


def in_words(shares: Iterable[str]) -> list[str]:
    """In the order of the table; what is not in it is not shared."""
    given = set(shares)
    return [str(words) for share, words in WORDS.items() if share in given]
