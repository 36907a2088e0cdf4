"""HEIC and AVIF files (ISO/IEC 14496-12 and 23008-12): read here, changed by exiftool alone.

Their rights go into a sidecar, because nothing at hand changes such a file safely; copies for
publication become JPEG files.
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
from photoreg.texts import N_

_FIRST_TRANSPOSED: Final = 5  # from this orientation on, width and height change places
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"mif2", b"msf1"}
)
_MOVED: Final = frozenset({b"meta", b"mdat", b"free"})
"""The boxes that exiftool moves or writes anew."""


class _HeifContainer(Container[Heif]):
    """What HEIC and AVIF have in common."""

    metadata_places = ("Exif", "XMP", "its sidecar")
    standards = frozenset({Standard.XMP})
    rights_go_beside = True

    @property
    def copied_as(self) -> CopyContainer[Any]:
        """JPEG: few services show these formats."""
        return JPEG

    def divide(self, data: bytes, name: str, *, head_only: bool, alike: Heif | None = None) -> Heif:
        """Read the tables of a file."""
        del head_only, alike
        return heif.split_heif(data, name)

    def blocks(self, file: PhotoFile[Heif]) -> Blocks:
        """Return the metadata blocks of the file itself, without its sidecar."""
        parts = file.parts
        return Blocks(
            parts.exif, xmp=parts.xmp, has_credentials=parts.has_credentials, turned=parts.turned
        )

    def size(self, file: PhotoFile[Heif]) -> tuple[int, int]:
        """Return width and height of the primary picture as stored."""
        return file.parts.size

    def coded_image(self, file: PhotoFile[Heif]) -> Iterator[Sequence[bytes]]:
        """Give every coded picture, with the settings of the decoder."""
        return heif.coded_data(file.data, file.parts)

    def with_rights(self, file: PhotoFile[Heif], rights: OwnRights) -> bytes:
        """Return the file with the rights in its XMP packet, put there by exiftool."""
        packet = next(iter(file.parts.xmp), b"")
        new = edit_packet(packet, rights.values())
        return file.data if new == packet else exiftool.embed_packet(file.data, new, file.name)

    def keeps_all_else(self, old: PhotoFile[Heif], new: PhotoFile[Heif]) -> bool:
        """Whether all is the same but the places of items, and the XMP packets."""
        return _unchangeable(old) == _unchangeable(new)

    def check_before_decoding(self, file: PhotoFile[Heif]) -> None:
        """Refuse a size that is too large, since the decoder would make all the pixels first."""
        require_acceptable_size(file.parts.size, file.name)


class HeicContainer(_HeifContainer):
    """The container of HEIC, decoded upright by pi-heif (LGPL wheels that only decode)."""

    format: PhotoFormat = "HEIC"
    pillow_name = "HEIF"
    is_decoded_upright = True

    def recognises(self, data: bytes) -> bool:
        """Whether a file can be read as HEIC, and not as AVIF as well."""
        brands = _brands(data)
        return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS

    def require_decoder(self, name: str) -> None:
        """Register pi-heif with Pillow."""
        try:
            import pi_heif  # noqa: PLC0415 - an extra, which many do not need
        except ImportError as error:
            raise PhotoFileError(
                N_("{file}: reading HEIC photos needs a part that is installed separately"),
                N_("Install it with: pip install 'photoreg[heic]'. Or save the photo as JPEG."),
                file=name,
            ) from error
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

    def stored_size(self, file: PhotoFile[Heif], decoded: tuple[int, int]) -> tuple[int, int]:
        """Return width and height as they were before the decoder turned the image."""
        return decoded[::-1] if file.parts.turned >= _FIRST_TRANSPOSED else decoded


class AvifContainer(_HeifContainer):
    """The container of AVIF, which Pillow decodes where it was built so."""

    format: PhotoFormat = "AVIF"
    pillow_name = "AVIF"

    def recognises(self, data: bytes) -> bool:
        """Whether a file can be read as AVIF."""
        return bool(_brands(data) & _AVIF_BRANDS)

    def require_decoder(self, name: str) -> None:
        """Make sure that Pillow was built with AVIF."""
        from PIL import features  # noqa: PLC0415 - only what decodes loads Pillow

        if not features.check("avif"):
            raise PhotoFileError(
                N_("{file}: the installed Pillow cannot read AVIF photos"),
                N_("Install Pillow from its wheel, or save the photo as JPEG."),
                file=name,
            )


HEIC: Final = HeicContainer()
AVIF: Final = AvifContainer()


def _brands(data: bytes) -> frozenset[bytes]:
    """Return the brands that a file can be read as, the first one foremost (14496-12, 4.3)."""
    if data[4:8] != b"ftyp":
        return frozenset()
    listed = data[16 : min(int.from_bytes(data[:4], "big"), 256)]
    return frozenset({data[8:12], *(listed[at : at + 4] for at in range(0, len(listed), 4))})


def _unchangeable(file: PhotoFile[Heif]) -> object:
    """Return everything that no change of metadata may touch."""
    data, parts = file.data, file.parts
    return (
        list(heif.coded_data(data, parts)),
        [data[box.place : box.end] for box in parts.boxes if box.kind not in _MOVED],
        (parts.primary, parts.size, parts.turned),
    )
