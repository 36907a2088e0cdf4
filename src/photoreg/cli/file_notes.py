"""What a photo's file says of rights, and what became of it, in words: the same everywhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from photoreg.cli.output import safe
from photoreg.registry.names import Kind, human_id
from photoreg.services.recognising import KnownAgain, LikelyCopy
from photoreg.texts import N_, _

_RELEASES = {
    "MR-NON": N_("no release of the people shown"),
    "MR-NAP": N_("nobody is shown who would have to release it"),
    "MR-UMR": N_("the people shown have released it without limits"),
    "MR-LMR": N_("limited or incomplete releases of the people shown"),
}


def notes_on_rights(found: Mapping[str, Any]) -> Iterator[str]:
    """Say what a file says of its use (`rights_in_file`). It proves nothing: people decide."""
    if found["terms"]:
        yield _("terms of use in the file: {terms}").format(terms=safe(found["terms"]))
    if found["licence"]:
        text = _("the file claims the licence {licence}: if that is right, say it with")
        yield f"{text.format(licence=found['licence'])} --basis licence_cc"
    elif found["licence_url"]:
        text = _("the file names a page about its licence: {address}")
        yield text.format(address=safe(found["licence_url"]))
    if found["all_rights_reserved"]:
        yield _("the file says that all rights are reserved")
    if found["release"] in _RELEASES:
        text = _("the file says: {release}; the consents in the register decide")
        yield text.format(release=_(_RELEASES[found["release"]]))


def notes_on_meeting(again: KnownAgain) -> Iterator[str]:
    """Say what became of a file whose picture is registered."""
    photo = human_id(Kind.PHOTO, again.photo.id)
    if again.is_copy:
        text = _("a copy: the registered file is {path}")
        yield text.format(path=safe(again.photo.path))
        if again.lacks_rights:
            yield _("this copy lacks the photographer or the rights; use the registered file")
        return
    yield _("the register follows this file now")
    if again.lacks_rights:
        text = _("photographer and rights were taken out of the file, so it may not be published:")
        yield f"{text} photoreg metadata write {photo}"
    if again.has_rights_again:
        yield _("photographer and rights are in the file again")


def note_on_likeness(alike: tuple[LikelyCopy, ...]) -> Iterator[str]:
    """Say which photos look like a new one."""
    if alike:
        each = ", ".join(f"{human_id(Kind.PHOTO, a.photo_id)} ({a.distance}/256)" for a in alike)
        yield _("looks like {photos}: a likely copy").format(photos=each)
