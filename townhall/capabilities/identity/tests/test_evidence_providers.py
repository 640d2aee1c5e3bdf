"""The contract that every evidence provider keeps. A new one adds itself to TRIALS and is done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

import pytest

from townhall.capabilities.identity.providers.counter import Counter
from townhall.capabilities.identity.providers.evidence import EvidenceProvider
from townhall.capabilities.identity.providers.sandbox import Sandbox
from townhall.capabilities.identity.records import Check, Checklist, Enquiry, Finding, Kind, Level
from townhall.capabilities.identity.rules.evidence import STRENGTH, best_online
from townhall.capabilities.identity.rules.sandbox_people import PEOPLE
from townhall.capabilities.identity.tests.proving import claim_of, person, stranger
from townhall.machinery.errors import Unavailable

ADA = person("Ada Penrose")
WELL = Checklist(features_genuine=True, special_light=True, photo_matches=True)
BADLY = Checklist(features_genuine=False, special_light=True, photo_matches=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    provider: EvidenceProvider
    well: Mapping[Check, Enquiry]  # what scores
    badly: Mapping[Check, Enquiry]  # what does not


def asked(check: Check, **changes: object) -> Enquiry:
    given = Enquiry(id=uuid4(), check=check, claim=ADA.claim, addresses=(ADA.address,))
    return replace(given, **changes)  # type: ignore[arg-type]  # fields of Enquiry


def of_passport(check: Check, **changes: object) -> Enquiry:
    passport = {"kind": Kind.PASSPORT, "document": ADA.documents[Kind.PASSPORT]}
    return asked(check, **{**passport, **changes})


SANDBOX = Trial(
    provider=Sandbox(),
    well={
        Check.DOCUMENT: of_passport(Check.DOCUMENT),
        Check.ACTIVITY: asked(Check.ACTIVITY),
        Check.FRAUD: asked(Check.FRAUD),
        Check.QUESTIONS: asked(Check.QUESTIONS, answers=ADA.answers),
    },
    badly={
        Check.DOCUMENT: of_passport(
            Check.DOCUMENT, document=replace(ADA.documents[Kind.PASSPORT], number="599999999")
        ),
        Check.ACTIVITY: asked(Check.ACTIVITY, addresses=()),
        Check.FRAUD: asked(Check.FRAUD, claim=stranger()),
        Check.QUESTIONS: asked(Check.QUESTIONS, answers={"energy": "wold"}),
    },
)
COUNTER = Trial(
    provider=Counter(),
    well={Check.COUNTER: of_passport(Check.COUNTER, checklist=WELL)},
    badly={Check.COUNTER: of_passport(Check.COUNTER, checklist=BADLY)},
)
TRIALS = (SANDBOX, COUNTER)
EACH = pytest.mark.parametrize("trial", TRIALS, ids=lambda each: each.provider.slug)


@EACH
class TestEveryProvider:
    def test_each_of_its_checks_scores_what_is_good_and_nothing_else(self, trial: Trial) -> None:
        assert trial.well.keys() == trial.badly.keys() == trial.provider.checks
        assert all(trial.provider.look_into(each) != Finding() for each in trial.well.values())
        assert all(trial.provider.look_into(each) == Finding() for each in trial.badly.values())

    def test_asked_again_it_answers_the_same(self, trial: Trial) -> None:
        for each in trial.well.values():
            again = replace(each, tries=3)
            assert trial.provider.look_into(each) == trial.provider.look_into(again)

    def test_no_score_is_more_than_the_guide_knows_nor_than_the_evidence_is_strong(
        self, trial: Trial
    ) -> None:
        for each in trial.well.values():
            found = trial.provider.look_into(each)
            values = (found.validity, found.activity, found.fraud, found.verification)
            assert all(0 <= value <= 4 for value in values)
            assert found.strength in {0, STRENGTH[each.kind or Kind.PASSPORT]}

    def test_it_scores_only_kinds_of_evidence_that_it_says_it_knows(self, trial: Trial) -> None:
        of_evidence = {Check.DOCUMENT, Check.COUNTER} & trial.provider.checks
        for check in of_evidence:
            for kind in set(Kind) - trial.provider.kinds:
                assert trial.provider.look_into(replace(trial.well[check], kind=kind)) == Finding()

    def test_it_asks_questions_only_if_it_judges_the_answers(self, trial: Trial) -> None:
        questions = trial.provider.questions(next(iter(trial.well.values())))

        assert bool(questions) == (Check.QUESTIONS in trial.provider.checks)
        assert all(len(each.choices) > 1 and each.text.cy for each in questions)

    def test_nothing_is_wrong_with_its_settings(self, trial: Trial) -> None:
        assert trial.provider.check() == ""

    def test_evidence_that_scores_is_of_somebody(self, trial: Trial) -> None:
        for check in {Check.DOCUMENT, Check.COUNTER} & trial.provider.checks:
            who = trial.provider.look_into(trial.well[check]).confirmed

            assert (who.names[0].parts[-1].value, who.birth_date) == ("Penrose", date(1985, 3, 12))


@pytest.mark.parametrize(
    ("kinds", "with_questions", "level"),
    [
        (Sandbox.kinds, True, Level.P2),
        ({Kind.BIRTH_CERTIFICATE}, True, Level.P1),
        (Sandbox.kinds, False, Level.P0),
        (set(), True, Level.P0),
    ],
)
def test_it_is_known_how_far_anybody_gets_online(
    kinds: set[Kind], with_questions: bool, level: Level
) -> None:
    assert best_online(kinds, with_questions=with_questions) == level


class TestSandbox:
    def test_a_picture_shows_that_a_document_is_genuine(self) -> None:
        plain, pictured = (
            Sandbox().look_into(of_passport(Check.DOCUMENT, picture=picture))
            for picture in (b"", b"a picture")
        )

        assert (plain.validity, pictured.validity) == (2, 3)

    def test_what_is_known_as_stolen_is_worth_nothing(self) -> None:
        elin = person("Elin Frost")
        shown = of_passport(
            Check.DOCUMENT, claim=elin.claim, document=elin.documents[Kind.PASSPORT]
        )

        assert Sandbox().look_into(shown) == Finding()

    def test_a_silent_person_is_answered_for_the_second_time(self) -> None:
        check = asked(Check.FRAUD, claim=person("Farid Noor").claim)

        with pytest.raises(Unavailable):
            Sandbox().look_into(check)
        assert Sandbox().look_into(replace(check, tries=1)).fraud == 2

    @pytest.mark.parametrize(("wrong", "score"), [(0, 2), (1, 1), (2, 0), (3, 0)])
    def test_questions_score_by_how_many_are_right(self, wrong: int, score: int) -> None:
        answers = {**ADA.answers, **dict.fromkeys(list(ADA.answers)[:wrong], "no")}

        found = Sandbox().look_into(asked(Check.QUESTIONS, answers=answers))

        assert found.verification == score

    def test_no_two_people_have_one_name_or_one_document(self) -> None:
        numbers = [of.number for each in PEOPLE for of in each.documents.values()]

        assert len(set(numbers)) == len(numbers)
        assert len({claim_of(each) for each in PEOPLE}) == len(PEOPLE)


class TestCounter:
    @pytest.mark.parametrize(
        ("kind", "found", "validity", "verification"),
        [
            (Kind.PASSPORT, WELL, 3, 3),
            (Kind.PASSPORT, replace(WELL, special_light=False), 2, 3),
            (Kind.PASSPORT, replace(WELL, photo_matches=False), 3, 0),
            (Kind.BIRTH_CERTIFICATE, WELL, 3, 0),
            (Kind.PASSPORT, replace(WELL, refused=True), 0, 0),
            (Kind.PASSPORT, None, 0, 0),
        ],
    )
    def test_the_checklist_is_what_scores(
        self, kind: Kind, found: Checklist | None, validity: int, verification: int
    ) -> None:
        finding = Counter().look_into(of_passport(Check.COUNTER, kind=kind, checklist=found))

        assert (finding.validity, finding.verification) == (validity, verification)
