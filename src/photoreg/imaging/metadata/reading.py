"""Read a photo's metadata in Exif, IPTC-IIM and XMP.

Each field holds its value in every standard, which one takes precedence (XMP, then IPTC, then
Exif), and whether they disagree.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Final

from photoreg.imaging.metadata import exif, iptc, xmp
from photoreg.imaging.metadata.exif import MAX_TEXT, Exif, clean_text
from photoreg.imaging.metadata.fields import (
    FIELDS,
    IIM_LOCATION_DATASETS,
    VALUE_SEPARATOR,
    XMP_LOCATION_PROPERTIES,
    Field,
    Standard,
    XmpForm,
)

EXTENDED_XMP_PROPERTY: Final = "{http://ns.adobe.com/xmp/note/}HasExtendedXMP"

MAX_PACKETS: Final = 4
MAX_VALUES: Final = 100
"""How many values of one field are read; no genuine photo has more photographers."""

_GUID_LENGTH: Final = 32
_DATE: Final = re.compile(r"(\d{4})\D?(\d\d)\D?(\d\d)(?:\D?(\d\d)\D?(\d\d)\D?(\d\d))?")


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The cleaned values of one field in each standard."""

    field: Field
    values: Mapping[Standard, tuple[str, ...]]

    @property
    def counts(self) -> Standard | None:
        """The first standard in precedence that has a value, or None."""
        return next((standard for standard in Standard if self.values.get(standard)), None)

    @property
    def text(self) -> str:
        """The effective value."""
        return self.text_in(self.counts) if self.counts else ""

    @property
    def disagrees(self) -> bool:
        """Whether two standards differ, apart from values that IPTC truncates."""
        present = [standard for standard in Standard if self.values.get(standard)]
        return not all(self._agree(one, other) for one, other in combinations(present, 2))

    def text_in(self, standard: Standard) -> str:
        """Return the values in one standard, joined."""
        return VALUE_SEPARATOR.join(self.values.get(standard, ()))

    def _agree(self, one: Standard, other: Standard) -> bool:
        first, second = self._comparable(one), self._comparable(other)
        if self.field.is_date:  # a standard may hold the day alone
            return first.startswith(second) or second.startswith(first)
        if first == second or self.field.iim is None or Standard.IPTC not in {one, other}:
            return first == second
        short, whole = (first, second) if one is Standard.IPTC else (second, first)
        pieces, names = short.split(VALUE_SEPARATOR), whole.split(VALUE_SEPARATOR)
        limit = self.field.iim.limit
        return len(pieces) == len(names) and all(
            iptc.truncated(name, limit).decode().strip() == piece
            for name, piece in zip(names, pieces, strict=True)
        )

    def _comparable(self, standard: Standard) -> str:
        text = self.text_in(standard)
        if not self.field.is_date:
            return " ".join(text.casefold().split())
        match = _DATE.search(text)
        return "".join(part or "" for part in match.groups()) if match else text


@dataclass(frozen=True, slots=True)
class Blocks:
    """The raw metadata blocks of a file in any container."""

    exif: bytes = b""
    iim: tuple[bytes, ...] = ()
    xmp: tuple[bytes, ...] = ()
    extension: tuple[bytes, ...] = ()
    has_credentials: bool = False
    turned: int | None = None
    """The orientation of a HEIC or AVIF image, which overrides the Exif tag."""


@dataclass(frozen=True)
class Metadata:
    """The metadata of a photo; `damaged` lists the standards that could not be parsed."""

    exif: Exif
    fields: Mapping[str, FieldValues]
    has_place: bool
    has_credentials: bool
    damaged: tuple[Standard, ...] = ()
    orientation: int | None = None
    names: frozenset[str] = field(default=frozenset())

    @cached_property
    def disagreements(self) -> tuple[FieldValues, ...]:
        """The fields in which the standards differ."""
        return tuple(found for found in self.fields.values() if found.disagrees)

    def text(self, name: str) -> str:
        """Return the effective value of a field, up to `MAX_TEXT` characters; empty if absent."""
        return self.fields[name].text[:MAX_TEXT]

    @property
    def licence_url(self) -> str:
        """The URL of the licence or of a page about it."""
        return self.text("licence_url")

    @property
    def release(self) -> str:
        """The PLUS model release status as a whole URL; empty if absent."""
        return self.text("release")


def parse_metadata(blocks: Blocks) -> Metadata:
    """Parse the metadata blocks of a file."""
    found = exif.read_exif(blocks.exif)
    iim, iim_is_damaged = _read_iim(blocks.iim)
    properties, xmp_is_damaged = _read_xmp(blocks)
    damaged = [Standard.XMP] * xmp_is_damaged + [Standard.IPTC] * iim_is_damaged
    return Metadata(
        exif=found,
        fields=_Fields(found, iim, properties),
        has_place=_has_location(found, iim, properties),
        has_credentials=blocks.has_credentials,
        damaged=tuple(damaged),
        orientation=exif.orientation_of(found) if blocks.turned is None else blocks.turned,
        names=frozenset(properties),
    )


class _Fields(Mapping[str, FieldValues]):
    """The fields, each read on first use, because registering needs only a few."""

    def __init__(self, found: Exif, iim: Mapping[int, list[str]], properties: "Properties") -> None:
        self._exif, self._iim, self._properties = found, iim, properties
        self._known: dict[str, FieldValues] = {}

    def __getitem__(self, name: str) -> FieldValues:
        if name not in self._known:
            each = FIELDS[name]
            values = {
                Standard.XMP: _cleaned(_xmp_values(self._properties, each)),
                Standard.IPTC: _cleaned(_iim_values(self._iim, each)),
                Standard.EXIF: _cleaned(_exif_values(self._exif, each)),
            }
            self._known[name] = FieldValues(each, values)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(FIELDS)

    def __len__(self) -> int:
        return len(FIELDS)


def _read_iim(blocks: Iterable[bytes]) -> tuple[dict[int, list[str]], bool]:
    """Return the texts of record 2, each from the first block with the dataset, and any damage."""
    found: dict[int, list[str]] = {}
    is_damaged = False
    for block in blocks:
        datasets, rest = iptc.split_datasets(block)
        is_damaged |= bool(rest.strip(b"\0"))
        for number, values in iptc.record_2_texts(datasets).items():
            found.setdefault(number, values)
    return found, is_damaged


Properties = Mapping[str, Sequence[xmp.Node | str]]


def _read_xmp(blocks: Blocks) -> tuple[Properties, bool]:
    """Return the properties, each from the first packet that has it, and whether any is damaged."""
    found: dict[str, list[xmp.Node | str]] = {}
    is_damaged = False
    packets = list(blocks.xmp[:MAX_PACKETS])
    room = xmp.MAX_PACKET
    for raw in packets:
        try:
            packet = xmp.parse_packet(raw, room)
            room -= len(raw)
        except xmp.XmpError:
            is_damaged = True
            continue
        own: dict[str, list[xmp.Node | str]] = {}
        for name, value in packet.properties():
            own.setdefault(name, []).append(value)
        for name, values in own.items():
            found.setdefault(name, values)
        if blocks.extension and EXTENDED_XMP_PROPERTY in own and len(packets) <= MAX_PACKETS:
            guid = xmp.property_texts(own[EXTENDED_XMP_PROPERTY][0])[0]
            extension = join_extended_xmp(blocks.extension, guid)
            is_damaged |= not extension
            packets += [extension] if extension else []
    return found, is_damaged


def join_extended_xmp(parts: Iterable[bytes], guid: str) -> bytes:
    """Return the extended packet of this GUID; empty unless it is complete."""
    whole = bytearray()
    missing = 0
    for part in parts:
        name, rest = part[:_GUID_LENGTH], part[_GUID_LENGTH:]
        if name != guid.encode() or len(rest) < 8:  # noqa: PLR2004 - two numbers of 32 bits
            continue
        length, place = int.from_bytes(rest[:4], "big"), int.from_bytes(rest[4:8], "big")
        if not whole:
            if not 0 < length <= xmp.MAX_PACKET:
                return b""
            whole = bytearray(length)
            missing = length
        content = rest[8 : 8 + max(0, len(whole) - place)]
        whole[place : place + len(content)] = content
        missing -= len(content)
    return b"" if missing > 0 else bytes(whole)


def _xmp_values(properties: Properties, wanted: Field) -> list[str]:
    tag = wanted.xmp
    values = properties.get(tag.key, ())
    if tag.part:
        return [text for value in values for text in xmp.field_texts(value, tag.part_key)]
    texts = [text for value in values for text in xmp.property_texts(value)]
    return texts if tag.form in {XmpForm.SEQ, XmpForm.BAG} else texts[:1]


def _iim_values(iim: Mapping[int, list[str]], wanted: Field) -> list[str]:
    if wanted.iim is None:
        return []
    if wanted.is_date:  # day and time are separate datasets
        return [" ".join(iim[number][0] for number in wanted.iim.numbers if number in iim)]
    return iim.get(wanted.iim.numbers[0], [])


def _exif_values(found: Exif, wanted: Field) -> list[str]:
    if wanted.exif is None:
        return []
    if wanted.exif == exif.COPYRIGHT:
        return [exif.copyright_notice(found.main)]
    directory = found.camera if wanted.exif == exif.DATE_TIME_ORIGINAL else found.main
    return [exif.text_value(directory, wanted.exif)]


def _cleaned(values: Sequence[str]) -> tuple[str, ...]:
    cut = (value[: 2 * MAX_TEXT] for value in values[:MAX_VALUES])
    return tuple(text for value in cut if (text := clean_text(value)))


def _has_location(found: Exif, iim: Mapping[int, list[str]], properties: Properties) -> bool:
    """Whether any standard holds a location; a GPS IFD with only its version does not count."""
    in_exif = any(tag != exif.GPS_VERSION for tag in found.gps)
    in_iim = any(text.strip() for number in IIM_LOCATION_DATASETS for text in iim.get(number, ()))
    return (
        in_exif
        or in_iim
        or any(_has_content(properties.get(name)) for name in XMP_LOCATION_PROPERTIES)
    )


def _has_content(values: Sequence[xmp.Node | str] | None) -> bool:
    return any(_has_text(value) for value in values or ())


def _has_text(value: xmp.Node | str) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    names = [name for name in value.attributes if not name.startswith(f"{{{xmp.XML}}}")]
    own = any(value.attributes[name].strip() for name in names)
    return own or bool(value.text.strip()) or any(map(_has_text, value.children))
