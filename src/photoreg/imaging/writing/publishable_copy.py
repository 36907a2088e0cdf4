"""Build the publishable copy of a photo: its image, colours and rights, and nothing else.

It is built from an allow-list: the coded image, its ICC profile, and new metadata with the rights.
Location, serial numbers, names, thumbnails and other hidden data of the original are never copied,
so they need not be detected in order to be removed.

JPEG, PNG and WebP keep their coded image. TIFF, HEIC and AVIF become JPEG, and a photo that is to
be scaled down is re-encoded.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import CopyTags, PhotoFile
from photoreg.imaging.containers.detection import CONTAINERS
from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.exif import Exif
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import parse_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights, has_rights
from photoreg.imaging.pictures.derivative import CopyOptions, make_derivative
from photoreg.imaging.pictures.identity import shows_the_same
from photoreg.imaging.reading import describe_blocks
from photoreg.texts import N_

EXTENSIONS: Final = tuple(
    dict.fromkeys(container.copied_as.extension for container in CONTAINERS.values())
)
"""The file name extensions of copies."""

_UNCALIBRATED: Final = 0xFFFF
_FRESH_TAGS: Final = frozenset(
    {
        *(exif.ORIENTATION, exif.X_RESOLUTION, exif.Y_RESOLUTION, exif.RESOLUTION_UNIT),
        *(exif.ARTIST, exif.YCBCR_POSITIONING, exif.COPYRIGHT, exif.EXIF_DIRECTORY),
    }
)
_FRESH_CAMERA_TAGS: Final = frozenset(
    {
        *(
            exif.EXIF_VERSION,
            exif.COMPONENTS_CONFIGURATION,
            exif.FLASHPIX_VERSION,
            exif.COLOR_SPACE,
        ),
        *(exif.PIXEL_WIDTH, exif.PIXEL_HEIGHT),
    }
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A publishable copy.

    `picture` is the file whose image it must contain, `pictures` the number of pictures in the
    original, `carried` what the original holds besides its image, named as in `describe_metadata`.
    """

    content: bytes
    format: PhotoFormat
    made_from: PhotoFormat
    rights: OwnRights
    picture: PhotoFile[Any] | None
    size: tuple[int, int]
    pictures: int = 1
    is_derived: bool = False
    carried: tuple[str, ...] = ()

    @property
    def extension(self) -> str:
        """The copy's file name extension."""
        return CONTAINERS[self.format].copied_as.extension

    def without_content(self) -> "Copy":
        """Return the description of the copy without its data, to save memory."""
        return replace(self, content=b"", picture=None)


def make_publishable(
    data: bytes,
    rights: OwnRights,
    options: CopyOptions = CopyOptions(),  # noqa: B008 - frozen
    file: str = "",
) -> Copy:
    """Return the publishable copy of a photo; the result is deterministic.

    Raises PhotoFileError when the file is damaged, is an animation, or must be decoded and cannot
    be.
    """
    original = divided(data, file)
    container = original.container
    target = container.copied_as
    _refuse_animation(original)
    metadata = parse_metadata(original.blocks)
    longest = max(original.size)
    is_kept = target is container and not (options.longest_side and longest > options.longest_side)
    image, pictures = original, 1
    is_srgb = exif.integer_value(metadata.exif.camera, exif.COLOR_SPACE) != _UNCALIBRATED
    tags = CopyTags(metadata.orientation or 1, is_srgb=is_srgb)
    if not is_kept:
        source = container.decodable(original, with_colours=True)
        made, _, pictures = make_derivative(
            source, container.format, tags.orientation, options, file
        )
        image, tags = divided(made, file), CopyTags(1, is_srgb=True)
    content = target.publishable(image, rights, tags)
    return Copy(
        content=content,
        format=target.format,
        made_from=container.format,
        rights=rights,
        picture=image,
        size=divided(content, file, head_only=True).size,
        pictures=pictures,
        is_derived=not is_kept,
        carried=tuple(describe_blocks(original)),
    )


def _refuse_animation(original: PhotoFile[Any]) -> None:
    """Raise PhotoFileError for an animation, whose frames nobody has checked."""
    if original.container.is_animated(original):
        raise PhotoFileError(
            N_("{file}: this is an animation; only still images can be published"),
            N_("Save the single picture you want as a separate file and register it."),
            file=original.name,
        )


def is_valid_copy(content: bytes, copy: Copy, file: str) -> bool:
    """Whether the content holds the image and the rights, and nothing else."""
    written = divided(content, file, similar=copy.picture)
    target = CONTAINERS[copy.format].copied_as
    metadata = parse_metadata(written.blocks)
    ours = {field.xmp.key for field in copy.rights.values()}
    return (
        written.container is target
        and copy.picture is not None
        and shows_the_same(written, copy.picture)
        and has_rights(metadata, copy.rights, target.standards)
        and {n for n in metadata.names if not n.endswith("}about")} <= ours
        and _is_fresh_exif(metadata.exif)
        and not (metadata.has_place or metadata.has_credentials)
        and not target.holds_more(written)
    )


def _is_fresh_exif(found: Exif) -> bool:
    """Whether an Exif block holds only tags that new blocks have."""
    tags = set(found.main) - _FRESH_TAGS | set(found.camera) - _FRESH_CAMERA_TAGS
    return not (tags or found.gps or found.thumbnail)
