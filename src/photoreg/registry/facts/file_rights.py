"""Compare the photographer and rights named in a file with those in the registry."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from photoreg.registry.facts.rows import PhotoRecord
from photoreg.registry.ids import name_key
from photoreg.registry.names import plain_name
from photoreg.rulebook.facts import FileRights

_MAKERS_AND_PROGRAMS = """
    unknown; picasa; olympus digital camera; minolta digital camera;
    konica minolta digital camera; samsung camera pictures; sony dsc; acer; agfa; agfaphoto;
    apple; apple iphone; iphone; ipad; asus; benq; blackberry; canon; canon inc; casio;
    casio computer co ltd; contax; dji; eastman kodak company; epson; fairphone; fujifilm;
    fujifilm corporation; fuji photo film co ltd; gopro; google; google pixel; hasselblad;
    hewlett packard; hmd global; hp; htc; huawei; insta360; kodak; konica; konica minolta;
    kyocera; leica; leica camera ag; lenovo; lg; lg electronics; mamiya; microsoft; minolta;
    minolta co ltd; motorola; nikon; nikon corporation; nokia; om digital solutions; oneplus;
    olympus; olympus corporation; olympus imaging corp; olympus optical co ltd; oppo; panasonic;
    pentax; pentax corporation; phase one; polaroid; realme; ricoh; ricoh imaging company ltd;
    rollei; samsung; samsung electronics; samsung techwin; sanyo; sanyo electric co ltd;
    seiko epson corp; sigma; sony; sony ericsson; sony mobile; toshiba; vivo; xiaomi;
    yi technology; zeiss; zte; acdsee; acdsee pro; adobe; adobe lightroom;
    adobe lightroom classic; adobe photoshop; adobe photoshop elements; affinity photo;
    apple photos; capture nx; capture one; darktable; digikam; dxo; dxo photolab; exiftool;
    faststone image viewer; gimp; google photos; imagemagick; iphoto; irfanview; lightroom;
    microsoft paint; microsoft photo gallery; microsoft windows photo viewer; on1 photo raw;
    paint net; paintshop pro; photoshop; photoshop elements; rawtherapee; shotwell; silverfast;
    snapseed; vuescan; windows photo gallery; xnview
"""
NOBODY = frozenset(" ".join(name.split()) for name in _MAKERS_AND_PROGRAMS.split(";"))
"""What cameras and programs write where a name belongs, in the spelling of `_spelled`."""


def compare_file_rights(
    photo: PhotoRecord, photographers: Sequence[Sequence[str]], organisation: str
) -> FileRights:
    """Compare creator and rights in the file with the registry (tekijänoikeuslaki 7 §).

    `photographers` are the names of each photographer, the known-as names included. Every standard
    counts: a creator named in any of them may be the photographer. The municipality itself is
    nobody else, wherever it is named; another organisation is.
    """
    if photo.rights_removed:
        return FileRights.REMOVED
    creators, rights = _rights_named_in_file(
        photo.rights_metadata, photo.file_artist, photo.file_copyright
    )
    if not creators and not rights:
        return FileRights.NONE
    names = [name for person in photographers for name in person]
    agrees = all(
        _name_words(creator) and _contains_only_names(creator, names, organisation)
        for creator in (_with_full_names(each, (*names, *creators)) for each in creators)
    ) and all(
        _contains_only_names(notice, [*names, organisation], organisation)
        or any(other.startswith(notice) for other in rights - {notice})
        for notice in rights
    )
    return FileRights.MATCHES if agrees else FileRights.CONFLICTS


def names_nobody(creator: str) -> bool:
    """Return whether a creator in a file is nobody's name, such as that of a camera."""
    return not creator or _spelled(creator) in NOBODY


def names_somebody_else(creator: str, names: Sequence[str]) -> bool:
    """Return whether the creator in a file is somebody else than the photographers named."""
    if names_nobody(creator):
        return False
    key = name_key(creator)
    return not _contains_only_names(_with_full_names(key, map(name_key, names)), names, "")


@lru_cache(maxsize=10_000)
def _rights_named_in_file(
    texts_json: str | None, artist: str, notice: str
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the creators and the rights that a file names in any standard, as name keys.

    `texts_json` is the JSON of `Photo.rights_metadata`; artist and notice are the values used when
    the photo was registered. What only names a camera or a program names nobody.
    """
    texts: dict[str, dict[str, str]] = json.loads(texts_json) if texts_json else {}
    creators, rights = (
        frozenset(
            key
            for key in map(name_key, (counted, *texts.get(field, {}).values()))
            if key and _spelled(key) not in NOBODY
        )
        for field, counted in (("photographer", artist), ("copyright", notice))
    )
    return creators, rights


def _with_full_names(creator: str, names: Iterable[str]) -> str:
    """Return a creator with names completed that IPTC truncated to 32 bytes."""
    whole = {part.strip() for name in names for part in name.split(";")}
    return "; ".join(
        max((name for name in whole if name.startswith(part)), key=len, default=part)
        if len(part.encode()) >= _IPTC_NAME_BYTES
        else part
        for part in map(str.strip, creator.split(";"))
    )


_IPTC_NAME_BYTES = 29  # of 32 bytes, cut before a letter of up to four
_BETWEEN_PERSONS = re.compile(r"[;/&|]|\b(?:ja|and|och)\b")
_NO_NAME = re.compile(
    r"(?:\d+|copyright|c|kuva|kuvaaja|photo|foto|by|all|rights|reserved|kaikki|oikeudet|pidatetaan)"
)


def _contains_only_names(text: str, names: Iterable[str], organisation: str) -> bool:
    """Return whether a text names only these; years and the usual words are ignored.

    The organisation counts where it stands alone.
    """
    known = [_words(name) for name in names]
    alone = _words(organisation)
    return all(_is_named(part, known, alone) for part in _BETWEEN_PERSONS.split(text))


def _is_named(part: str, known: Sequence[list[str]], alone: list[str]) -> bool:
    """Return whether a part of a text is one of the names, or several with commas between them.

    `Näkkäläjärvi, Áile` is one name with a comma, `Anna Aikio, Aslak Magga` are two names.
    """
    words = _name_words(part)
    if not words or words == alone or sorted(words) in map(sorted, known):
        return True
    if "," in part:
        return all(_is_named(each, known, alone) for each in part.split(","))
    return any(_contains_name(_words(part), name) for name in known)


def _contains_name(words: Sequence[str], name: Sequence[str]) -> bool:
    """Return whether a name stands among words, in any order: Anna is not in Hanna."""
    size = len(name)
    return size > 0 and any(
        sorted(words[start : start + size]) == sorted(name)
        for start in range(len(words) - size + 1)
    )


def _name_words(text: str) -> list[str]:
    return [word for word in _words(text) if not _NO_NAME.fullmatch(word)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", plain_name(text))


def _spelled(text: str) -> str:
    return " ".join(_words(text))
