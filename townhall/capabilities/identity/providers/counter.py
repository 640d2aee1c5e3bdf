"""The counter: staff look at documents, and at whoever brings them, with a checklist."""

from townhall.capabilities.identity.records import (
    Check,
    Confirmed,
    Enquiry,
    Finding,
    Kind,
    Question,
)
from townhall.capabilities.identity.rules.evidence import (
    BY_DETAILS,
    BY_FACE,
    BY_FEATURES,
    SHOWN,
    STRENGTH,
    WITH_ADDRESS,
    WITH_PHOTO,
    name_of,
)


class Counter:
    """Turns a checklist into scores; it asks nobody outside.

    What staff have entered is what the documents say: they tick that it is.
    """

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
            confirmed=Confirmed(
                names=(name_of(asked.claim),),
                birth_date=asked.claim.birth_date,
                addresses=asked.addresses[:1] if asked.kind in WITH_ADDRESS else (),
            ),
        )

    def questions(self, asked: Enquiry) -> tuple[Question, ...]:
        return ()

    def check(self) -> str:
        return ""
