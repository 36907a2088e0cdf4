"""Exif, XMP and IPTC: read, compared and planned; what was in a file stays as it was."""
