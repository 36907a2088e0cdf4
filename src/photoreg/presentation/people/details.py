"""A person in words: details, guardians, consents and what they cover."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from photoreg.presentation.cells import safe, with_name
from photoreg.presentation.days import day_in_words, format_iso_day
from photoreg.presentation.labels import label, scope_words, status_words
from photoreg.rulebook.facts import Capacity
from photoreg.services.consents.consent_events import ConsentState, CoveredScope, StatusRow
from photoreg.services.consents.consents import ConsentRow, PersonWithConsents
from photoreg.services.data_subjects.erasure import Tombstone
from photoreg.services.people.persons import GuardianRow, PersonSummary, WardRow
from photoreg.texts import _


def id_and_name(person: str, name: str) -> str:
    """Return an id and a name; the id once if the name is not to be seen."""
    return " ".join(dict.fromkeys((person, safe(name))))


def person_lines(summary: PersonSummary) -> Iterator[str]:
    """Yield a person's details, each as a line."""
    for unit in summary.units:
        yield _("unit: {unit}").format(unit=safe(unit))
    yield _("age: {age}").format(age=_age(summary))
    if summary.contact:
        yield _("contact: {contact}").format(contact=safe(summary.contact))
    if summary.language:
        yield _("language: {language}").format(language=label(summary.language))
    for name in summary.known_as:
        yield _("known as: {name}").format(name=safe(name))
    if summary.died_on:
        yield _("died on {day}").format(day=format_iso_day(summary.died_on))
    elif summary.deceased:
        yield _("has died")
    if summary.capacity is Capacity.DOUBT:
        yield _("who decides: {capacity}").format(capacity=label(Capacity.DOUBT))
    if summary.guardians_total is not None:
        yield _("number of guardians: {number}").format(number=summary.guardians_total)


def _age(summary: PersonSummary) -> str:
    group = label(summary.age_group)
    if summary.born is None and summary.birth_year and summary.age is None:
        return _("{group}, born in {year}").format(group=group, year=summary.birth_year)
    if summary.born is None:
        return group
    return _("{age}, {group}, born {born}").format(
        age=summary.age, group=group, born=format_iso_day(summary.born)
    )


def guardian_line(guardian: GuardianRow) -> str:
    """Return a guardian with the basis, the verification and the days as a line."""
    states = [label(guardian.basis)] if guardian.basis else []
    states.append(_("verified") if guardian.verified else _("not verified"))
    if guardian.excused:
        states.append(_("excused"))
    if guardian.decides_alone:
        states.append(_("decides in place of the others"))
    if guardian.first_day:
        states.append(_("from {day}").format(day=format_iso_day(guardian.first_day)))
    if guardian.last_day:
        states.append(_("until {day}").format(day=format_iso_day(guardian.last_day)))
    return _("guardian {guardian}: {states}").format(
        guardian=id_and_name(guardian.guardian, guardian.name), states=", ".join(states)
    )


def ward_line(ward: WardRow) -> str:
    """Return a child whose guardian the person is, or was, as a line."""
    child = id_and_name(ward.child, ward.name)
    if ward.last_day:
        day = format_iso_day(ward.last_day)
        return _("was a guardian of {child} until {day}").format(child=child, day=day)
    return _("guardian of {child}").format(child=child)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent in words, and its days and proof.

    `covers` tells what it covers today where it leaves something out.
    """

    row: ConsentRow
    text: str
    about: str
    covers: tuple[str, ...]


def signers(found: PersonWithConsents) -> set[str]:
    """Return who else has answered for a person."""
    return {each.by for each in found.consents or ()} - {found.summary.person}


def consent_lines(found: PersonWithConsents, names: Mapping[str, str]) -> Iterator[ConsentLine]:
    """Yield the consents of a person; `names` stand beside the ids of whoever signed them."""
    for row in found.consents or ():
        status, scopes = row.status, found.refused[row.consent]
        is_own = row.by == found.summary.person
        text = _("consent {consent}: {by}, {reach}: {state}").format(
            consent=row.consent,
            by=_("own answer") if is_own else with_name(row.by, names),
            reach=_(row.reach),
            state=status_words(status.state, asdict(status), [s._asdict() for s in scopes]),
        )
        covered = found.covered.get(row.consent)
        covers = () if covered is None else tuple(_covers(covered))
        yield ConsentLine(row, text, _days_and_proof(status), covers)


def _days_and_proof(status: StatusRow) -> str:
    """Return when somebody answered, until when it holds, and whether it is documented."""
    parts = [_("on {day}").format(day=format_iso_day(status.day))] if status.day else []
    if status.state is ConsentState.GRANTED:
        if status.open_ended:
            parts.append(_("until it is withdrawn"))
        elif status.until:
            parts.append(_("until {day}").format(day=format_iso_day(status.until)))
        parts.append(_("documented") if status.documented else _("not documented"))
    return " · ".join(parts)


def _covers(scopes: Sequence[CoveredScope]) -> Iterator[str]:
    """Yield what an answer covers today, channel by channel: a no may name a kind of channel."""
    if not scopes:
        yield _("covers nothing today")
    for scope in scopes:
        yield _("covers today: {what}").format(what=scope_words(*scope))


def consents_withheld() -> str:
    """Return what stands in place of consents that only coordinators may see."""
    return _("consents: ask the communications coordinator")


def tombstone_lines(tombstone: Tombstone) -> Iterator[str]:
    """Yield what remains of an erased person; only coordinators are told why."""
    if tombstone.erased_on is None:
        told = _("Nothing is shown about {person}. Ask the communications coordinator.")
        yield told.format(person=tombstone.person)
        return
    yield _("The data of {person} was erased on {day}: {ground}.").format(
        person=tombstone.person,
        day=day_in_words(tombstone.erased_on),
        ground=label(tombstone.ground),
    )
    yield _("Photos that show the person may not be published.")
