"""A photo's file in its parts: one of megabytes is divided once, for all that looks at it."""

from functools import cached_property

from photoreg.photos import jpeg
from photoreg.photos.formats import recognise
from photoreg.photos.jpeg import Jpeg
from photoreg.photos.metadata import Blocks, blocks_of, jpeg_blocks


class Divided:
    """A file and what it is divided into; `file` is its name for error messages.

    `alike` is a JPEG that may hold the same image (`jpeg.split_jpeg`).
    """

    def __init__(self, data: bytes, file: str, *, alike: Jpeg | None = None) -> None:
        self.data, self.file = data, file
        self.kind = recognise(data, file)
        self._alike = alike

    @cached_property
    def jpeg(self) -> Jpeg:
        """The segments of a JPEG."""
        return jpeg.split_jpeg(self.data, self.file, alike=self._alike)

    @cached_property
    def blocks(self) -> Blocks:
        """The metadata blocks."""
        if self.kind == "JPEG":
            return jpeg_blocks(self.jpeg)
        return blocks_of(self.data, self.kind, self.file)

    def remade(self, data: bytes) -> "Divided":
        """Return the parts of a file that was made of this one."""
        return Divided(data, self.file, alike=self.jpeg if self.kind == "JPEG" else None)
