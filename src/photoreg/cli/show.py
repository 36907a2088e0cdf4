"""Everything about a photo, for people to read."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import click

from photoreg.cli.answers import questions_in_words
from photoreg.cli.case import moment
from photoreg.cli.file_notes import notes_on_rights
from photoreg.cli.output import safe
from photoreg.cli.words import day_as_said, in_words, word
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.photos import Prominence
from photoreg.registry.tables.publications import DecisionFor
from photoreg.registry.tables.said import ConsentKind
from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    People,
    Photographer,
    Place,
    Purpose,
    Role,
    Shot,
)
from photoreg.services.flags import FlagState
from photoreg.texts import N_, _

_QUESTIONS: dict[str, tuple[str, type[StrEnum] | None]] = {
    "photographer": (N_("photographer"), Photographer),
    "basis": (N_("basis"), Basis),
    "commissioner": (N_("ordered by somebody"), Commissioner),
    "place": (N_("place"), Place),
    "place_permission": (N_("the place permitted it"), None),
    "shot": (N_("shot"), Shot),
    "confidentiality": (N_("confidential"), Confidentiality),
    "sensitive": (N_("sensitive"), None),
    "people": (N_("people"), People),
    "recognisable_count": (N_("how many can be recognised"), None),
    "context_identifies": (N_("caption, clothes or place tell who"), None),
    "credit": (N_("credit"), None),
    "credit_waived": (N_("credit not required"), None),
    "taken_year": (N_("year of taking"), None),
    "photographer_died_year": (N_("photographer died in"), None),
    "rights_removed": (N_("rights taken out of the file"), None),
}
"""What each answer is called, and the enumeration of its values."""

_SAID_ONLY_IF_SO = frozenset({"credit_waived", "rights_removed"})
_REACH = {
    "photo": N_("this photo"),
    "event": N_("its event"),
    "everything": N_("all photos"),
}


def print_photo(photo: Mapping[str, Any]) -> None:
    """Print what `services.showing.show_photo` returns."""
    click.echo(f"{photo['photo']} {safe(photo['file'])}")
    _print_file(photo)
    _print_answers(photo)
    _section(_("People"), [_person(p) for p in photo["people"]])
    _section(_("Permissions"), [_said(said) for said in photo["permissions"]])
    _section(_("Consents"), [_said(said) for said in photo["consents"]])
    _section(_("Decisions"), [_decision(d) for d in photo["decisions"]])
    _section(_("Cases"), [_case(c) for c in photo["cases"]])
    _section(_("Flags"), [_flag(f) for f in photo["flags"]])
    _section(_("Publications"), [_publication(p) for p in photo["publications"]])


def answer_in_words(question: str, answer: object) -> str:
    """Return an answer as people read it."""
    _title, kind = _QUESTIONS[question]
    if answer is None:
        return _("open")
    if kind is not None:
        return word(kind(str(answer)))
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    return safe(str(answer))


def title_of(question: str) -> str:
    """Return what an answer is called."""
    return _(_QUESTIONS[question][0])


def _line(title: str, value: object) -> None:
    if value not in (None, ""):
        click.echo(f"  {title}: {safe(str(value))}")


def _section(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"{title}:")
    for line in lines:
        click.echo(f"  {line}")


def _print_file(photo: Mapping[str, Any]) -> None:
    _line(_("path"), photo["path"])
    size = _("{format}, {width} × {height} pixels, {size} bytes")
    _line(_("file"), size.format(**photo))
    _line(_("file hash"), photo["sha256"])
    _line(_("taken"), photo["taken_at"])
    _line(_("camera"), photo["camera"])
    _line(_("photographer in the file"), photo["file_artist"])
    _line(_("rights in the file"), photo["file_copyright"])
    _line(_("description in the file"), photo["file_description"])
    if photo["holds_place"]:
        click.echo("  " + _("the file holds a location; an exported copy does not"))
    for note in notes_on_rights(photo):
        click.echo(f"  {note}")
    _line(_("version of"), photo["version_of"])
    _line(_("versions"), ", ".join(photo["versions"]))
    registered = _("{when} by {login}")
    _line(
        _("registered"),
        registered.format(
            when=moment(datetime.fromisoformat(photo["registered_at"])),
            login=photo["registered_by"],
        ),
    )
    _line(_("event"), photo["event"])
    _line(_("photographers"), ", ".join(photo["photographers"]))


def _print_answers(photo: Mapping[str, Any]) -> None:
    lines = []
    for row in photo["answers"]:
        is_silent = row["answer"] is False and row["question"] in _SAID_ONLY_IF_SO
        if row["answer"] is None or is_silent:
            continue
        line = f"{title_of(row['question'])}: {answer_in_words(row['question'], row['answer'])}"
        if row["source"] == "event":
            line += " " + _("(from the event {event})").format(event=photo["event"])
        lines.append(line)
    _section(_("Answers"), lines)
    _line(_("open"), questions_in_words(photo["open"]))


def _person(person: Mapping[str, Any]) -> str:
    who = person["person"] or _("somebody not named yet")
    parts = [
        f"{who} {person['name'] or ''}".strip(),
        person["position"],
        word(Prominence(person["prominence"])),
        word(Role(person["role"])),
    ]
    return safe(" · ".join(filter(None, parts)))


def _said(said: Mapping[str, Any]) -> str:
    without = _("without an end") if said["open_ended"] else ""
    until = (
        _("until {day}").format(day=day_as_said(said["valid_until"])) if said["valid_until"] else ""
    )
    about = _("about {person}").format(person=said["about"]) if said["about"] else ""
    parts = [
        said["id"],
        about,
        _("by {person}").format(person=said["by"]) if said["by"] else "",
        f"{word(ConsentKind(said['said']))} {day_as_said(said['day'])}",
        until or without,
        ", ".join(in_words("Channel", said["channels"])),
        _(_REACH[said["reach"]]),
    ]
    return " · ".join(filter(None, parts))


def _decision(decision: Mapping[str, Any]) -> str:
    made_for = word(DecisionFor(decision["made_for"]))
    purpose = word(Purpose(decision["purpose"]))
    return " · ".join(
        (decision["decision"], made_for, decision["channel"], purpose, day_as_said(decision["day"]))
    )


def _case(case: Mapping[str, Any]) -> str:
    ruling = word(RulingKind(case["ruling"])) if case["ruling"] else _("not ruled on yet")
    return " · ".join((case["case"], case["channel"], ", ".join(case["codes"]), ruling))


def _flag(flag: Mapping[str, Any]) -> str:
    return f"{flag['flag']} · {word(FlagState(flag['state']))}"


def _publication(publication: Mapping[str, Any]) -> str:
    removed = publication["removed_on"]
    state = _("taken down {day}").format(day=day_as_said(removed)) if removed else _("published")
    parts = (
        publication["publication"],
        publication["channel"],
        publication["address"],
        day_as_said(publication["published_on"]),
        state,
    )
    return safe(" · ".join(parts))
