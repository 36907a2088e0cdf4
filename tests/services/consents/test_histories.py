"""Random histories of statements in real registries, against a second reading of the rulebook.

An adult, a child with two guardians, a young person with one, and the photographer say yes and no:
for a photo, an event or everything, for channels by kind and by name, for purposes, with and
without a day, of today and of earlier days. `history_model` says what each history amounts to;
the gate, the lists of the audit, kept verdicts and `today` must say the same. More rounds:
PHOTOREG_TORTURE=1000.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.conftest import COORDINATOR
from tests.faults.killing import ROUNDS
from tests.imaging.builders import jpeg_named
from tests.rulebook.history_model import Asked, of_closed_group, outcome
from tests.services.machines import RegistryCopies
from tests.services.scenes import list_all

from photoreg.errors import InputDataError
from photoreg.registry.engines.database import Registry
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    OPEN_ENDED,
    REFUSING_KINDS,
    Channel,
    ChannelFacts,
    Confidentiality,
    ConsentKind,
    Method,
    People,
    Place,
    Purpose,
    ReachLevel,
    Shot,
    Statement,
)
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.audits import audits, missing_consents, verdict_cache
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import checks
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, policy, registry_setup
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, events, registration
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import publishing
from photoreg.services.publications.publishing import PublicationState

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PHOTOGRAPHER, ADULT, CHILD, MOTHER, FATHER, TEEN, AUNT = (f"H-{n}" for n in range(1, 8))
SPEAKERS = {
    ADULT: (ADULT,),
    CHILD: (CHILD, MOTHER, FATHER),
    TEEN: (TEEN, AUNT),
}
"""Who has a say about each person."""

MUST_AGREE = {ADULT: (ADULT,), CHILD: (MOTHER, FATHER), TEEN: (TEEN, AUNT)}
"""Whose yes is needed for each person: of 15 and older also the young person's own."""

SHOWN = {"P-1": (ADULT,), "P-2": (ADULT,), "P-3": (CHILD,), "P-4": (TEEN, ADULT)}
EVENTS = {"P-1": "E-1", "P-2": "E-2", "P-3": "E-1", "P-4": "E-2"}

CHANNELS = {
    "kunta": ChannelFacts(Channel.PUBLIC_PAGE, "kunta", since=date(2020, 1, 1)),
    "kirjasto": ChannelFacts(Channel.PUBLIC_PAGE, "kirjasto", since=date(2026, 2, 27)),
    "lehti": ChannelFacts(Channel.PRINT, "lehti", since=date(2020, 1, 1)),
    "2b": ChannelFacts(Channel.CLOSED_GROUP, "2b", since=date(2020, 1, 1)),
    "lapin-lehti": ChannelFacts(Channel.PRESS, "lapin-lehti", is_own=False, since=date(2020, 1, 1)),
    "talot": ChannelFacts(Channel.SUBSIDIARY_PAGE, "talot", is_own=False, since=date(2026, 2, 27)),
    "matti": ChannelFacts(Channel.PERSONAL_PROFILE, "matti", is_own=False, since=date(2020, 1, 1)),
}
USES_CHECKED = 3
"""How many uses are checked in each comparison; the lists are about every channel."""

PAGES = tuple(each for each in CHANNELS.values() if each.kind is Channel.PUBLIC_PAGE)
_NAMED = (*CHANNELS, "kunta", "kunta", "public_page", "public_page", *{c.kind for c in PAGES})


@dataclass(frozen=True)
class Told:
    """A statement as it was recorded: by whom, about whom (None: as photographer), and of what."""

    who: str
    about: str | None
    reach: str
    statement: Statement


# --- The registry. -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def village(
    new_registry: Callable[[], Path | str], tmp_path_factory: pytest.TempPathFactory
) -> Path | str:
    """A registry in which everything is known and nobody has said anything."""
    where = new_registry()
    registry_setup.create_registry(
        where, organisation="Kunta", login=COORDINATOR, name="Kaisa", clock=lambda: START
    )
    registry = Registry.open(where)
    application = Application(registry, COORDINATOR, lambda: START)
    for name, channel in CHANNELS.items():
        channels.add_channel(
            application,
            name=name,
            title=name,
            kind=channel.kind,
            controller=None if channel.is_own else f"Owner of {name}",
            since=channel.since,
            admins=(COORDINATOR,),
        )
    for name, born, guardians in (
        ("Áile Näkkäläjärvi", 1980, None),
        ("Berit Kumpulainen", 1981, None),
        ("Sanna Peltokangas", 2018, 2),
        ("Tuula Virtanen", 1982, None),
        ("Eino Hirvasvuopio", 1983, None),
        ("Jouni Aikio", 2010, 1),
        ("Ritva Magga", 1984, None),
    ):
        details = PersonDetails(name=name, born=date(born, 1, 1), guardians=guardians)
        persons.add_person(application, details)
    for child, several in ((CHILD, (MOTHER, FATHER)), (TEEN, (AUNT,))):
        for guardian in several:
            add_guardian(
                application, child, guardian, basis=GuardianBasis.PARENT, verified="register"
            )
    for name in ("First", "Second"):
        events.add_event(application, name, on=START.date())
    for photo, people in SHOWN.items():
        file = tmp_path_factory.mktemp("files") / f"{photo}.jpg"
        file.write_bytes(jpeg_named(photo))
        answers = PhotoAnswers(
            event=EVENTS[photo],
            photographers=(PHOTOGRAPHER,),
            place=Place.SCHOOL_OR_DAYCARE,
            shot=Shot.PERSON_SUBJECT,
            people=People.RECOGNISABLE,
            recognisable_count=len(people),
            confidentiality=Confidentiality.NONE,
            sensitive=False,
            credit="Áile",
            rights_removed=False,
        )
        list(registration.register_files(application, [file], answers))
        depictions.tag_persons(application, [photo], persons=people)
    registry.close()
    return where


# --- A history. ----------------------------------------------------------------------------------


class Village:
    """A registry, and what the second reading knows of it."""

    def __init__(self, registry: Registry, random: Random) -> None:
        self.random, self.now = random, START
        self.application = Application(registry, COORDINATOR, lambda: self.now)
        self.told: list[Told] = []
        self.published: dict[str, tuple[str, AskedUse]] = {}
        self.to_remove = set[str]()
        self.reached = Counter[str]()
        self.methods = random.choice([[*Method], [Method.WRITTEN, Method.ORAL]])
        self.months = random.choice([None, None, 1])
        self.own_scope = random.random() < 0.3
        policy.set_policy(
            self.application,
            {
                "yes_by": [str(each) for each in self.methods if each is not Method.ONLINE_CODE],
                "max_consent_age_months": self.months,
                "closed_group": "own_scope" if self.own_scope else "as_public",
            },
        )
        self.methods = [each for each in self.methods if each is not Method.ONLINE_CODE]

    @property
    def today(self) -> date:
        return self.now.date()

    def somebody_speaks(self) -> None:
        """Record a random statement through the services."""
        random = self.random
        about = random.choice([None, None, *SPEAKERS])
        who = random.choice(SPEAKERS[about]) if about else PHOTOGRAPHER
        photos = [photo for photo, shown in SHOWN.items() if about is None or about in shown]
        reach = random.choice(["", "", random.choice(photos), EVENTS[random.choice(photos)]])
        told = Told(who, about, reach, self._statement())
        if self._is_taken(told):
            self.told.append(replace(told, statement=replace(told.statement, order=len(self.told))))

    def _is_taken(self, told: Told) -> bool:
        """Record a statement, unless it cannot be: told of no day after a no, or too old a yes."""
        if not told.statement.is_grant or (told.statement.is_dated and not self.months):
            self._record(told)
            return True
        with suppress(InputDataError):
            self._record(told)
            return True
        self.reached["not taken"] += 1
        return False

    def everybody_agrees(self) -> None:
        """Record a yes of all to everything that can be named, so that much is publishable."""
        channels_named = frozenset([*CHANNELS, *Channel])
        yes = Statement(
            ConsentKind.GIVEN,
            day=self.today,
            channels=channels_named,
            purposes=frozenset({"any"}),
            valid_until=OPEN_ENDED,
            documented=True,
        )
        for about, several in (*SPEAKERS.items(), (None, (PHOTOGRAPHER,))):
            for who in several:
                told = Told(who, about, "", replace(yes, order=len(self.told)))
                self._record(told)
                self.told.append(told)

    def _statement(self) -> Statement:
        random = self.random
        kinds = [*["given"] * 5, "renewed", "refused", *["withdrawn"] * 3, "requested"]
        kind = ConsentKind(random.choice(kinds))
        is_no, is_yes = kind in REFUSING_KINDS, kind in GRANTING_KINDS
        day = random.choice([None, 0, 0, 1, 2, 5, 40])
        on = self.today - timedelta(days=day or 0)
        wide = is_no and random.random() < 0.3
        ends = random.choice([OPEN_ENDED, OPEN_ENDED, on + timedelta(days=random.randrange(9))])
        purposes = random.choice(
            [[], ["any"], ["information"], ["marketing"]]
            if is_no
            else [["any"], ["any"], ["information"], ["information", "marketing"]]
        )
        return Statement(
            kind,
            day=on,
            is_dated=day is not None,
            is_live=on == self.today,
            channels=frozenset() if wide else frozenset(random.choices(_NAMED, k=2)),
            purposes=frozenset(purposes),
            names_kind=False,
            valid_until=ends if is_yes else None,
            documented=is_no or random.random() < 0.85,
            method=random.choice([*[Method.WRITTEN] * 5, Method.ORAL, Method.ELECTRONIC]),
        )

    def _record(self, told: Told) -> None:
        said = told.statement
        spoken = ConsentStatement(
            said.kind,
            sorted(said.channels),
            _purposes(said),
            on=said.day if said.is_dated else None,
            until=None if said.valid_until == OPEN_ENDED else said.valid_until,
            open_ended=said.valid_until == OPEN_ENDED,
            method=said.method,
            paper="folder 1" if said.documented else "",
        )
        photo = told.reach if told.reach.startswith("P") else None
        of_event = told.reach if told.reach.startswith("E") else None
        is_withdrawal = said.kind is ConsentKind.WITHDRAWN
        if told.about is None:
            rights = PermissionParties(
                photographer=PHOTOGRAPHER, photos=[photo] if photo else [], event=of_event
            )
            if is_withdrawal:
                permissions.withdraw_permission(self.application, spoken, rights=rights)
            else:
                terms = PermissionTerms(credit="Áile" if said.is_grant else None)
                permissions.record_permission(self.application, rights, spoken, terms)
            return
        by = None if told.who == told.about else told.who
        whose = ConsentParties(told.about, by=by, photo=photo, event=of_event)
        if is_withdrawal:
            consents.withdraw_consent(self.application, spoken, parties=whose)
        else:
            consents.record_consent(self.application, whose, spoken)

    # --- what the second reading says

    def _heard(self, who: str, about: str | None, photo: str) -> tuple[Statement, ...]:
        """Return what somebody has said that reaches a photo."""
        reaches = {
            "": ReachLevel.EVERYTHING,
            EVENTS[photo]: ReachLevel.EVENT,
            photo: ReachLevel.PHOTO,
        }
        return tuple(
            replace(told.statement, reach=reaches[told.reach])
            for told in self.told
            if (told.who, told.about) == (who, about) and told.reach in reaches
        )

    def _word(self, who: str, about: str | None, photo: str, asked: AskedUse) -> str:
        """Return what somebody's statements amount to."""
        is_permission = about is None
        question = Asked(
            CHANNELS[asked.channel],
            asked.purpose,
            (asked.on or self.today).toordinal(),
            frozenset(self.methods),
            None if is_permission else self.months,
            is_permission,
        )
        history = self._heard(who, about, photo)
        if question.channel.kind is Channel.CLOSED_GROUP and not self.own_scope:
            pages = tuple(replace(question, channel=page) for page in PAGES)
            return of_closed_group(history, question, pages)[0]
        return outcome(history, question)[0]

    def is_publishable(self, photo: str, asked: AskedUse) -> bool:
        """Return whether all whose yes is needed say yes, and nobody says no."""
        words = [self._word(PHOTOGRAPHER, None, photo, asked)]
        for person in SHOWN[photo]:
            for who in SPEAKERS[person]:
                word = self._word(who, person, photo, asked)
                self.reached[word] += 1
                if who in MUST_AGREE[person] or word in {"refused", "withdrawn"}:
                    words.append(word)
        return all(word == "granted" for word in words)

    # --- what the registry says

    def publish(self) -> None:
        """Publish a photo; it is recorded exactly when the second reading allows it."""
        photo = self.random.choice(list(SHOWN))
        asked = AskedUse(self.random.choice(list(CHANNELS)), self.random.choice(list(Purpose)))
        address = f"https://example.fi/{len(self.published)}-{photo}"
        recorded = publishing.add_publication(self.application, [photo], asked, address=address)
        assert (recorded.publication is not None) == self.is_publishable(photo, asked), self.told
        if recorded.publication:
            self.published[recorded.publication] = photo, asked
            self.reached["published"] += 1

    def compare(self, on: date | None = None) -> None:
        """Compare the gate, the lists of the audit and `today` with the second reading."""
        for name, purpose in self.random.sample([*product(CHANNELS, Purpose)], USES_CHECKED):
            asked = AskedUse(name, purpose, on=on)
            for checked in checks.check(self.application, list(SHOWN), asked):
                photo = f"P-{checked.photo_id}"
                expected = self.is_publishable(photo, asked)
                assert checked.is_allowed == expected, (photo, asked, self.told)
        closed = {
            (photo, name)
            for photo, name in product(SHOWN, CHANNELS)
            if not self.is_publishable(photo, AskedUse(name, on=on))
        }
        assert self._lacking(on) == closed, self.told
        own = {each for each in closed if CHANNELS[each[1]].is_own}
        rows = list_all(audits.list_missing_consents(self.application, on=on))
        assert {(row.photo, row.channel) for row in rows} == own
        if on is None:
            self._compare_published()

    def _lacking(self, on: date | None) -> set[tuple[str, str]]:
        """Return what lacks a consent or permission, by kept verdicts where there are any."""
        with self.application.reading() as work:
            rows: list[ChannelRow] = list(all_channels(work.session))
            names = {row.id: row.name for row in rows}
            found = list(missing_consents.missing_consents(work, rows, on))
        return {(f"P-{each.photo_id}", names[each.channel_id]) for each in found}

    def _compare_published(self) -> None:
        wrong = {
            publication
            for publication, (photo, asked) in self.published.items()
            if not self.is_publishable(photo, asked)
        }
        printed = {
            p for p in wrong if not CHANNELS[self.published[p][1].channel].kind.is_recallable
        }
        self.to_remove |= wrong - printed
        items = agenda(self.application)
        listed = list_all(audits.list_disallowed(self.application))
        assert {each.publication for each in listed} == wrong, self.told
        assert _count(items, AgendaKind.PRINTED) == len(printed), self.told
        rows = list_all(publishing.list_publications(self.application))
        open_tasks = {r.publication for r in rows if r.state is PublicationState.TAKE_DOWN_OPEN}
        assert open_tasks == self.to_remove, self.told
        assert _count(items, AgendaKind.TAKE_DOWN) == len(open_tasks), self.told
        self.reached["to remove"] += len(self.to_remove)

    def keep_verdicts(self) -> None:
        """Keep the verdicts; none that was kept is wrong."""
        everything = self.random.random() < 0.5
        done = verdict_cache.refresh_cache(self.application, everything=everything)
        assert sum(each.wrong for each in done) == 0, self.told


def _purposes(said: Statement) -> tuple[Purpose, ...]:
    """Return the purposes as they are told; `any` names each."""
    return tuple(each for each in Purpose if said.purposes & {str(each), "any"})


def _count(items: Any, kind: AgendaKind) -> int:
    return sum(item.count for item in items if item.kind is kind)


def _play(village: Village) -> Iterator[Callable[[], None]]:
    """Yield what happens, one thing after the other."""
    random = village.random
    if random.random() < 0.6:
        yield village.everybody_agrees
    for _ in range(random.randrange(3, 9)):
        yield village.somebody_speaks
        village.now += timedelta(days=random.choice([0, 0, 0, 1, 3]), minutes=1)
        yield random.choice([village.publish, village.publish, village.keep_verdicts])
        if random.random() < 0.2:
            yield village.compare
    yield village.compare
    yield lambda: village.compare(village.today + timedelta(days=random.randrange(1, 45)))


def test_whatever_is_said_the_registry_is_what_the_second_reading_says(
    village: Path | str, stages: RegistryCopies, engine: str
) -> None:
    reached = Counter[str]()
    rounds = ROUNDS or 12
    for number in range(rounds if engine == "sqlite" else rounds // 3):
        with stages(village) as (registry, _folder):
            played = Village(registry, Random(f"history {number}"))  # noqa: S311
            for happens in _play(played):
                happens()
            reached += played.reached
    expected = {"granted", "lacking", "missing", "refused", "withdrawn", "published", "to remove"}
    if engine == "sqlite":  # a few rounds on the server do not reach everything
        assert expected <= set(reached)
