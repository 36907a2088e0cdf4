"""The container protocol, which each image file format implements.

Format differences live in the containers: other modules call a file's container and never branch
on its format. `detection.CONTAINERS` lists all containers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, Protocol, TypeVar

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import OwnRights, new_exif_block
from photoreg.texts import N_

FILE_STAYS: Final = N_("The file was not changed. Saving it again in an image program may fix it.")
"""The hint shown when rights cannot be written into a file."""

_Parts = TypeVar("_Parts")


class Container(Protocol[_Parts]):
    """A file format: how its files are recognised and parsed, and how their metadata are replaced.

    `_Parts` is the type of a parsed file. Methods implemented here are defaults.
    """

    format: PhotoFormat
    pillow_name: str
    """Pillow's name for the format."""
    metadata_places: tuple[str, ...]
    """Where metadata are read from, as the documentation names it."""
    standards: frozenset[Standard]
    """The standards written into every file; any other is updated only where it is present."""
    rights_go_beside: bool = False
    """Whether rights are written to a sidecar by default; embedding needs exiftool."""
    is_decoded_upright: bool = False
    """Whether the decoder applies the orientation itself."""
    head_tells_size: bool = False
    """Whether the image size can be read from the header, without a decoder."""

    @property
    def copied_as(self) -> "CopyContainer[Any]":
        """The format of publishable copies; the same one if a copy keeps the coded image."""
        ...

    def recognises(self, data: bytes) -> bool:
        """Whether the data begin with this format's signature; signatures are disjoint."""
        ...

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: _Parts | None = None
    ) -> _Parts:
        """Parse a file, checking every length against the data; `name` is for error messages.

        With `head_only` the image may be skipped. `similar` is a parsed file that may hold the same
        image, which saves a second search. Raises PhotoFileError when the container is damaged.
        """
        ...

    def blocks(self, file: "PhotoFile[_Parts]") -> Blocks:
        """Return the raw Exif, XMP and IPTC blocks."""
        ...

    def size(self, file: "PhotoFile[_Parts]") -> tuple[int, int]:
        """Return width and height of the image in pixels, from the container."""
        ...

    def coded_image(self, file: "PhotoFile[_Parts]") -> Iterable[Sequence[bytes | memoryview]]:
        """Yield the image data that the picture hash covers, each part as a sequence of pieces."""
        ...

    def with_rights(self, file: "PhotoFile[_Parts]", rights: OwnRights) -> bytes:
        """Return the file with the rights embedded; unchanged if they are present already.

        Raises PhotoFileError, XmpError or TiffError when the file cannot be changed safely.
        """
        ...

    def keeps_all_else(self, old: "PhotoFile[_Parts]", new: "PhotoFile[_Parts]") -> bool:
        """Whether everything that a metadata change must not touch is identical in both files."""
        ...

    def check_before_decoding(self, file: "PhotoFile[_Parts]") -> None:
        """Raise PhotoFileError for damage or excessive sizes that decoders would accept."""
        del file

    def require_decoder(self, name: str) -> None:
        """Raise PhotoFileError unless the decoder of the format is installed."""
        del name

    def decodable(self, file: "PhotoFile[_Parts]", *, with_colours: bool) -> bytes:
        """Return the bytes to decode, reduced to what the decoder needs where that is possible.

        Without `with_colours` the ICC profile is left out as well.
        """
        del with_colours
        return file.data

    def stored_size(self, file: "PhotoFile[_Parts]", decoded: tuple[int, int]) -> tuple[int, int]:
        """Return width and height before orientation is applied; `decoded` is after decoding."""
        del file
        return decoded

    def is_animated(self, file: "PhotoFile[_Parts]") -> bool:
        """Whether the file is an animation."""
        del file
        return False

    def described(self, file: "PhotoFile[_Parts]") -> dict[str, int]:
        """List what the file holds besides its image and Exif block, as name -> size in bytes."""
        return {"XMP": sum(map(len, file.blocks.xmp))} if file.blocks.xmp else {}


class CopyContainer(Container[_Parts], Protocol[_Parts]):
    """A format in which publishable copies are written."""

    extension: str
    """The copy's file name extension."""
    keeps_transparency: bool = True

    @property
    def copied_as(self) -> "CopyContainer[Any]":
        """This format: a copy in it keeps the coded image."""
        return self

    def publishable(self, file: "PhotoFile[_Parts]", rights: OwnRights, tags: "CopyTags") -> bytes:
        """Return a file with only the image, its colour data and the rights, from an allow-list.

        Raises PhotoFileError when the image data may contain hidden content.
        """
        ...

    def holds_more(self, file: "PhotoFile[_Parts]") -> bool:
        """Whether a copy contains anything that is not on the allow-list."""
        ...

    def encoder_options(self, original: bytes, quality: int) -> Mapping[str, Any]:
        """Return the options with which Pillow encodes a picture made from this original."""
        ...


class PhotoFile(Generic[_Parts]):
    """A photo file: its bytes, its name for error messages, and its parts, parsed on first use."""

    def __init__(
        self,
        data: bytes,
        name: str,
        container: Container[_Parts],
        *,
        head_only: bool = False,
        similar: "PhotoFile[_Parts] | None" = None,
    ) -> None:
        self.data, self.name, self.container = data, name, container
        self._head_only, self._similar = head_only, similar

    @cached_property
    def parts(self) -> _Parts:
        """The parsed file."""
        similar = self._similar.parts if self._similar else None
        return self.container.divide(
            self.data, self.name, head_only=self._head_only, similar=similar
        )

    @cached_property
    def blocks(self) -> Blocks:
        """The metadata blocks."""
        return self.container.blocks(self)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image in pixels, from the container."""
        return self.container.size(self)


@dataclass(frozen=True, slots=True)
class CopyTags:
    """What the Exif block of a copy states besides the rights."""

    orientation: int
    is_srgb: bool

    def block(self, rights: OwnRights, size: tuple[int, int], *, has_profile: bool) -> bytes:
        """Return the block; empty if it would state nothing."""
        is_srgb = self.is_srgb and not has_profile
        return new_exif_block(rights, size, is_srgb=is_srgb, orientation=self.orientation)


def odd_image(name: str) -> PhotoFileError:
    """Return the error for an image with damaged or unknown parts."""
    return PhotoFileError(
        N_("{file}: its picture is damaged, or the file contains something besides the picture"),
        N_(
            "Make a smaller copy: its picture is encoded again. Or save the photo in an image "
            "program, and register that as a new photo."
        ),
        fields=("max_size",),
        file=name,
    )
