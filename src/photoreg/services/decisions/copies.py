"""Likely copies of which different things are stated: one question for each series (§3).

Photos that are alike, one with the next, are a series. A photo is refused while more is stated of
another photo of its series, and nobody has answered whether they show the same picture.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.series import (
    is_anybody_stated,
    join_series,
    last_looks_asked,
    mark_lacking,
    members_of,
    series_among,
    version_links,
    versions_among,
    versions_looked_at,
)
from photoreg.registry.tables.second_looks import SecondLook, SeriesAnswer, VersionAnswer
from photoreg.registry.tables.similarity import PhotoSeries
from photoreg.rulebook.facts import Confidentiality, People, PersonFacts, PhotoFacts
from photoreg.services.decisions.second_looks import comparison_now, store_second_looks
from photoreg.services.unit_of_work import UnitOfWork


def extend_series(work: UnitOfWork) -> None:
    """Put newly compared photos into series; a version made from a photo is no question."""
    alike = {
        photo: [other.photo_id for other in others]
        for photo, others in work.reacted.alike.items()
        if others
    }
    if not alike:
        return
    made_from = version_links(
        work.session, {number for photo, others in alike.items() for number in (photo, *others)}
    )
    related = {
        photo: [
            other
            for other in others
            if made_from.get(photo) != other and made_from.get(other) != photo
        ]
        for photo, others in alike.items()
    }
    join_series(work.session, {photo: others for photo, others in related.items() if others})


def compare_series(work: UnitOfWork, photos: PhotoSelection) -> None:
    """Compare what is stated of the photos in the series of these, and of those newly compared."""
    series = series_among(work.session, photos)
    series |= series_among(work.session, PhotoSelection(sorted(work.reacted.alike)))
    if not series:
        return
    members = members_of(work.session, series)
    if not is_anybody_stated(work.session, [row.photo_id for row in members]):
        return
    facts = photo_facts(work.session, [row.photo_id for row in members])
    changed: dict[bool, list[int]] = {True: [], False: []}
    for number in sorted(series):
        rows = [row for row in members if row.series_id == number]
        lacking = _lacking(rows, facts)
        for row in rows:
            if (row.photo_id in lacking) is not row.lacks:
                changed[row.photo_id in lacking].append(row.photo_id)
    for lacks, numbers in changed.items():
        if numbers:
            mark_lacking(work.session, numbers, lacks=lacks)
    _ask_for_second_look(work, members, facts)


def _ask_for_second_look(
    work: UnitOfWork, members: Sequence[PhotoSeries], facts: dict[int, PhotoFacts]
) -> None:
    """Ask once for a second look at a series that was said to be of different pictures.

    It is asked as soon as, for any use, a photo has a reason about people, secrecy or sensitivity
    that another, of which less is stated, lacks; once more about photos that were answered later.
    """
    settled = [row for row in members if row.settled_at is not None]
    asked_at = last_looks_asked(work.session, {row.series_id for row in settled})
    rows = [
        SecondLook(
            photo_id=row.photo_id,
            about=human_id(Kind.PHOTO, series),
            before={"series": SeriesAnswer.SAME},
            after={"series": SeriesAnswer.DIFFERENT},
            asked_at=work.now,
            taken_back_by=row.settled_by or work.actor.id,
        )
        for series in sorted({row.series_id for row in settled})
        for row in _milder_ones(
            work, [r for r in settled if r.series_id == series], facts, asked_at.get(series)
        )
    ]
    store_second_looks(work, rows)


def look_at_versions(work: UnitOfWork, photos: PhotoSelection) -> None:
    """Ask once for a second look at a version of which less is stated than of its original.

    Making it answers whether it is the same picture; that people are cut out or covered, and not
    only left out of the answers, somebody else confirms.
    """
    made = versions_among(work.session, photos)
    asked = versions_looked_at(work.session, made)
    new = {version: made[version] for version in made.keys() - asked}
    if not new:
        return
    numbers = {number for version, (original, _by) in new.items() for number in (version, original)}
    facts, comparison = photo_facts(work.session, sorted(numbers)), comparison_now(work)
    rows = [
        SecondLook(
            photo_id=version,
            before={"version": VersionAnswer.WHOLE},
            after={"version": VersionAnswer.CUT},
            asked_at=work.now,
            taken_back_by=by,
        )
        for version, (original, by) in sorted(new.items())
        if _is_complete(facts[version])
        and lacks_statement(facts[version], facts[original])
        and comparison.reasons_about_people(facts[original])
        - comparison.reasons_about_people(facts[version])
    ]
    store_second_looks(work, rows)


def _is_complete(facts: PhotoFacts) -> bool:
    """Return whether everybody who is counted is named; until then the photo is refused anyway."""
    return (facts.recognisable_count or 0) <= len(facts.persons)


def _milder_ones(
    work: UnitOfWork,
    photos: Sequence[PhotoSeries],
    facts: dict[int, PhotoFacts],
    asked_at: datetime | None,
) -> Iterator[PhotoSeries]:
    """Yield the photos of which less is stated, and which lack a reason that another has.

    Only pairs of which one was answered after the last second look was asked; an earlier one is
    asked about again only if the later one tells more than the earlier ones did together.
    """
    new = [row for row in photos if _is_answered_since(row, asked_at)]
    if not new:
        return
    comparison = comparison_now(work)
    reasons = {row.photo_id: comparison.reasons_about_people(facts[row.photo_id]) for row in photos}
    old = [row.photo_id for row in photos if row not in new]
    looked_at = set().union(*(reasons[number] for number in old))
    # What is neither stated nor refused again was looked at with the others.
    telling = [
        row
        for row in new
        if not old
        or not _adds_nothing(facts[row.photo_id], [facts[number] for number in old])
        or reasons[row.photo_id] - looked_at
    ]
    for row in photos:
        others = photos if row in new else telling
        every = set().union(*(reasons[other.photo_id] for other in others))
        if every - reasons[row.photo_id] and any(
            lacks_statement(facts[row.photo_id], facts[other.photo_id]) for other in others
        ):
            yield row


def _is_answered_since(row: PhotoSeries, asked_at: datetime | None) -> bool:
    return asked_at is None or (row.settled_at is not None and row.settled_at > asked_at)


def _lacking(rows: Sequence[PhotoSeries], facts: dict[int, PhotoFacts]) -> set[int]:
    """Return the photos of a series that ask: of another more is stated, and nobody has answered.

    A photo that comes later asks for itself only, in either direction, as long as nothing is stated
    of it that was not known of the settled photos when they were said to be different.
    """
    settled = [facts[row.photo_id] for row in rows if row.settled_at is not None]
    new = [row.photo_id for row in rows if row.settled_at is None]
    known = {number for number in new if settled and _adds_nothing(facts[number], settled)}
    asking = {
        number
        for number in new
        if any(lacks_statement(facts[number], facts[other.photo_id]) for other in rows)
        or (number in known and any(lacks_statement(each, facts[number]) for each in settled))
    }
    unknown = [facts[number] for number in new if number not in known]
    return asking | {
        row.photo_id
        for row in rows
        if row.settled_at is not None
        and any(lacks_statement(facts[row.photo_id], other) for other in unknown)
    }


def _adds_nothing(facts: PhotoFacts, settled: Sequence[PhotoFacts]) -> bool:
    """Return whether all that is stated of a photo is stated of some settled photo too."""
    named = set().union(*(_named(each.persons) for each in settled))
    return (
        _named(facts.persons) <= named
        and _unnamed(facts) <= max(map(_unnamed, settled))
        and (facts.people is not People.UNSURE or any(x.people is People.UNSURE for x in settled))
        and (not facts.sensitive or any(each.sensitive for each in settled))
        and facts.confidentiality
        in {None, Confidentiality.NONE, *(each.confidentiality for each in settled)}
    )


def lacks_statement(facts: PhotoFacts, other: PhotoFacts) -> bool:
    """Return whether of the other photo more is stated: who, how many, secrecy, sensitivity.

    While the question about people is not answered, the photo is incomplete anyway.
    """
    if facts.people is None:
        return False
    secret = other.confidentiality not in {None, Confidentiality.NONE, facts.confidentiality}
    return (
        bool(_named(other.persons) - _named(facts.persons))
        or _count(other) > _count(facts)
        or (other.people is People.UNSURE and facts.people in _NOBODY)
        or secret
        or (other.sensitive is True and facts.sensitive is not True)
    )


_NOBODY = frozenset({People.NONE, People.UNRECOGNISABLE})


def _named(persons: Iterable[PersonFacts]) -> set[str]:
    return {person.person for person in persons}


def _unnamed(facts: PhotoFacts) -> int:
    return max(_count(facts) - len(facts.persons), 0)


def _count(facts: PhotoFacts) -> int:
    return (facts.recognisable_count or 0) if facts.people is People.RECOGNISABLE else 0
