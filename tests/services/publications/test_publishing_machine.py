"""The life of a record, played at random against a plain model of it.

A child is shown in a photo; two guardians, the child and the photographer say yes and no, days
pass, people flag the photo, ask for approval, publish it, alone or in one post with a photo that
shows nobody, and take photos out of posts. Whatever the order: what is approved is allowed at that
moment, the verdict is what the model says, what may not stay out has its task at once, photo by
photo, and each change is in the log.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from tests.logged import logged
from tests.services.machines import RegistryCopies, RegistryMachine, run_machine
from tests.services.scenes import list_all

from photoreg.errors import NotAllowed
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.registry.tables.people import GuardianBasis, StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.registry.tables.publications import DecisionFor
from photoreg.rulebook.facts import (
    Basis,
    Channel,
    Confidentiality,
    ConsentKind,
    People,
    Place,
    Purpose,
    Shot,
)
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, staff
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, registration
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import corrections, publishing, takedown_tasks
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.publications.takedown import all_disallowed
from photoreg.services.publications.takedown_tasks import open_due_take_downs

ROOT = Path(__file__).parents[3]
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CHILD, FIRST, SECOND, PHOTOGRAPHER = "H-1", "H-2", "H-3", "H-4"
GUARDIANS = (FIRST, SECOND)
PHOTOS = ("P-1", "P-2")
PAGE = AskedUse("kunta")

YES, NO, WITHDRAWN, NOTHING = "yes", "no", "withdrawn", "nothing"
KINDS = {YES: ConsentKind.GIVEN, NO: ConsentKind.REFUSED, WITHDRAWN: ConsentKind.WITHDRAWN}


def furnish(application: Application) -> None:
    channels.add_channel(
        application,
        name="kunta",
        title="Kunta",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=("kaisa",),
    )
    staff.add_staff(application, login="ville", name="Ville", role=StaffRole.DEPUTY)
    # From 15 on and below 18 for as long as a run can last: 20 steps of 40 days at most.
    persons.add_person(application, PersonDetails(name="Elle", born=date(2011, 10, 1), guardians=2))
    for name in ("Máret", "Ante", "Áile"):
        persons.add_person(application, PersonDetails(name=name, born=date(1980, 1, 1)))
    for guardian in GUARDIANS:
        add_guardian(
            application, CHILD, guardian, basis=GuardianBasis.PARENT, verified="väestötiedot"
        )
    answers = PhotoAnswers(
        photographers=("Áile",),
        place=Place.SCHOOL_OR_DAYCARE,
        shot=Shot.PERSON_SUBJECT,
        people=People.RECOGNISABLE,
        recognisable_count=1,
        confidentiality=Confidentiality.NONE,
        sensitive=False,
        credit="Áile",
        rights_removed=False,
    )
    image = ROOT / "sample_images" / "valtuusto.jpg"
    list(registration.register_files(application, [image], answers))
    depictions.tag_persons(application, ["P-1"], persons=[CHILD])
    nobody = replace(
        answers,
        place=Place.PUBLIC_OUTDOOR,
        shot=Shot.GENERAL_VIEW,
        people=People.NONE,
        recognisable_count=None,
    )
    landscape = ROOT / "sample_images" / "maisema.jpg"
    list(registration.register_files(application, [landscape], nobody))


class Word:
    """What the model remembers of one person: the last word and until when the yeses hold."""

    def __init__(self) -> None:
        self.typed: list[tuple[datetime, str, date]] = []
        self.begin()

    def begin(self) -> None:
        """Remember nothing."""
        self.last, self.until = NOTHING, date.min
        self.typed.clear()

    def said(self, what: str, until: date, at: datetime = START) -> None:
        """Remember; a yes adds to an earlier one, and a no takes everything away."""
        adds = what == YES and self.last == YES
        self.last, self.until = what, max(until, self.until) if adds else until
        self.typed.append((at, what, until))

    def last_typed(self) -> list[str]:
        """Return what was typed together, last."""
        return [what for at, what, _until in self.typed if at == self.typed[-1][0]]

    def was_mistake(self) -> None:
        """Forget what was typed last, as if it had never been said."""
        before = [each for each in self.typed if each[0] != self.typed[-1][0]]
        self.begin()
        for at, what, until in before:
            self.said(what, until, at)

    def allows(self, day: date) -> bool:
        """Is there a yes in force?"""
        return self.last == YES and day <= self.until


class LifeOfARecord(RegistryMachine):
    """Services on the left, the model on the right."""

    @initialize()
    def open_registry(self) -> None:
        """Begin with nothing said."""
        self.now, self.addresses = START, 0
        self.workplace = Application(self.registry, "kaisa", lambda: self.now)
        self.deputy = Application(self.registry, "ville", lambda: self.now)
        self.flags: list[FlagOutcome | None] = []
        self.words = {person: Word() for person in (CHILD, *GUARDIANS, PHOTOGRAPHER)}
        self.to_remove: set[tuple[str, str]] = set()
        self.consents: dict[str, str] = {}
        self.entries = self.count_entries()

    @property
    def today(self) -> date:
        return self.now.date()

    def count_entries(self) -> int:
        with self.workplace.reading() as work:
            return sum(1 for _entry in logged(work.session))

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        """Time goes on by itself; nobody does anything but look what it has ended."""
        self.now += timedelta(days=days)
        open_due_take_downs(self.workplace)

    @rule(
        who=st.sampled_from((CHILD, *GUARDIANS)),
        what=st.sampled_from((YES, NO, WITHDRAWN)),
        days=st.integers(0, 60),
    )
    def somebody_speaks(self, who: str, what: str, days: int) -> None:
        """The child or a guardian gives, refuses or withdraws."""
        until = self.today + timedelta(days=days)
        is_yes = what == YES
        spoken = ConsentStatement(
            KINDS[what],
            channels=["public_page"] if is_yes else [],
            on=self.today,
            until=until if is_yes else None,
            paper="kansio 1",
        )
        whose = ConsentParties(CHILD, by=None if who == CHILD else who)
        if what == WITHDRAWN:
            told = consents.withdraw_consent(self.workplace, spoken, parties=whose)
        else:
            told = consents.record_consent(self.workplace, whose, spoken)
        self.consents[who] = told.recorded.record_id
        self.words[who].said(what, until, self.now)
        self.entries_grew()

    @rule(who=st.sampled_from((CHILD, *GUARDIANS)))
    def what_was_typed_last_was_a_mistake(self, who: str) -> None:
        """A yes never counted; a no neither, once the deputy agrees or if nothing followed yet."""
        word = self.words[who]
        if not word.typed:
            return
        [before] = checks.check(self.workplace, ["P-1"], PAGE)
        done = corrections.correct_consent(self.workplace, self.consents[who])
        if any(each.counts for each in done):
            corrections.correct_consent(self.deputy, self.consents[who], agrees=True)
        elif set(word.last_typed()) == {YES}:
            [after] = checks.check(self.workplace, ["P-1"], PAGE)
            assert before.is_allowed or not after.is_allowed
        word.was_mistake()
        self.entries_grew()

    @rule(what=st.sampled_from((YES, NO, WITHDRAWN)), days=st.integers(0, 60))
    def photographer_speaks(self, what: str, days: int) -> None:
        """The photographer permits, refuses or revokes."""
        until = self.today + timedelta(days=days)
        is_yes = what == YES
        spoken = ConsentStatement(
            KINDS[what],
            channels=["public_page"] if is_yes else [],
            purposes=(Purpose.INFORMATION,),
            on=self.today,
            until=until if is_yes else None,
            paper="kansio 2",
        )
        rights = PermissionParties(photographer=PHOTOGRAPHER)
        if what == WITHDRAWN:
            permissions.withdraw_permission(self.workplace, spoken, rights=rights)
        else:
            terms = PermissionTerms(basis=Basis.PHOTOGRAPHER_PERMISSION)
            permissions.record_permission(self.workplace, rights, spoken, terms)
        self.words[PHOTOGRAPHER].said(what, until)
        self.entries_grew()

    @rule(days=st.integers(0, 60))
    def everybody_agrees(self, days: int) -> None:
        """All say yes, so that what is publishable is met often."""
        for who in (CHILD, *GUARDIANS):
            self.somebody_speaks(who=who, what=YES, days=days)
        self.photographer_speaks(what=YES, days=days)
        [checked] = checks.check(self.workplace, ["P-1"], PAGE)
        assert checked.is_allowed != self.is_flagged

    @property
    def is_flagged(self) -> bool:
        return any(outcome is not FlagOutcome.LIFTED for outcome in self.flags)

    @rule()
    def somebody_flags(self) -> None:
        """The photo is stopped, whatever else is in order."""
        flags.raise_flag(self.workplace, "P-1", reason="Something is wrong.")
        self.flags.append(None)
        self.entries_grew()

    @rule(outcome=st.sampled_from(FlagOutcome))
    def the_deputy_resolves_a_flag(self, outcome: FlagOutcome) -> None:
        """The oldest flag that is open, or stands, is resolved; the other coordinator may not."""
        for number, was in enumerate(self.flags, 1):
            if was not in {outcome, FlagOutcome.LIFTED}:
                flag = f"F-{number}"
                with pytest.raises(NotAllowed):
                    flags.resolve_flag(
                        self.workplace, flag, outcome=outcome, reason="Looked at it."
                    )
                flags.resolve_flag(self.deputy, flag, outcome=outcome, reason="Looked at it.")
                self.flags[number - 1] = outcome
                self.entries_grew()
                return

    @rule()
    def somebody_asks_for_approval(self) -> None:
        """An approval is given exactly when the fresh verdict allows it."""
        [before] = checks.check(self.workplace, ["P-1"], PAGE)
        [answer] = approval.approve(self.workplace, ["P-1"], PAGE)
        assert (answer.decision_id is not None) == before.is_allowed
        assert answer.checked.verdict == before.verdict
        self.entries_grew()

    @rule(photos=st.sampled_from((("P-1",), ("P-2",), ("P-1", "P-2"), ("P-2", "P-1"))))
    def somebody_publishes(self, photos: tuple[str, ...]) -> None:
        """A post at an address of its own is recorded exactly when each photo is allowed."""
        self.addresses += 1
        address = f"https://www.example.fi/{self.addresses}"
        allowed = {each: self.is_allowed(each) for each in photos}
        recorded = publishing.add_publication(self.workplace, photos, PAGE, address=address)
        refused = {f"P-{each.photo_id}" for each in recorded.not_allowed}
        assert refused == {each for each in photos if not allowed[each]}
        assert (recorded.publication is not None) == (not refused)

    @rule(which=st.integers(0, 5), whole=st.booleans())
    def somebody_takes_down(self, which: int, *, whole: bool) -> None:
        """One photo of a publication goes, or all that are left; the others stay."""
        rows = list_all(publishing.list_publications(self.workplace))
        if not rows:
            return
        row = rows[which % len(rows)]
        photos = () if whole else (row.photo,)
        done = takedown_tasks.take_down(
            self.workplace, [row.publication], photos=photos, whole=whole, proof="Looked."
        )
        gone = {(each.publication, each.photo) for each in done}
        live = {(each.publication, each.photo) for each in rows}
        of_it = {pair for pair in live if pair[0] == row.publication}
        assert gone == (of_it if whole else {(row.publication, row.photo)})
        assert {each.left for each in done} == {len(of_it - gone)}
        after = list_all(publishing.list_publications(self.workplace))
        assert {(each.publication, each.photo) for each in after} == live - gone
        self.to_remove -= gone
        self.entries_grew()

    @rule()
    def nobody_rules_on_a_refusal(self) -> None:
        """No decision can be stored for what is not allowed, not even by the code itself."""
        [checked] = checks.check(self.workplace, ["P-1"], PAGE)
        if checked.verdict.outcome is Outcome.REFUSED:
            with pytest.raises((AssertionError, NotAllowed)), self.workplace.changing() as work:
                approval.record_decision(work, checked, DecisionFor.APPROVAL)

    def entries_grew(self) -> None:
        """Every change left its entry in the log."""
        count = self.count_entries()
        assert count > self.entries
        self.entries = count

    @invariant()
    def verdict_is_what_the_model_says(self) -> None:
        """Publishable needs all of them; from 15 on the young person's yes as well."""
        if not hasattr(self, "workplace"):
            return
        for photo, checked in zip(PHOTOS, checks.check(self.workplace, PHOTOS, PAGE), strict=True):
            assert checked.is_allowed == self.is_allowed(photo), checked.verdict.codes

    def is_allowed(self, photo: str) -> bool:
        """Return whether a photo may be published; the second one needs the photographer only."""
        asked = (CHILD, *GUARDIANS, PHOTOGRAPHER) if photo == "P-1" else (PHOTOGRAPHER,)
        everybody = all(self.words[who].allows(self.today) for who in asked)
        return everybody and not (photo == "P-1" and self.is_flagged)

    @invariant()
    def open_tasks_are_those_that_a_fresh_evaluation_asks_for(self) -> None:
        """The chain holds; no task is missing, none is there that nothing ever asked for.

        One that is open stays so, whoever agrees later: it is a person who says `keep`.
        """
        if not hasattr(self, "workplace"):
            return
        with self.workplace.reading() as work:
            assert first_broken_entry(work.session) is None
            self.to_remove |= {(wrong.publication, wrong.photo) for wrong in all_disallowed(work)}
        listed = list_all(publishing.list_publications(self.workplace))
        is_open = PublicationState.TAKE_DOWN_OPEN
        open_tasks = {(p.publication, p.photo) for p in listed if p.state is is_open}
        assert open_tasks == self.to_remove


def test_whatever_the_order_the_registry_is_what_the_model_says(
    family_registry: Path | str, stages: RegistryCopies
) -> None:
    run_machine(LifeOfARecord, stages, family_registry, runs=12, steps=20)
