"""Scopes and claims, in words for the person whom they are about."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.identity.records import IdentityClaim, Scope

WORDS = {
    str(Scope.OPENID): _("That it is you, under a name that only it and its sister services use"),
    str(Scope.EMAIL): _("Your email address"),
    str(Scope.PHONE): _("Your telephone number"),
    str(IdentityClaim.CORE_IDENTITY): _("Your name and date of birth"),
    str(IdentityClaim.ADDRESS): _("Where you live and have lived"),
    str(IdentityClaim.PASSPORT): _("The number of your passport, and when it expires"),
    str(IdentityClaim.DRIVING_PERMIT): _("The number of your driving licence, and when it expires"),
    str(IdentityClaim.RETURN_CODE): _("Whether you could prove who you are"),
}


def in_words(shares: Iterable[str]) -> list[str]:
    """In the order of the table; what is not in it is not shared."""
    given = set(shares)
    return [str(words) for share, words in WORDS.items() if share in given]
