"""Build the facts that the rules examine from loaded rows; no other module does.

`loading` reads the rows in the same way for one photo and for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.registry.facts.file_rights import compare_file_rights
from photoreg.registry.facts.loading import load_people, load_shared, photos_in_order
from photoreg.registry.facts.photo_selection import (
    VALUES_PER_QUERY,
    PhotoSelection,
    value_batches,
)
from photoreg.registry.facts.rows import (
    AnswersRecord,
    ConsentEventRecord,
    GuardianRecord,
    PhotoRecord,
    PhotoRows,
    SharedRows,
    photo_record,
)
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Permission
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    LICENSED_BASES,
    Answer,
    Basis,
    Commissioner,
    Credit,
    FileRights,
    GuardianAnswer,
    LicenceTerm,
    People,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    ReachLevel,
    Role,
    Statement,
)

DAYS_AROUND_EVENT = 2
"""How many days before or after its event a photo may have been taken without a word."""


def photo_facts(
    session: Session, photo_ids: Sequence[int], channel: ChannelRow | None = None
) -> dict[int, PhotoFacts]:
    """Return the facts of the photos for a channel, by photo id.

    The channel only matters for whether its terms changed after a consent or permission.
    """
    found = facts_with_origins(session, photo_ids, channel)
    return {number: facts for number, (facts, _origin) in found.items()}


Origin = tuple[object, ...]
"""The origin of a photo: photographers and credit.

No rule uses it, but a ruling on the facts is bound to it too, because it concerns the work
of these people. The file's hash is left out: a photo's row keeps its image, and changed metadata is
the same photo (rulebook §7.5).
"""


def facts_with_origins(
    session: Session,
    photo_ids: Sequence[int],
    channel: ChannelRow | None = None,
    unread: frozenset[str] = frozenset(),
) -> dict[int, tuple[PhotoFacts, Origin]]:
    """Return the facts of the photos, each with the photo's origin.

    `unread` are documents that cannot be read now: they prove nothing.
    """
    found = {}
    for batch in value_batches(photo_ids):
        shared, photos = _rows(session, tuple(batch), unread)
        builder = FactBuilder(shared)
        for rows in photos:
            found[rows.id] = builder.facts(rows, channel), builder.origin(rows)
    return found


@asked_once
def _rows(
    session: Session, photos: tuple[int, ...], unread: frozenset[str]
) -> tuple[SharedRows, list[PhotoRows]]:
    """Return the rows of a batch of photos: those that they share, and their own."""
    selection = PhotoSelection(photos).with_unread(unread)
    shared = load_shared(session, selection)
    return shared, list(photos_in_order(session, selection, shared.contents))


@dataclass(frozen=True, slots=True)
class RightsHolder:
    """A rights holder of a photo: a photographer, or else a licensor, named or not."""

    person_id: int | None
    name: str
    credit: str


def rights_holders(session: Session, photos: Sequence[Photo]) -> dict[int, list[RightsHolder]]:
    """Return each photo's photographers and their credits; without one, the licensors."""
    selection = PhotoSelection(sorted(id_of(photo) for photo in photos))
    builder = FactBuilder(load_shared(session, selection))
    found: dict[int, list[RightsHolder]] = {}
    asked: dict[int, list[tuple[int, str]]] = {}
    for rows in photos_in_order(session, selection, builder.shared.contents):
        holders = builder.holders(rows)
        licences = builder.licences(rows, holders)
        asked[rows.id] = list(zip(holders, map(_requested_credit, licences), strict=True))
    names = {
        id_of(person): person.name
        for person in rows_with(
            session,
            Person,
            Person.id,
            {holder for credited in asked.values() for holder, _ in credited},
        )
    }
    licensors = _licensors(
        session,
        [number for number, credited in asked.items() if credited[0][0] == 0],
    )
    for number, credited in asked.items():
        if credited[0][0] == 0:
            credit = credited[0][1]
            licensor_names = licensors.get(number) or [""]
            found[number] = [RightsHolder(None, name, credit) for name in licensor_names]
        else:
            found[number] = [RightsHolder(h, names[h], credit) for h, credit in credited]
    return found


def _licensors(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the licensors of photos without a photographer, by photo."""
    found: dict[int, list[str]] = defaultdict(list)
    licences = rows_with(session, Permission, Permission.photo_id, numbers)
    for licence in sorted(licences, key=id_of):
        if licence.photographer_id is None and licence.licensor and licence.photo_id:
            found[licence.photo_id].append(licence.licensor)
    return {number: list(dict.fromkeys(names)) for number, names in found.items()}


def _requested_credit(licence: ConsentStatus) -> str:
    return next((event.credit for event in reversed(licence.active_events) if event.credit), "")


def hypothetical_facts(
    session: Session,
    event_id: int | None,
    persons: Iterable[int],
    channel: ChannelRow | None = None,
) -> dict[int, PhotoFacts]:
    """Return for each person the facts of a photo of the event, or none, showing them alone.

    Only the facts about the person are filled in; those about the photo are empty.
    """
    wanted = sorted(set(persons))
    builder = FactBuilder(load_people(session, wanted))
    shown = {p: builder.person(p, Role.PRIVATE, event_id, ()) for p in wanted}
    return {
        person: PhotoFacts(
            persons=(facts,),
            terms_changed=terms_changed(channel, [facts]),
            erased=builder.shared.persons[person].erased_at is not None,
        )
        for person, facts in shown.items()
    }


def terms_changed(channel: ChannelRow | None, persons: Iterable[PersonFacts]) -> bool:
    """Return whether the channel's terms changed after a grant that the photo relies on."""
    if channel is None or channel.terms_changed_on is None:
        return False
    changed_on = channel.terms_changed_on
    return any(
        _relies_on_old_terms(answer, changed_on, {channel.name, channel.kind})
        for person in persons
        for answer in answers_about(person)
    )


def _relies_on_old_terms(answer: Answer, changed_on: date, names: set[str]) -> bool:
    """Return whether a grant under the old terms has no later one that takes its place.

    The later one names the channel if the earlier did, has its purposes and lasts as long.
    """
    old = [grant for grant in answer.grants if grant.day is None or grant.day <= changed_on]
    new = [grant for grant in answer.grants if grant not in old]
    return any(not any(_takes_place_of(grant, each, names) for grant in new) for each in old)


def _takes_place_of(grant: Statement, earlier: Statement, names: set[str]) -> bool:
    names_it = bool(grant.channels & names) or not earlier.channels & names
    has_purposes = ANY_PURPOSE in grant.purposes or grant.purposes >= earlier.purposes
    lasts = (grant.valid_until or date.min) >= (earlier.valid_until or date.min)
    return names_it and has_purposes and lasts


def answers_about(person: PersonFacts) -> list[Answer]:
    """Return what the person said, and what each guardian said."""
    return [person.own, *(guardian.answer for guardian in person.guardians)]


class PersonHistory(NamedTuple):
    """The events of one person, and of each guardian or other signatory for them."""

    own: list[ConsentEventRecord]
    guardians: list[tuple[GuardianRecord, list[ConsentEventRecord]]]


class FactBuilder:
    """Builds PhotoFacts from loaded rows; identical histories are replayed once."""

    def __init__(self, shared: SharedRows) -> None:
        self.shared = shared
        self._statuses: dict[tuple[object, ...], ConsentStatus] = {}
        self._erased = {number for number, each in shared.persons.items() if each.erased_at}

    def facts(self, rows: PhotoRows, channel: ChannelRow | None = None) -> PhotoFacts:
        """Return a photo's facts; the channel's terms may have changed since a grant."""
        event = rows.event_id
        persons = tuple(
            self.person(
                person, Role(role), event, [w for w in rows.consents if w.person_id == person]
            )
            for person, role in rows.depicted
            if person
        )
        return replace(
            self.own_facts(rows), persons=persons, terms_changed=terms_changed(channel, persons)
        )

    def origin(self, rows: PhotoRows) -> Origin:
        """Return the photo's origin."""
        photo = photo_record(rows.photo)
        return (
            [holder for holder in self.holders(rows) if holder],
            photo.credit,
            photo.credit_waived,
        )

    def holders(self, rows: PhotoRows) -> list[int]:
        """Return the photo's own photographers, else its event's; [0] when none is known."""
        if rows.has_own_photographers:
            return list(rows.taken_by) or [0]
        return list(self.shared.event_photographers.get(rows.event_id or 0, ())) or [0]

    def own_facts(self, rows: PhotoRows) -> PhotoFacts:
        """Return a photo's facts without the persons depicted."""
        photo = photo_record(rows.photo)
        answers = photo.answers.with_defaults(
            self.shared.events.get(photo.event_id or 0, AnswersRecord())
        )
        holders = self.holders(rows)
        licences = self.licences(rows, holders)
        answers = answers._replace(
            basis=_basis(answers.basis, licences),
            # A commission is only recorded when there is one; most photos are not commissioned.
            commissioner=answers.commissioner or Commissioner.NA,
        )
        count = photo.recognisable_count
        return PhotoFacts(
            **answers._asdict(),
            permissions=tuple(
                self._permission(rows, holder, licence)
                for holder, licence in zip(holders, licences, strict=True)
            )
            if answers.basis in LICENSED_BASES
            else (),
            credit=_credit(photo, licences),
            taken_year=photo.taken_year,
            photographer_died_year=photo.photographer_died_year,
            # While no photographer is recorded, the file cannot contradict the registry.
            file_rights=compare_file_rights(
                photo,
                [self.shared.photographer_keys[p] for p in holders if p],
                self.shared.organisation,
            )
            if answers.photographer or photo.rights_removed
            else FileRights.NONE,
            people=_people(photo, bool(rows.depicted)),
            recognisable_count=None if count is None else max(count, len(rows.depicted)),
            context_identifies=photo.context_identifies,
            licence_terms=_licence_terms(licences),
            copy_differs=photo.id in self.shared.copies_that_lack,
            flagged=photo.id in self.shared.stops.flagged,
            objected=photo.id in self.shared.stops.objected,
            erased=self.shows_erased(rows),
            version_changed=photo.is_version,
            depicted_work=photo.depicted_work,
            digital_source=photo.digital_source,
            file_taken_year=photo.file_taken_on.year if photo.file_taken_on else None,
            picture_unread=photo.picture_unread,
            day_differs=day_differs(
                photo.file_taken_on, self.shared.event_days.get(photo.event_id or 0)
            ),
            second_look=photo.id in self.shared.second_looks,
        )

    def shows_erased(self, rows: PhotoRows) -> bool:
        """Return whether somebody depicted was erased."""
        return bool(self._erased) and any(person in self._erased for person, _ in rows.depicted)

    def licences(self, rows: PhotoRows, holders: Sequence[int]) -> list[ConsentStatus]:
        """Return for each holder the status of their permission and of any licence on the photo."""
        return [
            _combined_licence(
                self.status(self._own_permissions(rows, holder)),
                self.status(self._bought_licences(rows, holder)),
            )
            for holder in holders
        ]

    def _permission(self, rows: PhotoRows, holder: int, licence: ConsentStatus) -> PermissionFacts:
        """Return a holder's permission, with what guardians say if they were a minor."""
        if not holder:
            return PermissionFacts(answer=licence.answer)
        person = self.shared.photographers[holder]
        by_guardian: dict[int, list[ConsentEventRecord]] = defaultdict(list)
        if not person.deceased:
            for event in self._permission_events(rows, holder):
                if event.actor_id:
                    by_guardian[event.actor_id].append(event)
        return PermissionFacts(
            human_id(Kind.PERSON, holder),
            licence.answer,
            born=person.born,
            age_group=person.age_group,
            guardians=tuple(self.status(by_guardian[each]).answer for each in sorted(by_guardian)),
        )

    def _permission_events(self, rows: PhotoRows, holder: int) -> list[ConsentEventRecord]:
        wider = self.shared.permission_events.reaching(holder, rows.event_id) if holder else []
        return [*wider, *(event for event in rows.permissions if event.person_id == holder)]

    def _own_permissions(self, rows: PhotoRows, holder: int) -> list[ConsentEventRecord]:
        """Return what a photographer has said, and after their death the heirs."""
        if not holder:
            return []
        person, contents = self.shared.photographers[holder], self.shared.contents
        last = person.died_on or date.max
        return [
            event
            for event in self._permission_events(rows, holder)
            if (person.deceased if event.actor_id else contents[event.content].day <= last)
        ]

    def _bought_licences(self, rows: PhotoRows, holder: int) -> list[ConsentEventRecord]:
        """Return the licences on the photo; a transfer counts for the author who made it."""
        contents = self.shared.contents
        return [
            event
            for event in self._permission_events(rows, 0)
            if not holder
            or contents[event.content].basis is not Basis.TRANSFERRED
            or contents[event.content].author_id == holder
        ]

    def person(
        self, number: int, role: Role, event: int | None, photo_events: Iterable[ConsentEventRecord]
    ) -> PersonFacts:
        """Return the facts of a person depicted in a photo of an event (or of none).

        `photo_events` are the person's consent events on this very photo.
        """
        return self.person_from_history(
            number, role, self.person_history(number, event, photo_events)
        )

    def person_from_history(self, number: int, role: Role, history: "PersonHistory") -> PersonFacts:
        """Return the facts of a person with this history."""
        person = self.shared.persons[number]
        verified = sum(g.verified and g.last_day is None for g, _ in history.guardians)
        total = person.guardians_total
        return PersonFacts(
            person=human_id(Kind.PERSON, number),
            age_group=person.age_group,
            born=person.born,
            deceased=person.deceased,
            died_on=person.died_on,
            role=role,
            capacity=person.capacity,
            own=self.status(history.own).answer,
            guardians_total=None if total is None else max(total, verified),
            guardians=tuple(
                GuardianAnswer(
                    human_id(Kind.PERSON, guardian.guardian_id),
                    self.status(events).answer,
                    verified=guardian.verified,
                    # Only a verified guardian can be excused.
                    excused=guardian.verified and guardian.excused,
                    decides_alone=guardian.decides_alone,
                    first_day=guardian.first_day,
                    last_day=guardian.last_day,
                )
                for guardian, events in history.guardians
            ),
            blocked=person.blocked,
        )

    def person_history(
        self, subject: int, event: int | None, photo_events: Iterable[ConsentEventRecord]
    ) -> "PersonHistory":
        """Return the events of a person, and of each guardian or other signatory for them.

        Of a guardian only what was said in that guardianship counts: who becomes a guardian again
        begins anew.
        """
        events_by_person: dict[int, list[ConsentEventRecord]] = {}
        for consent_event in (*self.shared.consent_events.reaching(subject, event), *photo_events):
            events_by_person.setdefault(consent_event.actor_id, []).append(consent_event)
        own = events_by_person.pop(subject, [])
        guardians = list(self.shared.guardians.get(subject, ()))
        known = {guardian.guardian_id for guardian in guardians}
        guardians += [
            GuardianRecord(actor, verified=False, excused=False)
            for actor in events_by_person
            if actor not in known
        ]
        return PersonHistory(
            own,
            [
                (guardian, self._said_in(guardian, events_by_person.get(guardian.guardian_id, [])))
                for guardian in sorted(guardians, key=_by_last_day)
            ],
        )

    def _said_in(
        self, guardian: GuardianRecord, events: list[ConsentEventRecord]
    ) -> list[ConsentEventRecord]:
        """Return what was said in a guardianship."""
        first, last = guardian.first_day or date.min, guardian.last_day or date.max
        contents = self.shared.contents
        return [event for event in events if first <= contents[event.content].day <= last]

    def history_key(self, events: list[ConsentEventRecord]) -> tuple[object, ...]:
        """Return the result of one person's events: equal for histories with the same result."""
        if len(events) == 1:
            return (events[0].content, events[0].reach)
        if not events:
            return ()
        events.sort(key=lambda event: event.id)
        records: dict[int, int] = {}
        return tuple(
            (w.content, w.reach, records.setdefault(w.record_id, len(records))) for w in events
        )

    def status(self, events: list[ConsentEventRecord]) -> ConsentStatus:
        """Return one person's consent status; equal histories are replayed once."""
        history_key = self.history_key(events)
        found = self._statuses.get(history_key)
        if found is None:
            if len(self._statuses) >= VALUES_PER_QUERY:
                self._statuses.clear()
            replay_events = (event.to_replay_event(self.shared.contents) for event in events)
            found = self._statuses[history_key] = consent_status(replay_events)
        return found


def day_differs(taken_on: date | None, event_days: tuple[date, date] | None) -> bool:
    """Return whether a day lies more than two days outside the days of an event."""
    if taken_on is None or event_days is None:
        return False
    first, last = event_days
    return max((first - taken_on).days, (taken_on - last).days) > DAYS_AROUND_EVENT


def _people(photo: PhotoRecord, somebody_is_recorded: bool) -> People | None:
    """Return the answer about people; a recorded depiction contradicts the answer "nobody"."""
    says_nobody = photo.people is People.NONE or (
        photo.people is People.UNRECOGNISABLE and photo.context_identifies is False
    )
    return People.RECOGNISABLE if says_nobody and somebody_is_recorded else photo.people


def _combined_licence(own: ConsentStatus, bought: ConsentStatus) -> ConsentStatus:
    """Combine a photographer's permission with a licence on the photo itself.

    An agency's licence adds to the photographer's permission, but never overrides a refusal.
    """
    if own.is_refused or not bought.events:
        return own
    if not own.events:
        return bought
    licence = bought.events
    if any(event.is_refusal for event in own.events):
        licence = tuple(map(_without_day, licence))
    return consent_status((*own.events, *licence))


def _without_day(event: ReplayEvent) -> ReplayEvent:
    """Return a licence that follows no refusal of the photographer."""
    return replace(event, statement=replace(event.statement, is_dated=False, is_live=False))


def _by_last_day(guardian: GuardianRecord) -> tuple[int, date]:
    return guardian.guardian_id, guardian.last_day or date.max


def _licence_terms(licences: Iterable[ConsentStatus]) -> frozenset[LicenceTerm]:
    """Return the terms that all grants of a holder have: each other grant is weighed by itself."""
    found: set[LicenceTerm] = set()
    for licence in licences:
        terms = [
            event.statement.licence_terms for event in licence.events if event.statement.is_grant
        ]
        found |= frozenset.intersection(*terms) if terms else frozenset()
    return frozenset(found)


def _basis(stated: Basis | None, licences: list[ConsentStatus]) -> Basis | None:
    """Return the basis as recorded, unless a permission gives a better one.

    A source known to be unlawful stays so; for a photo found on the web only a permission for that
    very photo helps.
    """
    if stated in LICENSED_BASES | {Basis.PUBLIC_DOMAIN, Basis.KNOWN_UNLAWFUL}:
        return stated
    least = ReachLevel.PHOTO if stated is Basis.WEB_FOUND else ReachLevel.EVERYTHING
    last_grants = [status.last_grant for status in licences if status.last_grant]
    given = next((event.basis for event in last_grants if event.statement.reach >= least), None)
    asked = any(status.events for status in licences)
    return given or stated or (Basis.PHOTOGRAPHER_PERMISSION if asked else None)


def _credit(photo: PhotoRecord, licences: list[ConsentStatus]) -> Credit:
    if photo.credit_waived:
        return Credit.WAIVED
    if photo.credit:
        return Credit.RECORDED
    credit_events = [_credit_events(licence) for licence in licences]
    if all(any(event.credit_waived for event in events) for events in credit_events):
        return Credit.WAIVED
    if all(
        any(event.credit or event.credit_waived for event in events) for events in credit_events
    ):
        return Credit.RECORDED
    return Credit.MISSING


def _credit_events(licence: ConsentStatus) -> tuple[ReplayEvent, ...]:
    """Return the granting events that give the credit; a withdrawal does not remove it."""
    return licence.active_events or ((licence.last_grant,) if licence.last_grant else ())
