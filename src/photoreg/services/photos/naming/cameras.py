"""Who took the photos of each camera, as stated or as an event's earlier photos tell."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from photoreg.errors import InputDataError, Records
from photoreg.registry.ids import id_of, name_key
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.names import plain_name
from photoreg.registry.queries.photos import photographers_by_camera
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_


class FoundBy(StrEnum):
    """What tells the photographer of a new photo, where the answers do not."""

    FILE = "file"
    CAMERA = "camera"
    EARLIER_PHOTOS = "earlier_photos"


@dataclass(frozen=True, slots=True)
class CameraTakers:
    """The photographers by camera: `stated` by the name as typed, `earlier` by that in files."""

    stated: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    earlier: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def stated_of(self, camera: str) -> tuple[int, ...]:
        """Return who was stated for a camera, with or without its maker: `iPhone 13`."""
        known = name_key(camera)
        return next((ids for name, ids in self.stated.items() if _is_camera(known, name)), ())

    def earlier_of(self, camera: str) -> tuple[int, ...]:
        """Return who took all earlier photos of the event with a camera."""
        return self.earlier.get(camera, ())


NO_CAMERAS = CameraTakers()


def is_camera(camera: str, typed: str) -> bool:
    """Return whether a camera as its files name it is the one that somebody typed."""
    return _is_camera(name_key(camera), name_key(typed))


def _is_camera(known: str, typed: str) -> bool:
    return bool(typed) and (known == typed or known.endswith(f" {typed}"))


def full_names(stated: Iterable[tuple[str, str]], met: Collection[str]) -> list[tuple[str, str]]:
    """Return the stated cameras by the names of those that were met, each with who was stated.

    InputDataError for a name that may mean several of them, or two names that mean one.
    """
    meant: dict[str, tuple[str, str]] = {}
    for typed, who in stated:
        camera = _full_name(typed, met)
        if camera in meant:
            raise InputDataError(
                N_("{first} and {second} are the same camera: {camera}"),
                N_("Give each camera only once."),
                fields=("camera",),
                first=meant[camera][0],
                second=typed,
                camera=camera,
            )
        meant[camera] = typed, who
    return [(camera, who) for camera, (_typed, who) in meant.items()]


def _full_name(typed: str, met: Collection[str]) -> str:
    """Return the only camera that a name is, ends or is part of; the name itself if none is."""
    for fits in (_is_named, is_camera, _has_part):
        found = sorted(camera for camera in met if fits(camera, typed))
        if len(found) > 1:
            raise InputDataError(
                N_("{value} may be any of these cameras: {cameras}"),
                N_("Write more of the name."),
                fields=("camera",),
                value=typed,
                cameras=Records(found),
            )
        if found:
            return found[0]
    return typed


def _is_named(camera: str, typed: str) -> bool:
    return name_key(camera) == name_key(typed)


def _has_part(camera: str, typed: str) -> bool:
    """Return whether a part of a camera's name was typed, such as `nikon` or `Z6`."""
    whole, part = ("".join(filter(str.isalnum, plain_name(name))) for name in (camera, typed))
    return len(part) > 1 and part in whole


def camera_takers(
    work: UnitOfWork, stated: Iterable[tuple[str, str]], event: str | None
) -> CameraTakers:
    """Return the photographers by camera; NotFound for a person who is not in the registry."""
    found = {name_key(camera): (id_of(find_person(work.session, who)),) for camera, who in stated}
    number = id_of(find_event(work.session, event)) if event else None
    return CameraTakers(found, photographers_by_camera(work.session, number) if number else {})
