"""Which encoding a text file has: a closed list, scored by what names in the North look like.

One reading must win clearly. Otherwise the file is refused, and two readings of one word are shown,
since a wrong letter makes another person of a name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from photoreg.errors import InputDataError
from photoreg.texts import N_

_CANDIDATES = {
    "cp1252": 0,
    "iso8859_15": 1,
    "cp850": 1,
    "mac_roman": 1,
    "iso8859_10": 2,
    "cp1257": 2,
}
"""The encodings of one byte a letter, each with how unlikely it is before anything was read."""

_COMMON = frozenset("åäöÅÄÖáÁčČđĐŋŊŧŦéÉüÜ")
_KNOWN = frozenset("šŠžŽæÆøØõâàèÈêÊëíÍïîóÓôòúñÑçÇß")
_MARKS = frozenset("–—‘’“”…•§°€´·«»½²\u00a0\u00ad")
_SIGN, _STRANGE, _CASE, _ODD = 5, 4, 5, 2
_MARGIN = 2
"""How much better the winner must be than the next reading."""

_EVIDENCE = re.compile(
    r"syntymäaika|syntymäpäivä|sähköposti|\bäiti\b|äidin|\bisä\b|isän\b|yhteensä|henkilötunnus"
    r"|ikäryhmä|födel|förnamn|vårdnadshavare|målsman|riegádan|áhčči|kyllä"
)
_EVIDENCE_WORTH = 6
_WORD = re.compile(r"[^\s;,\t\"]*[^\x00-\x7f][^\s;,\t\"]*")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});")
_REPLACED = "\ufffd"
_BYTES_WITHOUT_LETTER = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # in cp1252


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and the encoding that it was read in if that had to be found out.

    `example` is a word with letters that other encodings would show otherwise.
    """

    text: str
    encoding: str = ""
    example: str = ""


def decode(content: bytes) -> DecodedText:
    """Return the text of a file; InputDataError unless one reading of its letters is certain."""
    decoded = _decoded(content)
    _refuse_lost_letters(decoded.text)
    return decoded


def _decoded(content: bytes) -> DecodedText:
    if encoding := _utf_16(content):
        try:
            return DecodedText(content.decode(encoding))
        except UnicodeDecodeError as error:
            raise _uncertain_error() from error
    if content.isascii():
        return DecodedText(content.decode("ascii"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _best_reading(content, error.start)
    return _without_double_utf_8(text)


def _utf_16(content: bytes) -> str:
    """Return the variant of UTF-16, by its mark or by the zeros of ASCII letters, or ""."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:400]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if half and start[0::2].count(0) > half * 0.7 else ""


def _best_reading(content: bytes, first_wrong: int) -> DecodedText:
    """Return the only likely reading of a text that is not UTF-8."""
    start = content.find(b"\n") + 1 if content.startswith(b"\xef\xbb\xbf") else 0
    if start or _is_mostly_utf_8(content):
        raise _broken_letter_error(content, first_wrong)
    readings: dict[str, tuple[int, str]] = {}
    for encoding, unlikely in _CANDIDATES.items():
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text not in readings:
            readings[text] = (_penalty(text) + unlikely, encoding)
    ranked = sorted(readings, key=lambda text: readings[text][0])
    if not ranked:
        raise _uncertain_error()
    best, *others = ranked
    if others and readings[others[0]][0] < readings[best][0] + _MARGIN:
        first, second = _differing_words(best, others[0])
        raise _two_readings_error(first, second)
    words = _WORD.findall(best)
    return DecodedText(best, readings[best][1], max(words, key=len, default="").strip())


def _is_mostly_utf_8(content: bytes) -> bool:
    """Return whether most letters are UTF-8, so that the others are damage."""
    text = content.decode("utf-8", errors="replace")
    letters = sum(letter in _COMMON for letter in text)
    return letters > 0 and letters >= text.count(_REPLACED)


def _penalty(text: str) -> int:
    words = Counter(_WORD.findall(text))
    found = {match.casefold() for match in _EVIDENCE.findall(text.casefold())}
    return sum(_word_penalty(word) for word in words) - _EVIDENCE_WORTH * len(found)


def _word_penalty(word: str) -> int:
    """Return how unlikely a word is: signs inside it, rare letters, capitals behind small ones."""
    return sum(map(_letter_penalty, word)) + sum(
        _pair_penalty(before, letter) for before, letter in pairwise(word)
    )


def _letter_penalty(letter: str) -> int:
    if letter.isascii() or letter in _COMMON:
        return 0
    if letter in _KNOWN or letter in _MARKS:
        return 1
    return _STRANGE if letter.isalpha() else _SIGN


def _pair_penalty(before: str, letter: str) -> int:
    if before.isascii() and letter.isascii():
        return 0
    if before.isalpha() and letter.isalpha():
        return _CASE if before.islower() and letter.isupper() else 0
    has_sign = (letter in _MARKS and before.isalpha()) or (before in _MARKS and letter.islower())
    return _ODD if has_sign and "’" not in (before, letter) else 0


def _differing_words(one: str, other: str) -> tuple[str, str]:
    pairs = zip(re.split(r"[;,\t\r\n]", one), re.split(r"[;,\t\r\n]", other), strict=False)
    return next(((a.strip(), b.strip()) for a, b in pairs if a != b), (one[:40], other[:40]))


def _without_double_utf_8(text: str) -> DecodedText:
    """Return the text; one that was encoded twice throughout (`Ã¤` for ä) is taken back."""
    for _turn in range(2):
        once = undo_double_utf_8(text)
        if once is None:
            break
        text = once
    return DecodedText(text)


def undo_double_utf_8(text: str) -> str | None:
    """Return the text before it was encoded twice, or None if it was not."""
    if text.isascii() or not any(letter in text for letter in "ÃÂÄÅ"):
        return None
    try:
        once = bytes(_cp1252_bytes(text)).decode("utf-8")
    except (UnicodeError, ValueError):
        return None
    return once if once != text else None


def _cp1252_bytes(text: str) -> Iterator[int]:
    for letter in text:
        if ord(letter) < 0x80 or ord(letter) in _BYTES_WITHOUT_LETTER:  # noqa: PLR2004 - ASCII
            yield ord(letter)
        else:
            yield from letter.encode("cp1252")


def _refuse_lost_letters(text: str) -> None:
    """Raise InputDataError, with the row, for letters that were lost or that stand as codes."""
    if _REPLACED not in text and "&" not in text and not any(sign in text for sign in "ÃÂ"):
        return
    for row, line in enumerate(text.splitlines(), 1):
        if problem := lost_letters(line):
            raise InputDataError(
                N_("row {row}: the letters of {word} were damaged when the file was saved"),
                N_("Export the list again, as CSV UTF-8 or as an Excel workbook (.xlsx)."),
                row=row,
                word=problem,
            )


def lost_letters(line: str) -> str:
    """Return the first word of a line whose letters are lost, doubled or codes, or ""."""
    if line.isascii() and "&" not in line:
        return ""
    entity = _ENTITY.search(line)
    if entity:
        return next((w for w in line.split() if entity[0] in w), entity[0])
    words = re.split(r"[;,\t\"]", line)
    return next((w.strip() for w in words if _REPLACED in w or undo_double_utf_8(w)), "")


def _broken_letter_error(content: bytes, place: int) -> InputDataError:
    row = content.count(b"\n", 0, place) + 1
    line = content.splitlines()[row - 1].decode("utf-8", errors="replace")
    word = next((w for w in _parts(line) if _REPLACED in w), line[:40])
    return InputDataError(
        N_("row {row}: the letters of {word} were damaged when the file was saved"),
        N_("Export the list again, as CSV UTF-8 or as an Excel workbook (.xlsx)."),
        row=row,
        word=word.strip(),
    )


def _parts(line: str) -> Iterable[str]:
    return re.split(r"[;,\t\"]", line)


def _two_readings_error(first: str, second: str) -> InputDataError:
    return InputDataError(
        N_("the characters of the file cannot be read for certain: {first} or {second}?"),
        N_("Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."),
        first=first,
        second=second,
    )


def _uncertain_error() -> InputDataError:
    return InputDataError(
        N_("the characters of the file cannot be read"),
        N_("Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."),
    )
