"""Compare the photographer and rights named in a file with those in the registry."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from photoreg.registry.facts.rows import PhotoRecord
from photoreg.registry.ids import name_key
from photoreg.rulebook.facts import FileRights


def compare_file_rights(
    photo: PhotoRecord, photographers: Sequence[str], organisation: str
) -> FileRights:
    """Compare creator and rights in the file with the registry (tekijänoikeuslaki 7 §).

    `photographers` are the photographers' names as keys. Every standard counts: a creator named in
    any of them may be the photographer. A rights field may name the municipality instead; a creator
    is always a person.
    """
    if photo.rights_removed:
        return FileRights.REMOVED
    creators, rights = _rights_named_in_file(
        photo.rights_metadata, photo.file_artist, photo.file_copyright
    )
    if not creators and not rights:
        return FileRights.NONE
    known = [*photographers, name_key(organisation)]
    agrees = all(
        _contains_name(creator, photographers) and _contains_only_names(creator, known)
        for creator in (_with_full_names(each, (*photographers, *creators)) for each in creators)
    ) and all(
        _contains_only_names(notice, known)
        or any(other.startswith(notice) for other in rights - {notice})
        for notice in rights
    )
    return FileRights.MATCHES if agrees else FileRights.CONFLICTS


@lru_cache(maxsize=10_000)
def _rights_named_in_file(
    texts_json: str | None, artist: str, notice: str
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the creators and the rights that a file names in any standard, as name keys.

    `texts_json` is the JSON of `Photo.rights_metadata`; artist and notice are the values used when
    the photo was registered.
    """
    texts: dict[str, dict[str, str]] = json.loads(texts_json) if texts_json else {}
    creators, rights = (
        frozenset(filter(None, map(name_key, (counted, *texts.get(field, {}).values()))))
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
_BETWEEN_NAMES = re.compile(r"[;,/&|]|\b(?:ja|and|och)\b")
_NO_NAME = re.compile(
    r"(?:\d+|copyright|c|kuva|kuvaaja|photo|foto|by|all|rights|reserved|kaikki|oikeudet|pidätetään)"
)


def _contains_only_names(text: str, names: Iterable[str]) -> bool:
    """Return whether a text names only these persons; years and the usual words are ignored."""
    known = list(names)
    return all(
        _contains_name(part, known)
        for part in _BETWEEN_NAMES.split(text)
        if not all(_NO_NAME.fullmatch(word) for word in _normalised(part).split())
    )


def _contains_name(text: str, names: Iterable[str]) -> bool:
    """Return whether a text has one of the names as whole words: Anna is not in Hanna."""
    return any(f" {_normalised(name)} " in f" {_normalised(text)} " for name in names)


def _normalised(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
