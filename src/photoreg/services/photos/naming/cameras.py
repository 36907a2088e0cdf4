"""Who took the photos of each camera, as stated or as an event's earlier photos tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from photoreg.registry.ids import id_of, name_key
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.photos import photographers_by_camera
from photoreg.services.unit_of_work import UnitOfWork


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


def camera_takers(
    work: UnitOfWork, stated: Iterable[tuple[str, str]], event: str | None
) -> CameraTakers:
    """Return the photographers by camera; NotFound for a person who is not in the registry."""
    found = {name_key(camera): (id_of(find_person(work.session, who)),) for camera, who in stated}
    number = id_of(find_event(work.session, event)) if event else None
    return CameraTakers(found, photographers_by_camera(work.session, number) if number else {})
