"""The table of metadata fields and their tags in Exif, IPTC-IIM and XMP.

Exif is CIPA DC-008, IIM is IPTC-NAA IIM 4.2 (record and dataset), XMP is ISO 16684-1 with the
properties of IPTC Photo Metadata and PLUS. Reading, writing, `metadata show` and docs/metadata.md
all use this table.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from photoreg.imaging.metadata import exif
from photoreg.texts import N_

DC: Final = "http://purl.org/dc/elements/1.1/"
XMP_RIGHTS: Final = "http://ns.adobe.com/xap/1.0/rights/"
PHOTOSHOP: Final = "http://ns.adobe.com/photoshop/1.0/"
PLUS: Final = "http://ns.useplus.org/ldf/xmp/1.0/"
IPTC_EXT: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
IPTC_CORE: Final = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
XMP_EXIF: Final = "http://ns.adobe.com/exif/1.0/"
DJI_DRONE: Final = "http://www.dji.com/drone-dji/1.0/"

PREFIXES: Final = {
    DC: "dc",
    XMP_RIGHTS: "xmpRights",
    PHOTOSHOP: "photoshop",
    PLUS: "plus",
    IPTC_EXT: "Iptc4xmpExt",
    IPTC_CORE: "Iptc4xmpCore",
}
"""The standard prefixes of the namespaces."""

PLUS_VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"
"""The start of PLUS values, which are stored as whole URLs."""

VALUE_SEPARATOR: Final = "; "
"""The separator of several values in a field with a single text."""


class Standard(StrEnum):
    """A metadata standard; values of an earlier member take precedence."""

    XMP = "XMP"
    IPTC = "IPTC"
    EXIF = "Exif"


class XmpForm(StrEnum):
    """The form of a value in XMP."""

    TEXT = "text"
    ALT = "Alt"
    SEQ = "Seq"
    BAG = "Bag"
    STRUCTS = "structures"


class Release(StrEnum):
    """PLUS model release status: the combined consent of the people shown."""

    NONE = PLUS_VOCABULARY + "MR-NON"
    NOT_APPLICABLE = PLUS_VOCABULARY + "MR-NAP"
    UNLIMITED = PLUS_VOCABULARY + "MR-UMR"
    LIMITED = PLUS_VOCABULARY + "MR-LMR"


class Mining(StrEnum):
    """PLUS data mining: whether the image may be used for training."""

    UNSPECIFIED = PLUS_VOCABULARY + "DMI-UNSPECIFIED"
    ALLOWED = PLUS_VOCABULARY + "DMI-ALLOWED"
    ONLY_FOR_SEARCH = PLUS_VOCABULARY + "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
    PROHIBITED = PLUS_VOCABULARY + "DMI-PROHIBITED"


@dataclass(frozen=True, slots=True)
class XmpTag:
    """An XMP property; `part` is the field of a structure that holds the value.

    For structures that are written, `parts` lists all written fields; the first identifies the
    structure as ours.
    """

    namespace: str
    name: str
    form: XmpForm = XmpForm.TEXT
    part: str = ""
    parts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The property's expanded XML name."""
        return f"{{{self.namespace}}}{self.name}"

    @property
    def part_key(self) -> str:
        """The expanded XML name of the structure field."""
        return self.key_of(self.part)

    def key_of(self, part: str) -> str:
        """Return the expanded XML name of a structure field."""
        return f"{{{self.namespace}}}{part}"

    def __str__(self) -> str:
        name = f"{PREFIXES[self.namespace]}:{self.name}"
        return f"{name}/{self.part}" if self.part else name


@dataclass(frozen=True, slots=True)
class IimTag:
    """The datasets of record 2 that form the value, and the maximum length of each in bytes."""

    numbers: tuple[int, ...]
    limit: int

    def __str__(self) -> str:
        return "+".join(f"2:{number:02}" for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Field:
    """A metadata field and its tags; `holds_names` hides its values from users without access."""

    name: str
    title: str
    xmp: XmpTag
    iim: IimTag | None = None
    exif: int | None = None
    exif_name: str = ""
    is_written: bool = False
    holds_names: bool = False
    is_date: bool = False


LICENSOR_FIELDS: Final = ("LicensorName", "LicensorURL")

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        Field(
            "photographer",
            N_("photographer"),
            XmpTag(DC, "creator", XmpForm.SEQ),
            IimTag((80,), 32),
            exif.ARTIST,
            "Artist",
            is_written=True,
            holds_names=True,
        ),
        Field(
            "copyright",
            N_("copyright notice"),
            XmpTag(DC, "rights", XmpForm.ALT),
            IimTag((116,), 128),
            exif.COPYRIGHT,
            "Copyright",
            is_written=True,
            holds_names=True,
        ),
        Field(
            "owner",
            N_("copyright owner"),
            XmpTag(XMP_RIGHTS, "Owner", XmpForm.BAG),
            holds_names=True,
        ),
        Field(
            "plus_owner",
            N_("copyright owner (PLUS)"),
            XmpTag(PLUS, "CopyrightOwner", XmpForm.STRUCTS, "CopyrightOwnerName"),
            holds_names=True,
        ),
        Field("marked", N_("in copyright"), XmpTag(XMP_RIGHTS, "Marked")),
        Field(
            "credit",
            N_("credit line"),
            XmpTag(PHOTOSHOP, "Credit"),
            IimTag((110,), 32),
            is_written=True,
            holds_names=True,
        ),
        Field(
            "terms",
            N_("terms of use"),
            XmpTag(XMP_RIGHTS, "UsageTerms", XmpForm.ALT),
            is_written=True,
        ),
        Field(
            "licence_url",
            N_("address of the licence"),
            XmpTag(XMP_RIGHTS, "WebStatement"),
            is_written=True,
        ),
        Field(
            "licensor",
            N_("who gives licences"),
            XmpTag(PLUS, "Licensor", XmpForm.STRUCTS, "LicensorName", LICENSOR_FIELDS),
            is_written=True,
            holds_names=True,
        ),
        Field(
            "licensor_url",
            N_("where to get a licence"),
            XmpTag(PLUS, "Licensor", XmpForm.STRUCTS, "LicensorURL", LICENSOR_FIELDS),
            is_written=True,
        ),
        Field(
            "release",
            N_("release of the people shown"),
            XmpTag(PLUS, "ModelReleaseStatus"),
            is_written=True,
        ),
        Field(
            "release_ids",
            N_("documents of the release"),
            XmpTag(PLUS, "ModelReleaseID", XmpForm.BAG),
            is_written=True,
        ),
        Field(
            "youngest",
            N_("age of the youngest shown"),
            XmpTag(PLUS, "MinorModelAgeDisclosure"),
            holds_names=True,
        ),
        Field(
            "property_release",
            N_("release of the property shown"),
            XmpTag(PLUS, "PropertyReleaseStatus"),
        ),
        Field(
            "persons",
            N_("people shown"),
            XmpTag(IPTC_EXT, "PersonInImage", XmpForm.BAG),
            holds_names=True,
        ),
        Field(
            "registry_id",
            N_("number in the registry"),
            XmpTag(IPTC_EXT, "RegistryId", XmpForm.STRUCTS, "RegItemId", ("RegOrgId", "RegItemId")),
            is_written=True,
        ),
        Field("image_id", N_("number of the image"), XmpTag(IPTC_EXT, "DigImageGUID")),
        Field(
            "data_mining",
            N_("use for training AI"),
            XmpTag(PLUS, "DataMining"),
            is_written=True,
        ),
        Field("source_type", N_("how the image was made"), XmpTag(IPTC_EXT, "DigitalSourceType")),
        Field(
            "description",
            N_("description"),
            XmpTag(DC, "description", XmpForm.ALT),
            IimTag((120,), 2000),
            exif.IMAGE_DESCRIPTION,
            "ImageDescription",
            holds_names=True,
        ),
        Field(
            "taken_at",
            N_("taken"),
            XmpTag(PHOTOSHOP, "DateCreated"),
            IimTag((55, 60), 11),
            exif.DATE_TIME_ORIGINAL,
            "DateTimeOriginal",
            is_date=True,
        ),
    )
}
"""All fields by name, in display order."""

WRITTEN_FIELDS: Final = tuple(field for field in FIELDS.values() if field.is_written)
"""The fields that `metadata write` writes; never names or ages of people shown."""

IIM_LOCATION_DATASETS: Final = frozenset({26, 27, 90, 92, 95, 100, 101})
"""Location datasets of record 2: content location, city, sublocation, province, country."""

XMP_LOCATION_PROPERTIES: Final = frozenset(
    f"{{{namespace}}}{name}"
    for namespace, names in {
        XMP_EXIF: ("GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"),
        DJI_DRONE: ("GpsLatitude", "GpsLongitude", "GpsLongtitude", "Latitude", "Longitude"),
        PHOTOSHOP: ("City", "State", "Country"),
        IPTC_CORE: ("Location", "CountryCode"),
        IPTC_EXT: ("LocationShown", "LocationCreated"),
    }.items()
    for name in names
)
"""XMP properties for the location where a photo was taken or that it shows."""
