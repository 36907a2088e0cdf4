"""Read and replace IPTC-IIM datasets in Photoshop image resources, and decode their text.

A JPEG file stores image resources ("8BIM" blocks) in APP13 segments, whose contents are
concatenated; resource 0x0404 holds the IIM datasets, 0x0425 their MD5.
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
"""Datasets of record 2 with binary content: version, rasterized caption, preview."""

_EXTENDED_LENGTH: Final = 0x8000


class Resource(NamedTuple):
    """An image resource: its signature, its id, its encoded name, and its content."""

    signature: bytes
    number: int
    name: bytes
    data: bytes

    def to_bytes(self) -> bytes:
        """Return the encoded resource."""
        head = self.signature + struct.pack(">H", self.number) + self.name
        return head + struct.pack(">I", len(self.data)) + self.data + bytes(len(self.data) % 2)


class Dataset(NamedTuple):
    """An IIM dataset: record, number, content."""

    record: int
    number: int
    raw: bytes

    def to_bytes(self) -> bytes:
        """Return the encoded dataset."""
        size = len(self.raw)
        length = struct.pack(">H", size)
        if size >= _EXTENDED_LENGTH:
            length = struct.pack(">HI", _EXTENDED_LENGTH | 4, size)
        return bytes([0x1C, self.record, self.number]) + length + self.raw


def split_resources(block: bytes) -> tuple[list[Resource], bytes]:
    """Return the image resources of a block, and the unparsed rest."""
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
    """Return the datasets of IIM data, and the unparsed rest."""
    found: list[Dataset] = []
    place = 0
    while len(found) < MAX_DATASETS and data[place : place + 1] == b"\x1c":
        if place + 5 > len(data):
            break
        size = int.from_bytes(data[place + 3 : place + 5], "big")
        start = place + 5
        if size & _EXTENDED_LENGTH:  # extended: the number of length bytes, then the length
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
    """Return the IIM blocks; Photoshop writes one, some programs leave two."""
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
    """Return the escape sequence of the declared character set; empty if absent."""
    return next((d.raw for d in datasets if (d.record, d.number) == CHARSET_DATASET), b"")


def decode(raw: bytes, charset: bytes) -> str:
    """Decode a text as Latin-1 if declared, else as UTF-8, else as Windows-1252."""
    raw = raw.rstrip(b"\0")
    if charset in _LATIN1_ESCAPES:
        return raw.decode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def truncated(text: str, limit: int) -> bytes:
    """Return a text as at most `limit` bytes of UTF-8, without a partial character."""
    return text.encode()[:limit].decode(errors="ignore").encode()


def replace_datasets(
    datasets: Sequence[Dataset], wanted: Mapping[int, Sequence[bytes]], *, add: bool
) -> list[Dataset]:
    """Return the datasets in UTF-8, with the datasets of record 2 in `wanted` replaced.

    Without `add` they are only removed. Every other dataset keeps its content and order; text in
    another character set is re-encoded, because the declared character set changes.
    """
    charset = coded_character_set(datasets)
    remaining = [_in_utf8(d, charset) for d in datasets if not _is_replaced(d, wanted)]
    envelope = [d for d in remaining if d.record == 1]
    rest = [d for d in remaining if d.record != 1]
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
    """Return the digest of IIM data for resource 0x0425."""
    return hashlib.md5(data, usedforsecurity=False).digest()
