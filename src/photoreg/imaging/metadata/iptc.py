"""Read and replace IPTC-IIM datasets in Photoshop's image resources, and decode their text.

A JPEG file keeps image resources ("8BIM" blocks) in APP13 segments, which make one row when they
are joined; resource 0x0404 holds the datasets of IIM, 0x0425 their MD5.
"""

import hashlib
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

IIM_RESOURCE: Final = 0x0404
DIGEST_RESOURCE: Final = 0x0425
SEGMENT_SIGNATURE: Final = b"Photoshop 3.0\0"
UTF8_ESCAPE: Final = b"\x1b%G"
CHARSET_DATASET: Final = (1, 90)

MAX_DATASETS: Final = 10_000

_LATIN1_ESCAPES: Final = frozenset({b"\x1b.A", b"\x1b-A", b"\x1b,A"})
_BINARY_DATASETS: Final = frozenset({0, 125, 200, 201, 202})
"""Datasets of record 2 that hold numbers or pictures: version, rasterized caption, preview."""

_EXTENDED_LENGTH: Final = 0x8000


class Resource(NamedTuple):
    """An image resource: its signature, number, name as it is stored, and content."""

    signature: bytes
    number: int
    name: bytes
    data: bytes

    def to_bytes(self) -> bytes:
        """Return the resource as it stands in a file."""
        head = self.signature + struct.pack(">H", self.number) + self.name
        return head + struct.pack(">I", len(self.data)) + self.data + bytes(len(self.data) % 2)


class Dataset(NamedTuple):
    """A dataset of IIM: record, number, content."""

    record: int
    number: int
    raw: bytes

    def to_bytes(self) -> bytes:
        """Return the dataset as it stands in a file."""
        size = len(self.raw)
        length = struct.pack(">H", size)
        if size >= _EXTENDED_LENGTH:
            length = struct.pack(">HI", _EXTENDED_LENGTH | 4, size)
        return bytes([0x1C, self.record, self.number]) + length + self.raw


def split_resources(block: bytes) -> tuple[list[Resource], bytes]:
    """Divide a row of image resources; what is not understood at the end is the second value."""
    found: list[Resource] = []
    place = 0
    while len(found) < MAX_DATASETS and block[place : place + 4] in {b"8BIM", b"MeSa", b"PHUT"}:
        name_at = place + 6
        if name_at >= len(block):
            break
        name_end = name_at + 1 + block[name_at]
        name_end += (name_end - name_at) % 2
        if name_end + 4 > len(block):
            break
        size = int.from_bytes(block[name_end : name_end + 4], "big")
        start = name_end + 4
        if start + size > len(block):
            break
        number = int.from_bytes(block[place + 4 : name_at], "big")
        signature, name = block[place : place + 4], block[name_at:name_end]
        found.append(Resource(signature, number, name, block[start : start + size]))
        place = min(start + size + size % 2, len(block))
    return found, block[place:]


def split_datasets(data: bytes) -> tuple[list[Dataset], bytes]:
    """Divide IIM data into datasets; what is not understood at the end is the second value."""
    found: list[Dataset] = []
    place = 0
    while len(found) < MAX_DATASETS and data[place : place + 1] == b"\x1c":
        if place + 5 > len(data):
            break
        size = int.from_bytes(data[place + 3 : place + 5], "big")
        start = place + 5
        if size & _EXTENDED_LENGTH:  # the length follows, in as many bytes as it says here
            digits = size & ~_EXTENDED_LENGTH
            if digits > 4:  # noqa: PLR2004 - no photo has more than four gigabytes
                break
            size = int.from_bytes(data[start : start + digits], "big")
            start += digits
        if start + size > len(data):
            break
        record, number = data[place + 1], data[place + 2]
        found.append(Dataset(record, number, data[start : start + size]))
        place = start + size
    return found, data[place:]


def iim_blocks(resources: Iterable[Resource]) -> list[bytes]:
    """Return the contents that hold IIM; Photoshop writes one, some programs leave two."""
    return [r.data for r in resources if r.signature == b"8BIM" and r.number == IIM_RESOURCE]


def record_2_texts(datasets: Sequence[Dataset]) -> dict[int, list[str]]:
    """Return the texts of record 2 by dataset number."""
    charset = coded_character_set(datasets)
    found: dict[int, list[str]] = {}
    for record, number, raw in datasets:
        if record == 2 and number not in _BINARY_DATASETS:  # noqa: PLR2004 - the application record
            found.setdefault(number, []).append(decode(raw, charset))
    return found


def coded_character_set(datasets: Iterable[Dataset]) -> bytes:
    """Return the character set that the datasets say they are written in, as its escape codes."""
    return next((d.raw for d in datasets if (d.record, d.number) == CHARSET_DATASET), b"")


def decode(raw: bytes, charset: bytes) -> str:
    """Return a text: in the character set that was said, else UTF-8, else Windows Latin."""
    raw = raw.rstrip(b"\0")
    if charset in _LATIN1_ESCAPES:
        return raw.decode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def truncated(text: str, limit: int) -> bytes:
    """Return a text as UTF-8 of at most `limit` bytes, cut between letters."""
    return text.encode()[:limit].decode(errors="ignore").encode()


def replace_datasets(
    datasets: Sequence[Dataset], wanted: Mapping[int, Sequence[bytes]], *, add: bool
) -> list[Dataset]:
    """Return the datasets in UTF-8, with the numbers of record 2 in `wanted` replaced.

    Without `add` they are only taken out. Every other dataset keeps its content, in its place;
    text in an older character set is written anew, or it would be read wrongly from now on.
    """
    charset = coded_character_set(datasets)
    kept = [_in_utf8(d, charset) for d in datasets if not _is_replaced(d, wanted)]
    envelope = [d for d in kept if d.record == 1]
    rest = [d for d in kept if d.record != 1]
    new = (
        [Dataset(2, number, raw) for number, raws in wanted.items() for raw in raws] if add else []
    )
    if add and not any((d.record, d.number) == (2, 0) for d in rest):
        new.insert(0, Dataset(2, 0, b"\0\4"))
    version = [d for d in rest if (d.record, d.number) == (2, 0)]
    others = [d for d in rest if (d.record, d.number) != (2, 0)]
    return [*_with_charset(envelope), *version, *new, *others]


def _is_replaced(dataset: Dataset, wanted: Collection[int]) -> bool:
    return dataset.record == 2 and dataset.number in wanted  # noqa: PLR2004


def _with_charset(envelope: Sequence[Dataset]) -> list[Dataset]:
    others = [d for d in envelope if (d.record, d.number) != CHARSET_DATASET]
    before = [d for d in others if d.number < CHARSET_DATASET[1]]
    after = [d for d in others if d.number > CHARSET_DATASET[1]]
    return [*before, Dataset(*CHARSET_DATASET, UTF8_ESCAPE), *after]


def _in_utf8(dataset: Dataset, charset: bytes) -> Dataset:
    if dataset.record != 2 or dataset.number in _BINARY_DATASETS or charset == UTF8_ESCAPE:  # noqa: PLR2004
        return dataset
    if dataset.raw.isascii():
        return dataset
    return dataset._replace(raw=decode(dataset.raw, charset).encode())


def iim_digest(data: bytes) -> bytes:
    """Return what resource 0x0425 must hold for IIM data."""
    return hashlib.md5(data, usedforsecurity=False).digest()
