"""Text that an organisation writes itself: a value for each language."""

from dataclasses import dataclass

from django.utils.translation import get_language

LANGUAGES = ("en", "cy")


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words in English and Welsh; without Welsh, English serves for both."""

    en: str
    cy: str = ""

    def in_language(self, language: str | None) -> str:
        return self.cy if (language or "").startswith("cy") and self.cy else self.en

    def __str__(self) -> str:
        return self.in_language(get_language())
