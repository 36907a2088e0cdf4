"""Quote the words of printed commands, for users of cmd.exe and PowerShell as well as a shell."""

import os
import re

_PLAIN = re.compile(r"[\w@%+=:,./-]+")
_PLAIN_ON_WINDOWS = re.compile(r"[\w@+=:./\\-]+")


def quoted(word: str, *, windows: bool = os.name == "nt") -> str:
    """Return a word as it is typed: in double quotes, which every shell knows, if it needs any."""
    return _quoted_on_windows(word) if windows else _quoted_on_posix(word)


def _quoted_on_posix(word: str) -> str:
    r"""Quote for a POSIX shell; an interactive one keeps `\!` from its history only unquoted."""
    if _PLAIN.fullmatch(word):
        return word
    escaped = re.sub(r'([$`"\\])', r"\\\1", word)
    return f'"{escaped}"'.replace("!", r'"\!"')


def _quoted_on_windows(word: str) -> str:
    """Quote as Windows programs split their command lines; backslashes in paths stay single."""
    if _PLAIN_ON_WINDOWS.fullmatch(word):
        return word
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', word)
    return '"' + re.sub(r"(\\+)$", r"\1\1", escaped) + '"'
