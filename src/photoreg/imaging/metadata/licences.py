"""Recognise licences in metadata texts where they are unambiguous."""

import re
from collections.abc import Mapping
from typing import Any, Final

from photoreg.imaging.metadata.fields import Standard

_CREATIVE_COMMONS: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(?P<free>zero|mark))"
    r"/(?P<version>\d\.\d)(?:[/#?].*)?",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN_TOOLS: Final = {"zero": "CC0", "mark": "Public Domain Mark"}
_ALL_RIGHTS_RESERVED: Final = re.compile(
    r"all\s+rights\s+reserved|kaikki\s+oikeudet\s+pidätetään|alla\s+rättigheter\s+förbehåll",
    re.IGNORECASE,
)


def creative_commons_licence(address: str) -> str:
    """Return the licence for a Creative Commons URL, such as "CC BY-SA 4.0".

    Empty for any other URL. The URL alone proves nothing, because anybody can write it.
    """
    match = _CREATIVE_COMMONS.fullmatch(address.strip())
    if match is None:
        return ""
    if match["free"]:
        return f"{_PUBLIC_DOMAIN_TOOLS[match['free'].lower()]} {match['version']}"
    return f"CC {match['kind'].upper()} {match['version']}"


def reserves_all_rights(text: str) -> bool:
    """Whether a notice reserves all rights, in English, Finnish or Swedish."""
    return _ALL_RIGHTS_RESERVED.search(text) is not None


def file_usage_terms(rights_by_standard: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return a file's terms of use; the argument is `PhotoReading.rights_by_standard`.

    Texts are the effective ones; `licence` is a Creative Commons licence, `release` a PLUS code
    such as "MR-LMR".
    """
    address = _effective_value(rights_by_standard, "licence_url")
    return {
        "terms": _effective_value(rights_by_standard, "terms"),
        "licence_url": address,
        "licence": creative_commons_licence(address),
        "release": _effective_value(rights_by_standard, "release").rpartition("/")[2],
        "all_rights_reserved": any(
            reserves_all_rights(text)
            for field in ("copyright", "terms", "credit")
            for text in rights_by_standard.get(field, {}).values()
        ),
    }


def _effective_value(rights_by_standard: Mapping[str, Mapping[str, str]], field: str) -> str:
    texts = rights_by_standard.get(field)
    if not texts:
        return ""
    return next((texts[standard] for standard in Standard if texts.get(standard)), "")
