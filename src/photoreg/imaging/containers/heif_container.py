"""The containers of HEIC and AVIF (ISO/IEC 14496-12 and 23008-12); only exiftool writes them.

Rights go into a sidecar, because no bundled library changes such files safely; publishable copies
become JPEG files.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import heif
from photoreg.imaging.containers.container import Container, CopyContainer, PhotoFile
from photoreg.imaging.containers.formats import PhotoFormat, require_acceptable_size
from photoreg.imaging.containers.heif import Heif
from photoreg.imaging.containers.jpeg_container import JPEG
from photoreg.imaging.metadata import exiftool
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.metadata.xmp_editing import edit_packet
from photoreg.installation import install_command
from photoreg.texts import N_

_FIRST_TRANSPOSED: Final = 5  # from this orientation on, width and height are swapped
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"mif2", b"msf1"}
)
_MOVED: Final = frozenset({b"meta", b"mdat", b"free"})
"""The boxes that exiftool moves or rewrites."""


class _HeifContainer(Container[Heif]):
    """What HEIC and AVIF have in common."""

    metadata_places = ("Exif", "XMP", "its sidecar")
    standards = frozenset({Standard.XMP})
    rights_go_beside = True

    @property
    def copied_as(self) -> CopyContainer[Any]:
        """JPEG: few services display these formats."""
        return JPEG

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: Heif | None = None
    ) -> Heif:
        """Parse the boxes."""
        del head_only, similar
        return heif.split_heif(data, name)

    def blocks(self, file: PhotoFile[Heif]) -> Blocks:
        """Return the file's own metadata blocks, without its sidecar."""
        parts = file.parts
        return Blocks(
            parts.exif, xmp=parts.xmp, has_credentials=parts.has_credentials, turned=parts.turned
        )

    def size(self, file: PhotoFile[Heif]) -> tuple[int, int]:
        """Return width and height of the primary picture as stored."""
        return file.parts.size

    def coded_image(self, file: PhotoFile[Heif]) -> Iterator[Sequence[bytes]]:
        """Yield every coded picture and the properties that affect decoding."""
        return heif.coded_data(file.data, file.parts)

    def with_rights(self, file: PhotoFile[Heif], rights: OwnRights) -> bytes:
        """Return the file with the rights in its XMP packet, embedded by exiftool."""
        packet = next(iter(file.parts.xmp), b"")
        new = edit_packet(packet, rights.values())
        return file.data if new == packet else exiftool.embed_packet(file.data, new, file.name)

    def keeps_all_else(self, old: PhotoFile[Heif], new: PhotoFile[Heif]) -> bool:
        """Whether only the XMP packets and the locations of items differ."""
        return _unchangeable(old) == _unchangeable(new)

    def check_before_decoding(self, file: PhotoFile[Heif]) -> None:
        """Check the declared size, because the decoder would allocate all pixels first."""
        require_acceptable_size(file.parts.size, file.name)


class HeicContainer(_HeifContainer):
    """The HEIC container; pi-heif (LGPL wheels, decoding only) applies the orientation."""

    format: PhotoFormat = "HEIC"
    pillow_name = "HEIF"
    is_decoded_upright = True

    def recognises(self, data: bytes) -> bool:
        """Whether the brands include HEIC and not AVIF."""
        brands = _brands(data)
        return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS

    def require_decoder(self, name: str) -> None:
        """Register pi-heif with Pillow."""
        try:
            import pi_heif  # noqa: PLC0415 - only for such photos; some computers lack it
        except ImportError as error:
            raise PhotoFileError(
                N_("{file}: reading HEIC photos needs a part that is installed separately"),
                N_("Install it with: {command}  Or save the photo as JPEG."),
                file=name,
                command=install_command("pi-heif"),
            ) from error
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

    def stored_size(self, file: PhotoFile[Heif], decoded: tuple[int, int]) -> tuple[int, int]:
        """Return width and height before the decoder applied the orientation."""
        return decoded[::-1] if file.parts.turned >= _FIRST_TRANSPOSED else decoded


class AvifContainer(_HeifContainer):
    """The AVIF container; Pillow decodes it if built with AVIF support."""

    format: PhotoFormat = "AVIF"
    pillow_name = "AVIF"

    def recognises(self, data: bytes) -> bool:
        """Whether the brands include AVIF."""
        return bool(_brands(data) & _AVIF_BRANDS)

    def require_decoder(self, name: str) -> None:
        """Raise PhotoFileError unless Pillow was built with AVIF support."""
        from PIL import features  # noqa: PLC0415 - Pillow is loaded only for decoding

        if not features.check("avif"):
            raise PhotoFileError(
                N_("{file}: the installed Pillow cannot read AVIF photos"),
                N_("Install Pillow from its wheel, or save the photo as JPEG."),
                file=name,
            )


HEIC: Final = HeicContainer()
AVIF: Final = AvifContainer()


def _brands(data: bytes) -> frozenset[bytes]:
    """Return the major and compatible brands (14496-12, 4.3)."""
    if data[4:8] != b"ftyp":
        return frozenset()
    listed = data[16 : min(int.from_bytes(data[:4], "big"), 256)]
    return frozenset({data[8:12], *(listed[at : at + 4] for at in range(0, len(listed), 4))})


def _unchangeable(file: PhotoFile[Heif]) -> object:
    """Return everything that a metadata change must not touch."""
    data, parts = file.data, file.parts
    return (
        list(heif.coded_data(data, parts)),
        [data[box.place : box.end] for box in parts.boxes if box.kind not in _MOVED],
        (parts.primary, parts.size, parts.turned),
    )
