"""Everything about a photo as text: file, answers, consents, decisions, publications."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from photoreg.imaging.metadata.licences import file_usage_terms
from photoreg.presentation.cells import safe, with_name
from photoreg.presentation.days import day_in_words, format_camera_time, format_iso_day, format_time
from photoreg.presentation.labels import label, question_labels, status_words
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.photos import Prominence
from photoreg.registry.tables.publications import DecisionFor
from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Photographer,
    Place,
    Purpose,
    Role,
    Shot,
)
from photoreg.services.decisions.flags import FlagState
from photoreg.services.files.recognition import LikelyCopy, RecognisedPhoto
from photoreg.services.photos.forgetting import ForgottenPhoto
from photoreg.services.photos.naming.cameras import FoundBy
from photoreg.services.photos.pictures.views import PictureAbout
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.photos.versions import VersionAdded
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

_ANSWER_TYPES: dict[str, tuple[str, type[StrEnum] | None]] = {
    "photographer": (N_("photographer"), Photographer),
    "basis": (N_("basis"), Basis),
    "commissioner": (N_("ordered by somebody"), Commissioner),
    "place": (N_("place"), Place),
    "place_permission": (N_("permission of the holder of the place"), None),
    "shot": (N_("shot"), Shot),
    "confidentiality": (N_("confidential"), Confidentiality),
    "sensitive": (N_("sensitive"), None),
    "people": (N_("people"), People),
    "recognisable_count": (N_("how many can be recognised"), None),
    "context_identifies": (N_("caption, clothes or place tell who"), None),
    "credit": (N_("credit"), None),
    "credit_waived": (N_("credit not required"), None),
    "taken_year": (N_("year taken"), None),
    "photographer_died_year": (N_("photographer died in"), None),
    "depicted_work": (N_("another's work as the main subject"), DepictedWork),
    "digital_source": (N_("how the picture was made"), DigitalSource),
    "rights_removed": (N_("rights removed from the file"), None),
}
"""The title of each answer, and the enumeration of its values."""

OUTSIDE_EVENT = N_(
    "taken, according to the file, more than two days before or after the event: do the event's "
    "answers and consents apply?"
)
"""The note on photos whose event may be the wrong one."""

_SHOWN_IF_TRUE = frozenset({"credit_waived", "rights_removed"})
_SCOPE_LABELS = {
    "photo": N_("this photo"),
    "event": N_("photos of this event"),
    "everything": N_("all photos"),
}


_STATEMENTS = ("permissions", "consents")


def named_in_statements(photo: Mapping[str, Any]) -> set[str]:
    """Return the ids of the persons whose consents and permissions are shown, and who gave them."""
    said = [each for part in _STATEMENTS for each in photo[part]]
    return {each[who] for each in said for who in ("about", "by") if each[who]}


@dataclass(frozen=True, slots=True)
class PhotoPart:
    """One section about a photo: its lines, and a title, which the file section lacks."""

    title: str
    lines: tuple[str, ...]


def photo_parts(photo: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[PhotoPart]:
    """Yield the result of `services.showing.show_photo` as text sections; omit empty ones.

    `names` are those that the user may see beside the ids of who gave a consent or permission.
    """
    said = {part: tuple(_said(s, names) for s in photo[part]) for part in _STATEMENTS}
    parts = (
        PhotoPart("", tuple(_file(photo))),
        PhotoPart(_("Answers"), tuple(_answers(photo))),
        PhotoPart("", tuple(_lines((_("open"), question_labels(photo["open"]))))),
        PhotoPart(_("People"), tuple(_person(p) for p in photo["people"])),
        PhotoPart(_("Permissions"), said["permissions"]),
        PhotoPart(_("Consents"), said["consents"]),
        PhotoPart(_("Decisions on publishing"), tuple(_decision(d) for d in photo["decisions"])),
        PhotoPart(_("Cases"), tuple(_case(c) for c in photo["cases"])),
        PhotoPart(_("Flags"), tuple(_flag(f) for f in photo["flags"])),
        PhotoPart(_("Publications"), tuple(_publication(p) for p in photo["publications"])),
    )
    return (part for part in parts if part.lines)


def picture_in_words(about: PictureAbout) -> str:
    """Return what a picture shows, without names, as the text that stands for it."""
    photo = _("The photo {photo}").format(photo=about.photo)
    if about.is_hidden:
        return f"{photo}: {_('a photo of another unit')}"
    known = (
        safe(about.event),
        f"{_('how many can be recognised')}: {about.count}" if about.count else "",
        label(about.shot) if about.shot else "",
        label(about.place) if about.place and about.place is not Place.UNKNOWN else "",
        f"{_('taken')} {day_in_words(about.taken_on)}" if about.taken_on else "",
    )
    told = ", ".join(filter(None, known))
    return f"{photo}: {told}" if told else photo


def _lines(*values: tuple[str, object]) -> Iterator[str]:
    """Yield each title with its value; omit empty ones."""
    for title, value in values:
        if value not in (None, ""):
            yield f"{title}: {safe(str(value))}"


def _file(photo: Mapping[str, Any]) -> Iterator[str]:
    taken = format_camera_time(photo["taken_at"]) if photo["taken_at"] else ""
    size = _("{format}, {width} × {height} pixels, {size} bytes")
    yield from _lines(
        (_("path"), photo["path"]),
        (_("file"), size.format(**photo)),
        (_("file hash"), photo["sha256"]),
        (_("taken"), taken),
        (_("camera"), photo["camera"]),
        (_("photographer in the file"), photo["file_artist"]),
        (_("rights in the file"), photo["file_copyright"]),
        (_("description in the file"), photo["file_description"]),
    )
    if photo["holds_place"]:
        yield _("the file contains a location; an exported copy does not")
    yield from rights_notes(photo)
    registered = _("{when} by {login}").format(
        when=format_time(datetime.fromisoformat(photo["registered_at"])),
        login=photo["registered_by"],
    )
    yield from _lines(
        (_("version of"), photo["version_of"]),
        (_("versions"), ", ".join(photo["versions"])),
        (_("registered"), registered),
        (_("event"), photo["event"]),
        (_("photographers"), ", ".join(photo["photographers"])),
    )


def _answers(photo: Mapping[str, Any]) -> Iterator[str]:
    for row in photo["answers"]:
        is_silent = row["answer"] is False and row["question"] in _SHOWN_IF_TRUE
        if row["answer"] is None or is_silent:
            continue
        line = f"{question_title(row['question'])}: {answer_label(row['question'], row['answer'])}"
        if row["source"] == "event":
            line += " " + _("(from the event {event})").format(event=photo["event"])
        yield line


def answer_label(question: str, answer: object) -> str:
    """Return an answer as text."""
    _title, kind = _ANSWER_TYPES[question]
    if answer is None:
        return _("open")
    if kind is not None:
        return label(kind(str(answer)))
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    return safe(str(answer))


def question_title(question: str) -> str:
    """Return the title of an answer."""
    return _(_ANSWER_TYPES[question][0])


def _person(person: Mapping[str, Any]) -> str:
    who = person["person"] or _("somebody not named yet")
    parts = [
        f"{who} {person['name'] or ''}".strip(),
        person["position"],
        label(Prominence(person["prominence"])),
        label(Role(person["role"])),
    ]
    return safe(" · ".join(filter(None, parts)))


def _said(said: Mapping[str, Any], names: Mapping[str, str]) -> str:
    without = _("no end date") if said["open_ended"] else ""
    until = (
        _("until {day}").format(day=format_iso_day(said["valid_until"]))
        if said["valid_until"]
        else ""
    )
    about = (
        _("about {person}").format(person=with_name(said["about"], names)) if said["about"] else ""
    )
    parts = [
        said["id"],
        about,
        _("by {person}").format(person=with_name(said["by"], names)) if said["by"] else "",
        f"{status_words(said['state'], said, said['refused'])} ({format_iso_day(said['day'])})",
        until or without,
        _(_SCOPE_LABELS[said["reach"]]),
    ]
    return " · ".join(filter(None, parts))


def _decision(decision: Mapping[str, Any]) -> str:
    made_for = label(DecisionFor(decision["made_for"]))
    purpose = label(Purpose(decision["purpose"]))
    return " · ".join(
        (
            decision["decision"],
            made_for,
            decision["channel"],
            purpose,
            format_iso_day(decision["day"]),
        )
    )


def _case(case: Mapping[str, Any]) -> str:
    ruling = label(RulingKind(case["ruling"])) if case["ruling"] else _("not ruled on yet")
    return " · ".join((case["case"], case["channel"], ", ".join(case["codes"]), ruling))


def _flag(flag: Mapping[str, Any]) -> str:
    return f"{flag['flag']} · {label(FlagState(flag['state']))}"


def _publication(publication: Mapping[str, Any]) -> str:
    removed = publication["removed_on"]
    state = _("taken down {day}").format(day=format_iso_day(removed)) if removed else _("published")
    if publication["typed_by_mistake"]:
        state = _("recorded by mistake")
    parts = (
        publication["publication"],
        publication["channel"],
        publication["address"],
        format_iso_day(publication["published_on"]),
        state,
    )
    return safe(" · ".join(parts))


_RELEASE_LABELS = {
    "MR-NON": N_("no release of the people shown"),
    "MR-NAP": N_("nobody shown has to give a release"),
    "MR-UMR": N_("the people shown have released it without limits"),
    "MR-LMR": N_("limited or incomplete releases of the people shown"),
}


def rights_notes(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the usage terms stated in a file (`file_usage_terms`); they are not proof."""
    if found["terms"]:
        yield _("terms of use in the file: {terms}").format(terms=safe(found["terms"]))
    if found["licence"]:
        text = _("the file claims the licence {licence}: if that is right, record it as the basis")
        yield text.format(licence=found["licence"])
    elif found["licence_url"]:
        text = _("the file gives a page about its licence: {address}")
        yield text.format(address=safe(found["licence_url"]))
    if found["all_rights_reserved"]:
        yield _("the file says that all rights are reserved")
    if found["release"] in _RELEASE_LABELS:
        text = _("according to the file: {release}; the consents in the registry decide")
        yield text.format(release=_(_RELEASE_LABELS[found["release"]]))


def step_on_meeting(again: RecognisedPhoto) -> NextStep | None:
    """Return the next step for a file whose picture is already registered."""
    if again.is_copy or not again.lacks_rights:
        return None
    return NextStep.to(NextAction.METADATA_WRITE, photo=human_id(Kind.PHOTO, again.photo.id))


def duplicate_notes(duplicate: RecognisedPhoto) -> Iterator[str]:
    """Yield what was recorded about a file whose picture is already registered."""
    if duplicate.is_copy:
        text = _("a copy: the registered file is {path}")
        yield text.format(path=safe(duplicate.photo.path))
        if duplicate.lacks_rights:
            yield _("this copy lacks the photographer or the rights; use the registered file")
        return
    yield _("the registry uses this file now")
    if duplicate.lacks_rights:
        yield _("photographer and rights were taken out of the file, so it may not be published")
    if duplicate.has_rights_again:
        yield _("the photographer and the rights are in the file again")


def near_duplicate_note(near_duplicates: tuple[LikelyCopy, ...]) -> Iterator[str]:
    """Yield a note on the near-duplicates of a new photo."""
    if near_duplicates:
        each = ", ".join(
            f"{human_id(Kind.PHOTO, a.photo_id)} ({a.distance}/256)" for a in near_duplicates
        )
        yield _("looks like {photos}: a likely copy").format(photos=each)


def state_in_words(photo: RegisteredPhoto) -> str:
    """Return whether a photo is new, or was registered before."""
    if photo.recognised:
        number = human_id(Kind.PHOTO, photo.photo_id)
        return _("already registered as {photo}, its metadata has changed").format(photo=number)
    return _("registered") if photo.is_new else _("is already in the registry, nothing was changed")


def own_notes(photo: RegisteredPhoto) -> Iterator[str]:
    """Yield what the photo looks like, and who took it."""
    yield from near_duplicate_note(photo.likely_copies)
    names = ", ".join(map(safe, photo.photographers))
    if photo.proposed:
        yield _("photographer: {names} (proposed: the file names this person)").format(names=names)
    elif photo.found_by is FoundBy.EARLIER_PHOTOS:
        yield _("photographer: {names} (as in earlier photos by the same camera)").format(
            names=names
        )
    elif names:
        yield _("photographer: {names}").format(names=names)
    if photo.other_artist:
        text = _("the file names {artist} as photographer")
        yield text.format(artist=safe(photo.other_artist))
    if photo.file_artist:
        yield _artist_note(photo)


def shared_notes(photo: RegisteredPhoto) -> Iterator[str]:
    """Yield what is often the same of many photos, and is told once for all of them."""
    if photo.outside_event:
        yield _(OUTSIDE_EVENT)
    if photo.holds_place:
        yield _("the file contains a location; an exported copy does not")
    yield from rights_notes(file_usage_terms(photo.rights_metadata))


def _artist_note(photo: RegisteredPhoto) -> str:
    """Return a note on the artist named in the file when that does not settle the photographer."""
    artist = safe(photo.file_artist)
    if photo.namesakes:
        text = _("the file names {artist} as photographer, which may mean any of {ids}")
        return text.format(artist=artist, ids=", ".join(map(_, photo.namesakes)))
    text = _("the file names {artist} as photographer, who is not in the registry")
    return text.format(artist=artist)


def forgotten_in_words(photo: ForgottenPhoto) -> str:
    """Return that a photo is no longer in the registry, and what became of its file."""
    text = (
        _("{photo} is no longer in the registry. Its file was deleted from the desk: {file}")
        if photo.is_deleted
        else _("{photo} is no longer in the registry. Its file was not touched: {file}")
    )
    return text.format(photo=photo.photo, file=safe(photo.file_name))


def version_lines(added: VersionAdded) -> Iterator[str]:
    """Yield what became of a version, and who was shown in the photo that it was made of."""
    text = _("{version} registered as a version of {photo}")
    yield text.format(version=added.photo, photo=added.version_of)
    shown = [*added.shown_before]
    if added.unnamed_before:
        shown.append(_("{count} not named yet").format(count=added.unnamed_before))
    if shown:
        text = _("shown in {photo}: {persons}; name those who can still be recognised")
        yield text.format(photo=added.version_of, persons=", ".join(shown))
    if added.lacks_rights:
        yield _(
            "the photographer and the rights were removed from the file, so it may not be "
            "published:"
        )
