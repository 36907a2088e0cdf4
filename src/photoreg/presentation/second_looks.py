"""Second looks as text: the statements before and after, and who took them back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from photoreg.presentation.causes.cause_rows import id_ranges
from photoreg.presentation.days import day_in_words, day_or_text, format_time
from photoreg.presentation.facts import FACT_LABELS, PERSON_FACT_LABELS
from photoreg.presentation.labels import LABELS, label
from photoreg.presentation.messages import choices_in_words
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.services.audits.second_looks import SecondLookRow
from photoreg.services.photos.confirmation import Confirmed, OpenSecondLook, statement_codes
from photoreg.services.publications.corrections import Corrected
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

STATEMENT_LABELS: dict[str, tuple[str, str]] = {
    **FACT_LABELS,
    **PERSON_FACT_LABELS,
    "persons": (N_("People named"), ""),
    "photographers": (N_("Photographers"), ""),
    "guardians": (N_("guardians"), ""),
    "first_day": (N_("first day of the guardianship"), ""),
    "last_day": (N_("last day of the guardianship"), ""),
    "decides_alone": (N_("decides in place of the others"), ""),
    "record": (N_("what is recorded"), "RecordAnswer"),
    "same_person": (N_("is the same person as"), ""),
    "event": (N_("event"), ""),
    "series": (N_("photos that look alike"), "SeriesAnswer"),
    "version": (N_("what the version shows"), "VersionAnswer"),
    "has_a_say": (N_("the child's own view is needed"), ""),
}
"""The title of what a second look may be about, and the enumeration of its values."""


def alike(
    looks: Sequence[OpenSecondLook], apart: Sequence[Sequence[str]] = ()
) -> list[list[list[OpenSecondLook]]]:
    """Return the open questions by photo, photos with the same questions and answers together.

    `apart`: groups of photos to keep apart all the same.
    """
    by_photo: dict[str, list[OpenSecondLook]] = {}
    for look in looks:
        by_photo.setdefault(look.photo, []).append(look)
    group_of = {photo: number for number, group in enumerate(apart) for photo in group}
    found: dict[tuple[object, ...], list[list[OpenSecondLook]]] = {}
    for photo, of_photo in by_photo.items():
        same = [(look.about, look.questions, look.before, look.after) for look in of_photo]
        found.setdefault((group_of.get(photo), repr(same)), []).append(of_photo)
    return list(found.values())


def second_look_lines(looks: Iterable[OpenSecondLook]) -> Iterator[str]:
    """Yield open questions as lines; once for all the photos of which the same is to be told."""
    told: dict[tuple[str, ...], list[str]] = {}
    for look in looks:
        told.setdefault((look.about, *_question_lines(look)), []).append(look.photo)
    for (about, *lines), photos in told.items():
        yield f"{id_ranges(photos)} ({about})" if about else id_ranges(photos)
        yield from lines


def _question_lines(look: OpenSecondLook) -> Iterator[str]:
    """Yield what was said before, what now, by whom and when, and what may be answered."""
    before, after = (
        "; ".join(statement_words(side, look.names)) for side in (look.before, look.after)
    )
    yield _("  before: {statements}").format(statements=before)
    yield _("  now: {statements}").format(statements=after)
    yield _("  taken back by {login} on {when}").format(
        login=look.taken_back_by, when=format_time(look.asked_at)
    )
    if look.choices:
        yield _("  possible answers: {choices}").format(choices=choices_in_words(look.choices))


def both_answers(photos: Sequence[Sequence[OpenSecondLook]]) -> tuple[NextStep, ...]:
    """Return the steps that state what was said before and what is said now, in this order.

    `photos` are the questions about each photo, the same about all. Each step answers all of them,
    since one answer must. If one of them would lack an answer, there is one step that asks: none is
    suggested alone.
    """
    looks, photo = photos[0], " ".join(of_photo[0].photo for of_photo in photos)
    sides = (
        _together([_stated_answers(look.questions, look.before, look.after) for look in looks]),
        _together([_stated_answers(look.questions, look.after, look.before) for look in looks]),
    )
    if not all(sides):
        questions = dict.fromkeys(question for look in looks for question in look.questions)
        return (NextStep.to(NextAction.PHOTO_CONFIRM, *questions, photo=photo),)
    return tuple(NextStep.to(NextAction.PHOTO_CONFIRM, photo=photo, **side) for side in sides)


_ADDED_UP = frozenset({"shown", "absent", "value"})
"""The inputs of which one answer holds several."""


def _together(answers: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the answers to several questions as one; empty if one is not known or two differ."""
    found: dict[str, str] = {}
    for answer in answers:
        for name, value in answer.items():
            if name in _ADDED_UP:
                words = dict.fromkeys(f"{found.get(name, '')} {value}".split())
                found[name] = " ".join(words)
            elif found.setdefault(name, value) != value:
                return {}
        if not answer:
            return {}
    return found


def _stated_answers(
    questions: Iterable[str], side: Mapping[str, Any], other: Mapping[str, Any]
) -> dict[str, str]:
    """Return the inputs that state one side's answers; empty if one of them is not known."""
    found = [_stated(question, side, other) for question in questions]
    named = _stated("person", side, other)
    inputs = {name: value for each in found for name, value in each.items()}
    if not all(found):
        return {}
    return inputs if "absent" in named else {**inputs, **named}


def _stated(question: str, side: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """Return the input that states one side's answer to a question; empty if it is not known."""
    if question in {"not_shown", "person"}:
        own, others = (set(each.get("persons") or ()) for each in (side, other))
        name, persons = ("shown", own - others) if own - others else ("absent", others - own)
        return {name: " ".join(sorted(persons))} if persons else {}
    if question == "value":
        codes = [code for value in side.values() for code in statement_codes(value)]
        return {"value": " ".join(codes)} if codes and None not in side.values() else {}
    if question == "photographer" and side.get("photographers"):
        return {question: "\n".join(side["photographers"])}
    value = side.get(question)
    is_ready = isinstance(value, (str, int)) and not isinstance(value, bool)
    return {question: str(value)} if is_ready else {}


def statement_words(
    statements: Mapping[str, Any], names: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Return each statement in words: the question, and its answer; `names` by id."""
    return [_in_words(name, value, names) for name, value in statements.items()]


def _in_words(name: str, value: Any, names: Mapping[str, str]) -> str:
    person, _blank, question = name.rpartition(" ")
    title, kind = STATEMENT_LABELS.get(question, (question, ""))
    about = f"{person} " if person else ""
    return f"{about}{_(title)}: {_value(value, kind, names)}"


def _value(value: Any, kind: str, names: Mapping[str, str]) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(names.get(each, each) for each in map(str, value))
    return _(LABELS[kind][value]) if kind else day_or_text(str(value))


def confirmed_lines(done: Iterable[Confirmed]) -> Iterator[str]:
    """Yield what became of the questions about photos; those with the same outcome are one line."""
    told: dict[str, list[Confirmed]] = {}
    for each in done:
        told.setdefault(repr(replace(each, photo="")), []).append(each)
    for same in told.values():
        yield _confirmed(same[0], id_ranges(each.photo for each in same))


def _confirmed(confirmed: Confirmed, photos: str) -> str:
    if confirmed.outcome is SecondLookOutcome.AGREED and confirmed.others:
        text = _("{photo}: confirmed. More photos with the same question: {count}.")
    elif confirmed.outcome is SecondLookOutcome.AGREED:
        text = _("{photo}: confirmed.")
    elif confirmed.outcome is SecondLookOutcome.DIFFERED:
        text = _("{photo}: your answer differs. The stricter one applies now: {statements}")
    else:
        text = _("{photo}: your answer differs and was recorded; the photo is still blocked.")
    return text.format(
        photo=photos,
        count=confirmed.others,
        statements="; ".join(statement_words(confirmed.holds)),
    )


def second_look_row(row: SecondLookRow, layout: str) -> dict[str, Any]:
    """Return a second look as a row of the view SECOND_LOOKS; data contain the codes."""
    words = statement_words if layout in FOR_PEOPLE else _codes
    return {
        "photo": row.photo,
        "about": row.about,
        "before": words(row.before),
        "after": words(row.after),
        "asked_at": format_time(row.asked_at, layout),
        "taken_back_by": row.taken_back_by,
        "outcome": row.outcome,
        "confirmed_at": format_time(row.confirmed_at, layout) if row.confirmed_at else None,
        "confirmed_by": row.confirmed_by,
    }


def _codes(statements: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in statements.items()
    ]


def stated_code(typed: str) -> str:
    """Return the code for a value about a person or a series, typed as a code or as it is shown."""
    words = {_("yes").casefold(): "yes", _("no").casefold(): "no"}
    for kind in ("AgeGroup", "Role", "Capacity", "SeriesAnswer", "VersionAnswer", "RecordAnswer"):
        words |= {_(text).casefold(): code for code, text in LABELS[kind].items()}
    return words.get(typed.strip().casefold(), typed.strip())


_STATEMENT = {
    None: N_("{record}: {kind}, {day}: still counts until a colleague has confirmed the mistake."),
    SecondLookOutcome.CORRECTED: N_(
        "{record}: {kind}, {day}: was typed by mistake and counts as never said."
    ),
    SecondLookOutcome.AGREED: N_(
        "{record}: {kind}, {day}: was typed by mistake and counts as never said."
    ),
    SecondLookOutcome.DIFFERED: N_("{record}: {kind}, {day}: was no mistake and still counts."),
}
_PUBLICATION = {
    None: N_("{record}: the publication still counts until a colleague has confirmed the mistake."),
    SecondLookOutcome.CORRECTED: N_(
        "{record}: the publication was recorded by mistake and counts as never made."
    ),
    SecondLookOutcome.AGREED: N_(
        "{record}: the publication was recorded by mistake and counts as never made."
    ),
    SecondLookOutcome.DIFFERED: N_("{record}: the publication was no mistake and still counts."),
}


def corrected_in_words(corrected: Corrected) -> str:
    """Return what became of a statement or publication that was recorded by mistake."""
    if corrected.kind is None:
        return _(_PUBLICATION[corrected.outcome]).format(record=corrected.record)
    return _(_STATEMENT[corrected.outcome]).format(
        record=corrected.record,
        kind=label(corrected.kind),
        day=day_in_words(corrected.day),
    )
