"""What photoreg does with a file of each format: one protocol, and one implementation a format.

No other module asks which format a file has; it asks the file's container. `detection.CONTAINERS`
is the table of them all.
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
"""The hint where rights cannot be put into a file."""

_Parts = TypeVar("_Parts")


class Container(Protocol[_Parts]):
    """A format: how its files are recognised, divided, read, and given other metadata.

    `_Parts` is what its files are divided into. Methods with a body here suit most formats.
    """

    format: PhotoFormat
    pillow_name: str
    """The decoder's name in Pillow."""
    metadata_places: tuple[str, ...]
    """Where metadata are read, in words for the documentation."""
    standards: frozenset[Standard]
    """The standards in which rights are written into every file; others only where they are."""
    rights_go_beside: bool = False
    """Whether rights are written to a sidecar, unless a program that need not be there is asked."""
    is_decoded_upright: bool = False
    """Whether the decoder gives the image as it is to be shown."""
    head_tells_size: bool = False
    """Whether a file whose image is not looked at needs no decoder."""

    @property
    def copied_as(self) -> "CopyContainer[Any]":
        """The format of a copy for publication; the same one if a copy keeps the coded image."""
        ...

    def recognises(self, data: bytes) -> bool:
        """Whether a file begins as those of this format do; no file begins as two formats do."""
        ...

    def divide(
        self, data: bytes, name: str, *, head_only: bool, alike: _Parts | None = None
    ) -> _Parts:
        """Divide a file into its parts within the bytes that are there; `name` is for refusals.

        `head_only` allows to leave out the image, `alike` are the parts of a file with perhaps the
        same image. Raises PhotoFileError when the container is damaged.
        """
        ...

    def blocks(self, file: "PhotoFile[_Parts]") -> Blocks:
        """Return the blocks of Exif, XMP and IPTC as they stand in the file."""
        ...

    def size(self, file: "PhotoFile[_Parts]") -> tuple[int, int]:
        """Return width and height of the image in pixels, as the container tells them."""
        ...

    def coded_image(self, file: "PhotoFile[_Parts]") -> Iterable[Sequence[bytes | memoryview]]:
        """Give the parts of the image data, each in pieces, that the picture hash covers."""
        ...

    def with_rights(self, file: "PhotoFile[_Parts]", rights: OwnRights) -> bytes:
        """Return the file with the rights in it; the very same bytes if it has them already.

        Raises PhotoFileError, XmpError or TiffError when it cannot be changed safely.
        """
        ...

    def keeps_all_else(self, old: "PhotoFile[_Parts]", new: "PhotoFile[_Parts]") -> bool:
        """Whether everything is as it was that no change of metadata may touch."""
        ...

    def check_before_decoding(self, file: "PhotoFile[_Parts]") -> None:
        """Raise PhotoFileError for damage, or claims to too much memory, that decoders let pass."""
        del file

    def require_decoder(self, name: str) -> None:
        """Raise PhotoFileError unless the decoder of the format is installed."""
        del name

    def decodable(self, file: "PhotoFile[_Parts]", *, with_colours: bool) -> bytes:
        """Return what the decoder gets: no more than it needs, where that can be taken out.

        Without `with_colours` that is the coded image without its colour profile.
        """
        del with_colours
        return file.data

    def stored_size(self, file: "PhotoFile[_Parts]", decoded: tuple[int, int]) -> tuple[int, int]:
        """Return width and height before the image is turned; `decoded` are the decoder's."""
        del file
        return decoded

    def is_animated(self, file: "PhotoFile[_Parts]") -> bool:
        """Whether the file holds pictures that are shown one after the other."""
        del file
        return False

    def described(self, file: "PhotoFile[_Parts]") -> dict[str, str]:
        """List what the file carries beside its image and its Exif block: name -> size."""
        size = sum(map(len, file.blocks.xmp))
        return {"XMP": f"{size} bytes"} if file.blocks.xmp else {}


class CopyContainer(Container[_Parts], Protocol[_Parts]):
    """A format that copies for publication have: what its images keep, and how they are coded."""

    extension: str
    """How the copy's file ends."""
    keeps_transparency: bool = True

    @property
    def copied_as(self) -> "CopyContainer[Any]":
        """This format: a copy keeps the coded image."""
        return self

    def publishable(self, file: "PhotoFile[_Parts]", rights: OwnRights, tags: "CopyTags") -> bytes:
        """Return a file with the image, its colours and the rights, built from an allow-list.

        Raises PhotoFileError when parts of the image may hide something.
        """
        ...

    def holds_more(self, file: "PhotoFile[_Parts]") -> bool:
        """Whether anything is in a copy that is not on the allow-list."""
        ...

    def encoder_options(self, original: bytes, quality: int) -> Mapping[str, Any]:
        """Return how Pillow is to code a picture that was made from this original."""
        ...


class PhotoFile(Generic[_Parts]):
    """A photo's file: its bytes, its name for refusals, and its parts, divided once when asked."""

    def __init__(
        self,
        data: bytes,
        name: str,
        container: Container[_Parts],
        *,
        head_only: bool = False,
        alike: "PhotoFile[_Parts] | None" = None,
    ) -> None:
        self.data, self.name, self.container = data, name, container
        self._head_only, self._alike = head_only, alike

    @cached_property
    def parts(self) -> _Parts:
        """What the file is divided into."""
        alike = self._alike.parts if self._alike else None
        return self.container.divide(self.data, self.name, head_only=self._head_only, alike=alike)

    @cached_property
    def blocks(self) -> Blocks:
        """The metadata blocks."""
        return self.container.blocks(self)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image in pixels, as the container tells them."""
        return self.container.size(self)


@dataclass(frozen=True, slots=True)
class CopyTags:
    """What the Exif block of a copy says beside the rights."""

    orientation: int
    is_srgb: bool

    def block(self, rights: OwnRights, size: tuple[int, int], *, has_profile: bool) -> bytes:
        """Return the block, or nothing where it would say nothing."""
        is_srgb = self.is_srgb and not has_profile
        return new_exif_block(rights, size, is_srgb=is_srgb, orientation=self.orientation)


def odd_image(name: str) -> PhotoFileError:
    """Return the refusal of an image with parts of which nobody knows what they show."""
    return PhotoFileError(
        N_("{file}: its picture is damaged, or the file contains something besides the picture"),
        N_(
            "Make a smaller copy: its picture is coded anew. Or save the photo in an image "
            "program, and register that as a new photo."
        ),
        fields=("max_size",),
        file=name,
    )
