"""Exif, XMP and IPTC: parse, compare and edit metadata without changing anything else."""
