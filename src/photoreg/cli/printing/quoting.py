"""Quote the words of printed commands as the user's shell needs it.

On Windows for cmd.exe and PowerShell, elsewhere, and in a Unix shell on Windows such as Git Bash,
for sh, bash, zsh and fish.
"""

import os
import re

_PLAIN = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""What needs no quotes; zsh takes a word after `=` for the name of a command."""

_PLAIN_ON_WINDOWS = re.compile(r"(?!@)[\w@+=:./\\-]+")
"""What needs no quotes; PowerShell takes a word after `@` for the name of a variable."""

ON_WINDOWS = os.name == "nt" and "MSYSTEM" not in os.environ
"""Whether the user's shell is one of Windows' own; a Unix shell there sets MSYSTEM."""


def quoted(word: str, *, windows: bool = ON_WINDOWS) -> str:
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
