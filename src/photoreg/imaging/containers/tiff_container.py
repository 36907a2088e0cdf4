"""The TIFF container (TIFF 6.0): the file itself is its Exif block; tags hold XMP and IPTC.

Publishable copies become JPEG files.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import Container, CopyContainer, PhotoFile
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED, PhotoFormat
from photoreg.imaging.containers.jpeg_container import JPEG
from photoreg.imaging.containers.tiff_pages import coded_pages
from photoreg.imaging.metadata import exif, iptc, tiff
from photoreg.imaging.metadata.exif import (
    C2PA_TAG,
    IIM_TAG,
    IMAGE_RESOURCES_TAG,
    XMP_TAG,
    Exif,
    NewTag,
)
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import (
    OwnRights,
    changed_entries,
    iim_values,
    with_iim,
    with_resources,
)
from photoreg.imaging.metadata.xmp_editing import edit_packet

_HEADER: Final = 8
_KINDS: Final = {XMP_TAG: 1, IIM_TAG: 7, IMAGE_RESOURCES_TAG: 1}
"""The tags that hold XMP and IPTC, and the TIFF type that each is written with."""


class TiffContainer(Container[Exif]):
    """The TIFF container."""

    format: PhotoFormat = "TIFF"
    pillow_name = "TIFF"
    metadata_places = ("Exif", "XMP", "IPTC-IIM")
    standards = frozenset({Standard.XMP, Standard.EXIF})
    is_decoded_upright = True

    @property
    def copied_as(self) -> CopyContainer[Any]:
        """JPEG: browsers do not display TIFF."""
        return JPEG

    def recognises(self, data: bytes) -> bool:
        """Whether the data begin with a byte order mark and the number 42."""
        return data.startswith((b"II*\0", b"MM\0*"))

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: Exif | None = None
    ) -> Exif:
        """Read the IFDs that are used; damaged values are absent."""
        del name, head_only, similar
        return exif.read_exif(data)

    def blocks(self, file: PhotoFile[Exif]) -> Blocks:
        """Return the file itself as its Exif block, and the XMP and IPTC blocks of its tags."""
        raw = _other_standards(file)
        resources, _ = iptc.split_resources(raw.get(IMAGE_RESOURCES_TAG, b""))
        iim = [raw[IIM_TAG]] if IIM_TAG in raw else iptc.iim_blocks(resources)
        packets = (raw[XMP_TAG],) if XMP_TAG in raw else ()
        has_credentials = C2PA_TAG in file.parts.main
        return Blocks(file.data, tuple(iim), packets, has_credentials=has_credentials)

    def size(self, file: PhotoFile[Exif]) -> tuple[int, int]:
        """Return width and height from the first IFD; 0 where absent."""
        main = file.parts.main
        width, height = (exif.integer_value(main, t) for t in (exif.IMAGE_WIDTH, exif.IMAGE_HEIGHT))
        return width or 0, height or 0

    def coded_image(self, file: PhotoFile[Exif]) -> Iterator[Sequence[bytes]]:
        """Yield the data of every page with the tags that affect decoding."""
        return coded_pages(file.data, file.name)

    def with_rights(self, file: PhotoFile[Exif], rights: OwnRights) -> bytes:
        """Return the file with the rights in a new first IFD, appended at the end."""
        raw = _other_standards(file)
        new = {XMP_TAG: edit_packet(raw.get(XMP_TAG, b""), rights.values())}
        if IIM_TAG in raw:
            new[IIM_TAG] = with_iim(raw[IIM_TAG].rstrip(b"\0"), iim_values(rights), add=True)
        if IMAGE_RESOURCES_TAG in raw:
            new[IMAGE_RESOURCES_TAG] = with_resources(
                raw[IMAGE_RESOURCES_TAG], rights, add=False, outside=new.get(IIM_TAG, b"")
            )
        entries = changed_entries(file.data, rights)
        entries += [
            NewTag(tag, _KINDS[tag], content)
            for tag, content in new.items()
            if content.rstrip(b"\0") != raw.get(tag, b"").rstrip(b"\0")
        ]
        return tiff.with_tags(file.data, entries) if entries else file.data

    def keeps_all_else(self, old: PhotoFile[Exif], new: PhotoFile[Exif]) -> bool:
        """Whether all bytes are unchanged except the offset of the first IFD."""
        is_same_order = new.data[:4] == old.data[:4]
        return is_same_order and new.data.startswith(memoryview(old.data)[_HEADER:], _HEADER)

    def check_before_decoding(self, file: PhotoFile[Exif]) -> None:
        """Raise PhotoFileError for values larger than the file, which Pillow accepts."""
        if exif.claims_too_much(file.data):
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file.name)

    def stored_size(self, file: PhotoFile[Exif], decoded: tuple[int, int]) -> tuple[int, int]:
        """Return width and height from the tags, because Pillow has applied the orientation."""
        width, height = file.size
        return width or decoded[0], height or decoded[1]


TIFF: Final = TiffContainer()


def _other_standards(file: PhotoFile[Exif]) -> dict[int, bytes]:
    """Return the contents of the XMP and IPTC tags that are present."""
    main = file.parts.main
    return {tag: bytes(main[tag].raw) for tag in _KINDS if tag in main}
