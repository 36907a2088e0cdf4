"""Views of the metadata in photo files."""

from photoreg.imaging.metadata.fields import Standard
from photoreg.presentation.view import BOOLEAN, STRING, Column, View, values_of
from photoreg.texts import N_

METADATA = View(
    "metadata",
    (
        Column("field", N_("field"), STRING),
        Column("xmp", "XMP", STRING),
        Column("iptc", "IPTC", STRING),
        Column("exif", "Exif", STRING),
        Column("source_used", N_("source used"), values_of(Standard)),
        Column("disagrees", N_("conflict"), BOOLEAN),
    ),
)
METADATA_CHANGES = View(
    "metadata-changes",
    (
        Column("photo", N_("photo"), STRING),
        Column("field", N_("field"), STRING),
        Column("standard", N_("standard"), values_of(Standard)),
        Column("tag", N_("tag"), STRING),
        Column("old", N_("old"), STRING),
        Column("new", N_("new"), STRING),
    ),
)
