"""Tell words that somebody wrote freely from values, in columns that nobody reads.

Below a heading that is not known, free words may say anything, also a no in other words than those
that are known.
"""

import re
from collections.abc import Iterable

from photoreg.services.people.class_lists.forbidding import is_harmless
from photoreg.services.people.class_lists.name_marks import mark_in_contact
from photoreg.services.people.class_lists.words import meaning_below, plain_heading

_VALUE_HEADINGS = re.compile(
    r"\b(?:\w*koulu|\w*kunta|\w*opettaja|\w*valvoja|\w*ohjaaja|kaupunki|\w*toimipaikka|\w*osoite"
    r"|postinumero|tehtävä|ammatti|\w*nimike|allekirjoitt\w*|job|role|yrke"
    r"|päiväkoti|yksikkö|tallentaja|\w*harrastu\w*|\w*kerho"
    r"|hobby|hobbies|fritid\w*|hobbyer|school|teacher|municipality|city|town|unit"
    r"|skola|lärare|kommun|ort|postort|stad|daghem|skuvla|oahpaheaddji|\w*kieli|tila|status)\b"
)
"""Headings of what is no remark: places, schools, jobs, hobbies, states."""

_CODE = re.compile(r"(?=\S*\d)\S+")
_STREET = re.compile(r"[^\W\d_]{4,}(?: [^\W\d_]+)*\s+\d{1,3}\b.*|\d{5}\s+[^\W\d_]+")
_PHONE = re.compile(r"@|\d(?:[\s-]?\d){4}")
_DAY = re.compile(r"\d{1,2}\.?\s?[^\W\d_]+\s\d{4}")
_ONE_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")


def words_below(heading: str, texts: Iterable[str]) -> frozenset[str]:
    """Return the texts of a column that are words somebody wrote freely.

    None are below a heading that is known, nor where few single words are repeated.
    """
    if meaning_below(heading) or _VALUE_HEADINGS.search(plain_heading(heading)):
        return frozenset()
    written = [text for text in texts if text.strip() and not _is_value(text)]
    words = frozenset(written)
    are_single = all(_ONE_WORD.fullmatch(text.strip()) for text in words)
    return frozenset() if are_single and len(words) * 2 <= len(written) else words


def _is_value(text: str) -> bool:
    """Return whether a text is a number, a day, a code, a contact or an address."""
    bare = " ".join(text.split())
    is_contact = _PHONE.search(bare) and not mark_in_contact(bare)
    kinds = (_CODE, _STREET, _DAY)
    return is_harmless(bare) or bool(is_contact or any(each.fullmatch(bare) for each in kinds))
