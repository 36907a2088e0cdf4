"""The facts of a case, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from photoreg.presentation.cells import with_name
from photoreg.presentation.days import format_iso_day
from photoreg.presentation.labels import LABELS, value_labels
from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    GRANTING_KINDS,
    OPEN_ENDED,
    AgeGroup,
    AnswerState,
    Capacity,
    ConsentKind,
)
from photoreg.rulebook.policy import DEFAULT_POLICY
from photoreg.texts import N_, _

FACT_LABELS = {
    "photographer": (N_("The photographer"), "Photographer"),
    "basis": (N_("The basis for use"), "Basis"),
    "credit": (N_("The credit"), "Credit"),
    "commissioner": (N_("A portrait that was ordered"), "Commissioner"),
    "taken_year": (N_("The year it was taken"), ""),
    "file_taken_year": (N_("The year it was taken according to the file"), ""),
    "photographer_died_year": (N_("The year the photographer died"), ""),
    "depicted_work": (N_("Another's work as the main subject"), "DepictedWork"),
    "digital_source": (N_("How the picture was made"), "DigitalSource"),
    "file_rights": (N_("What the file says about its rights"), "FileRights"),
    "place": (N_("The place"), "Place"),
    "place_permission": (N_("Permission of the holder of the place"), ""),
    "shot": (N_("The type of shot"), "Shot"),
    "people": (N_("People"), "People"),
    "recognisable_count": (N_("The number of recognisable people"), ""),
    "context_identifies": (N_("The caption, clothes or place identify somebody"), ""),
    "sensitive": (N_("A sensitive situation"), ""),
    "confidentiality": (N_("The confidential information it reveals"), "Confidentiality"),
    "confidential_release": (N_("Everybody shown has agreed to reveal it"), ""),
    "terms_changed": (N_("The channel's terms have changed since the consent"), ""),
}
"""The title of each fact, and the enumeration (in labels.LABELS) of its values."""

PERSON_FACT_LABELS = {
    "age": (N_("age"), ""),
    "age_group": (N_("age group"), "AgeGroup"),
    "deceased": (N_("has died"), ""),
    "role": (N_("shown as"), "Role"),
    "capacity": (N_("who decides"), "Capacity"),
    "guardians_total": (N_("number of guardians"), ""),
}


_STATES = {
    ConsentKind.REQUESTED: AnswerState.PENDING,
    ConsentKind.GIVEN: AnswerState.GRANTED,
    ConsentKind.RENEWED: AnswerState.GRANTED,
    ConsentKind.REFUSED: AnswerState.REFUSED,
    ConsentKind.WITHDRAWN: AnswerState.WITHDRAWN,
}
"""The answer that each kind of statement gives."""


def fact_lines(facts: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Return each fact as a line of text, with names beside ids; omit unanswered ones."""
    parts = (_lines_by_fact(facts), _lines_by_person(facts, names))
    return [line for part in parts for lines in part.values() for line in lines]


def differing_lines(
    facts: Mapping[str, Any], first: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    """Return the facts about a photo that differ from those about the first, as lines of text."""
    return [
        *_differing(_lines_by_fact(facts), _lines_by_fact(first), _("{subject}: not recorded")),
        *_differing(
            _lines_by_person(facts, names),
            _lines_by_person(first, names),
            _("{subject} is not shown"),
        ),
    ]


_Lines = dict[str, list[str]]
"""Lines of text by the fact, permission or person that they are about."""


def _differing(here: _Lines, there: _Lines, missing: str) -> Iterator[str]:
    for subject, lines in here.items():
        if there.get(subject) != lines:
            yield from lines
    yield from (missing.format(subject=each) for each in there if each not in here)


def _lines_by_fact(facts: Mapping[str, Any]) -> _Lines:
    found = {line.partition(": ")[0]: [line] for line in _labelled_lines(facts, FACT_LABELS)}
    for permission in facts["permissions"]:
        holder = permission["holder"] or _("the licence")
        for said in _statements(permission["answer"], tells_documents=True):
            line = _("Permission of {holder}: {answer}").format(holder=holder, answer=said)
            found.setdefault(line.partition(": ")[0], []).append(line)
    return found


def _lines_by_person(facts: Mapping[str, Any], names: Mapping[str, str]) -> _Lines:
    shown = {with_name(each["person"], names): each for each in facts["persons"]}
    return {
        person: [_("{person} is shown").format(person=person), *_person_lines(each)]
        for person, each in shown.items()
    }


def _person_lines(person: Mapping[str, Any]) -> Iterator[str]:
    decides = capacity_of(_age_group(person), person["capacity"])
    for line in _labelled_lines({**person, "capacity": decides}, PERSON_FACT_LABELS):
        yield f"  {line}"
    for said in _statements(person["own"]):
        yield _("  own answer: {answer}").format(answer=said)
    for guardian in person["guardians"]:
        yield from _guardian_lines(guardian)


def _age_group(person: Mapping[str, Any]) -> str | None:
    age: int | None = person["age"]
    group: str | None = person["age_group"]
    if age is None:
        return group
    return AgeGroup.MINOR if age < DEFAULT_POLICY.child_age else AgeGroup.ADULT


def capacity_of(age_group: str | None, capacity: str | None) -> str | None:
    """Return who decides for a person; the guardians of a minor unless recorded otherwise."""
    is_default = capacity in {None, Capacity.OK}
    return Capacity.NA if age_group == AgeGroup.MINOR and is_default else capacity


def _labelled_lines(
    facts: Mapping[str, Any], titles: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    for name, (title, kind) in titles.items():
        value = facts[name]
        if value is None:
            continue
        if isinstance(value, bool):
            text = _("yes") if value else _("no")
        else:
            text = _(LABELS[kind][value]) if kind else str(value)
        yield f"{_(title)}: {text}"


def _guardian_lines(guardian: Mapping[str, Any]) -> Iterator[str]:
    notes = [
        text
        for text, applies in (
            (_("guardianship not verified"), not guardian["verified"]),
            (_("excused"), guardian["excused"]),
            (_("decides in place of the others"), guardian["decides_alone"]),
        )
        if applies
    ]
    for said in _statements(guardian["answer"]):
        yield _("  guardian {guardian}: {answer}").format(
            guardian=guardian["guardian"], answer=", ".join([said, *notes])
        )


def _statements(answer: Mapping[str, Any], *, tells_documents: bool = False) -> list[str]:
    """Return what was said, each different statement as a text; that nothing was, if so.

    `tells_documents`: whether a grant without a document is told as such.
    """
    words = LABELS["AnswerState"]
    said = dict.fromkeys(_statement(each, tells_documents) for each in answer["statements"])
    return [*said] or [_(words[AnswerState.NONE])]


def _statement(said: Mapping[str, Any], tells_documents: bool) -> str:
    state = _(LABELS["AnswerState"][_STATES[said["kind"]]])
    is_bare = tells_documents and said["kind"] in GRANTING_KINDS and not said["documented"]
    return "; ".join(filter(None, (state, _reach(said), _("no document") if is_bare else "")))


def _reach(said: Mapping[str, Any]) -> str:
    """Return which channels and purposes a statement names, and until when; "" for all."""
    purposes = [each for each in said["purposes"] if each != ANY_PURPOSE]
    reach = {
        "channels": ", ".join(value_labels("Channel", said["channels"])) or _("every channel"),
        "purposes": ", ".join(value_labels("Purpose", purposes)) or _("every purpose"),
    }
    until = said["valid_until"]
    if until == OPEN_ENDED.isoformat():
        return _("for {channels} ({purposes}), no end date").format(**reach)
    if until:
        return _("for {channels} ({purposes}), until {day}").format(
            **reach, day=format_iso_day(until)
        )
    if said["channels"] or said["purposes"]:
        return _("for {channels} ({purposes})").format(**reach)
    return ""
