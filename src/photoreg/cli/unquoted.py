"""Names of several words that were typed without quotation marks, and fell apart."""

import os
import re
from collections.abc import Iterable, Sequence

from photoreg.texts import _

_TYPESET_MARKS = "“”„»«‘’\"'"
"""Quotation marks as text programs write them, which no shell knows."""
_ID = re.compile("[A-Za-z]-[0-9]+")
_PATH = re.compile(r"[/\\]|\.\w{3,4}$")


def surplus_words(typed: Sequence[str], surplus: Sequence[str], arguments: int) -> str:
    """Return the message for words that no argument takes.

    `arguments` is how many words the command takes. With several, it shows how to quote the first
    that is no id; or the words that together name a file.
    """
    place = len(typed) - 1 - typed[::-1].index(surplus[0])
    start = place
    while start and place - start < max(arguments, 1) and not typed[start - 1].startswith("-"):
        start -= 1
    file = _parted_file(typed[start : place + len(surplus)])
    while start < place and _ID.fullmatch(typed[start]):
        start += 1
    end = start + 2 if arguments > 1 else place + len(surplus)
    name = file or " ".join(typed[start:end]).strip(_TYPESET_MARKS)
    if " " not in name:
        return _("Too many words: {words}.").format(words=" ".join(surplus))
    text = _('Too many words: {words}. Put a name of several words in quotation marks: "{name}"')
    return text.format(words=" ".join(surplus), name=name)


def option_in_quotes(typed: Iterable[str], options: Iterable[str]) -> tuple[str, str] | None:
    """Return an option that stands within quotation marks, with the words between them.

    It would be lost in a name. `options` are those of the command.
    """
    known = {option for option in options if option.startswith("--")}
    for words in typed:
        _first, *others = words.split(" ")
        if found := next((word for word in others if word in known), None):
            return found, words
    return None


def _parted_file(words: Sequence[str]) -> str:
    """Return the name of a file that fell apart into some of these words, or an empty text."""
    joined = (" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 2, len(words) + 1))
    return next(filter(os.path.exists, joined), "")


def parted_name(typed: Sequence[str], values: Iterable[object]) -> str:
    """Return the name that a word of an error may be part of, behind an option: `Koulun juhla`.

    An id is no part of a name. Where a command takes any number of words, the rest of a name is
    taken for one of them.
    """
    for value in map(str, values):
        for place, word in enumerate(typed):
            if word == value and not _ID.fullmatch(word) and (name := _around(typed, place)):
                return name
    return ""


def _around(typed: Sequence[str], place: int) -> str:
    """Return the words between an option and what is no name: the next option, an id or a file."""
    start = place
    while start and _is_of_name(typed[start - 1]):
        start -= 1
    end = place + 1
    while end < len(typed) and _is_of_name(typed[end]):
        end += 1
    is_behind_option = start > 0 and re.fullmatch("--[a-z-]+", typed[start - 1])
    return " ".join(typed[start:end]) if is_behind_option and end - start > 1 else ""


def _is_of_name(word: str) -> bool:
    is_path = os.path.exists(word) or bool(_PATH.search(word))  # noqa: PTH110 - any text
    return not (word.startswith("-") or _ID.fullmatch(word) or is_path)
