"""The counter: staff look at documents, and at whoever brings them, with a checklist."""

from townhall.capabilities.identity.records import Check, Enquiry, Finding, Kind, Question
from townhall.capabilities.identity.rules.evidence import (
    BY_DETAILS,
    BY_FACE,
    BY_FEATURES,
    SHOWN,
    STRENGTH,
    WITH_PHOTO,
)


class Counter:
    """Turns a checklist into scores; it asks nobody outside."""

    slug = "counter"
    checks = frozenset({Check.COUNTER})
    kinds: frozenset[Kind] = frozenset(SHOWN)

    def look_into(self, asked: Enquiry) -> Finding:
        found = asked.checklist
        if asked.kind not in self.kinds or found is None:
            return Finding()
        if found.refused or not found.features_genuine:
            return Finding()
        face = found.photo_matches and asked.kind in WITH_PHOTO
        return Finding(
            strength=STRENGTH[asked.kind],
            validity=BY_FEATURES if found.special_light else BY_DETAILS,
            verification=BY_FACE if face else 0,
        )

    def questions(self, asked: Enquiry) -> tuple[Question, ...]:
        return ()

    def check(self) -> str:
        return ""
