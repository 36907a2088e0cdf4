"""Write the registry's rights into Exif and IPTC-IIM blocks, and check what is read back.

Each writing function returns its input unchanged if it holds the rights already.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from photoreg.imaging.metadata import exif, iptc, tiff
from photoreg.imaging.metadata.exif import NewTag, clean_text
from photoreg.imaging.metadata.fields import (
    FIELDS,
    VALUE_SEPARATOR,
    Field,
    Mining,
    Release,
    Standard,
    XmpForm,
)
from photoreg.imaging.metadata.reading import Metadata
from photoreg.imaging.metadata.xmp import XmpError
from photoreg.texts import N_

_OWN_DOCUMENT: Final = re.compile(r"C-\d+")
"""The id of a consent in the registry, which tells our release documents from others."""


@dataclass(frozen=True, slots=True)
class OwnRights:
    """The rights that the registry holds for a photo; an empty text leaves the file's value as is.

    Names of people shown are never included. `release` is never `UNLIMITED`, because consents are
    limited to channels.
    """

    organisation: str
    registry_id: str
    photographers: tuple[str, ...] = ()
    copyright: str = ""
    credit: str = ""
    terms: str = ""
    licence_url: str = ""
    licensor: str = ""
    licensor_url: str = ""
    release: Release | None = None
    release_ids: tuple[str, ...] = ()
    data_mining: Mining | None = None

    def values(self) -> dict[Field, tuple[str, ...]]:
        """Return the cleaned texts to write by field, without empty fields.

        For a structure they are its `parts` in order.
        """
        texts = {
            "photographer": self.photographers,
            "copyright": (self.copyright,),
            "credit": (self.credit,),
            "terms": (self.terms,),
            "licence_url": (self.licence_url,),
            "release": (self.release or "",),
            "release_ids": self.release_ids,
            "data_mining": (self.data_mining or "",),
        }
        cleaned = {name: tuple(filter(None, map(clean_text, all_))) for name, all_ in texts.items()}
        structures = {
            "licensor": (self.licensor, self.licensor_url),
            "registry_id": (self.organisation, self.registry_id),
        }
        cleaned |= {
            n: tuple(map(clean_text, all_)) for n, all_ in structures.items() if all(all_[:1])
        }
        return {FIELDS[name]: values for name, values in cleaned.items() if any(values)}

    def with_other_releases(self, metadata: Metadata) -> "OwnRights":
        """Return the rights with the release documents of other programs that the file names."""
        present = metadata.fields["release_ids"].values[Standard.XMP]
        others = tuple(text for text in present if not _OWN_DOCUMENT.fullmatch(text))
        return replace(self, release_ids=(*others, *self.release_ids)) if others else self


def rights_in_metadata(metadata: Metadata) -> OwnRights:
    """Return the rights in a file's own metadata, for a copy without other metadata."""
    present = metadata.fields

    def values(name: str) -> tuple[str, ...]:
        found = present[name]
        return tuple(found.values[found.counts]) if found.counts else ()

    return OwnRights(
        organisation="",
        registry_id="",
        photographers=values("photographer"),
        copyright=metadata.text("copyright"),
        credit=metadata.text("credit"),
        terms=metadata.text("terms"),
        licence_url=metadata.text("licence_url"),
        licensor=next(iter(values("licensor")), ""),
        licensor_url=next(iter(values("licensor_url")), ""),
        release=next((r for r in Release if r == metadata.release), None),
        release_ids=values("release_ids"),
        data_mining=next((m for m in Mining if m == metadata.text("data_mining")), None),
    )


def expected_texts(
    rights: OwnRights, standards: Collection[Standard]
) -> dict[Field, dict[Standard, str]]:
    """Return the texts that must be read back after writing, by field and standard."""
    return {
        field: {
            standard: text
            for standard, text in _texts_by_standard(field, texts).items()
            if standard in standards
        }
        for field, texts in rights.values().items()
        if field.xmp.form is not XmpForm.STRUCTS
    }


def _texts_by_standard(field: Field, texts: Sequence[str]) -> dict[Standard, str]:
    """Return a value as stored in each standard that has the field."""
    found = {Standard.XMP: VALUE_SEPARATOR.join(texts)}
    if field.exif:
        found[Standard.EXIF] = VALUE_SEPARATOR.join(texts)
    if field.iim:
        found[Standard.IPTC] = VALUE_SEPARATOR.join(
            raw.decode() for raw in _iim_texts(field, texts)
        )
    return found


def expected_parts(rights: OwnRights) -> dict[Field, str]:
    """Return the texts that must be among those read back from arrays of structures."""
    written = {field.xmp: texts for field, texts in rights.values().items() if field.xmp.parts}
    return {
        field: text
        for field in FIELDS.values()
        for tag, texts in written.items()
        if field.xmp.key == tag.key and field.xmp.part in tag.parts
        if (text := texts[tag.parts.index(field.xmp.part)])
    }


def has_rights(metadata: Metadata, rights: OwnRights, standards: Collection[Standard]) -> bool:
    """Whether the metadata hold the rights in these standards."""
    wanted = expected_texts(rights, standards)
    return (
        not metadata.damaged
        and all(
            metadata.fields[field.name].text_in(standard) == text
            for field, texts in wanted.items()
            for standard, text in texts.items()
        )
        and all(
            text in metadata.fields[field.name].values[Standard.XMP]
            for field, text in expected_parts(rights).items()
        )
    )


def _exif_texts(rights: OwnRights) -> dict[int, str]:
    return {f.exif: VALUE_SEPARATOR.join(texts) for f, texts in rights.values().items() if f.exif}


def with_exif(block: bytes, rights: OwnRights) -> bytes:
    """Return an Exif block or a TIFF file with the rights in its first IFD."""
    entries = changed_entries(block, rights)
    return tiff.with_tags(block, entries) if entries else block


def changed_entries(block: bytes, rights: OwnRights) -> list[NewTag]:
    """Return the tags of a block or TIFF file that differ from the rights."""
    found = exif.read_exif(block)
    present = {exif.COPYRIGHT: exif.copyright_notice(found.main)}
    return [
        exif.ascii_entry(tag, text)
        for tag, text in _exif_texts(rights).items()
        if present.get(tag, exif.text_value(found.main, tag)) != text
    ]


def new_exif_block(
    rights: OwnRights, size: tuple[int, int], *, is_srgb: bool, orientation: int = 1
) -> bytes:
    """Return a new Exif block for a photo of this size; empty if there are no tags to write."""
    entries = [exif.ascii_entry(tag, text) for tag, text in _exif_texts(rights).items()]
    if orientation != 1:
        entries.append(exif.short_entry(exif.ORIENTATION, orientation))
    return exif.fresh_exif(entries, size, is_srgb=is_srgb) if entries else b""


def _iim_texts(field: Field, texts: Sequence[str]) -> list[bytes]:
    limit = field.iim.limit if field.iim else 0
    return [iptc.truncated(text, limit).rstrip() for text in texts]


def iim_values(rights: OwnRights) -> dict[int, list[bytes]]:
    """Return the datasets of record 2 by number, truncated to the maximum length of each."""
    values = rights.values().items()
    return {f.iim.numbers[0]: _iim_texts(f, texts) for f, texts in values if f.iim}


def with_iim(block: bytes, wanted: Mapping[int, Sequence[bytes]], *, add: bool) -> bytes:
    """Return IIM data with the wanted datasets; unchanged if they are present."""
    datasets, rest = iptc.split_datasets(block)
    present = {n: [d.raw for d in datasets if (d.record, d.number) == (2, n)] for n in wanted}
    is_there = iptc.coded_character_set(datasets) == iptc.UTF8_ESCAPE and present == dict(wanted)
    if is_there or not (add or any(present.values())):
        return block
    new = iptc.replace_datasets(datasets, wanted, add=add)
    return b"".join(dataset.to_bytes() for dataset in new) + rest


def with_resources(block: bytes, rights: OwnRights, *, add: bool, outside: bytes = b"") -> bytes:
    """Return image resources with the rights; without `add` only existing IIM data are updated.

    `outside` is the IIM data that a TIFF file stores in a separate tag.
    """
    wanted = iim_values(rights)
    resources, rest = iptc.split_resources(block)
    if rest.strip(b"\0"):
        raise XmpError(
            N_("{file}: its IPTC data is damaged, at byte {offset}"), len(block) - len(rest)
        )
    places = [index for index, r in enumerate(resources) if _is_iim(r)]
    if not wanted or not (places or add or outside):
        return block
    if add and not places:
        resources.append(iptc.Resource(b"8BIM", iptc.IIM_RESOURCE, b"\0\0", b""))
        places = [len(resources) - 1]
    for number, index in enumerate(places):
        data = with_iim(resources[index].data, wanted, add=number == 0)
        resources[index] = resources[index]._replace(data=data)
    first = resources[places[0]].data if places else outside
    fresh = [_updated_digest(resource, first) for resource in resources]
    if fresh == iptc.split_resources(block)[0]:
        return block
    return b"".join(resource.to_bytes() for resource in fresh)


def _is_iim(resource: iptc.Resource) -> bool:
    return resource.signature == b"8BIM" and resource.number == iptc.IIM_RESOURCE


def _updated_digest(resource: iptc.Resource, iim: bytes) -> iptc.Resource:
    """Return a digest resource updated for these IIM data; any other resource unchanged."""
    if resource.signature != b"8BIM" or resource.number != iptc.DIGEST_RESOURCE:
        return resource
    return resource._replace(data=iptc.iim_digest(iim))
