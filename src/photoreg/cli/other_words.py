"""Commands as other programs call them, and what photoreg calls them: `event edit` is `change`."""

from collections.abc import Collection
from difflib import get_close_matches

_CHANGE = ("change", "set", "rename", "answer")
_ADD = ("add", "record", "grant", "init")
_REMOVE = ("forget", "erase", "end", "takedown", "withdraw", "correct", "unblock")
_LIST = ("list", "show")
_SHOW = ("show", "list")

OTHER_WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("edit", "modify", "update", "alter"), _CHANGE),
    **dict.fromkeys(("new", "create", "insert"), _ADD),
    **dict.fromkeys(("remove", "delete", "del", "rm", "drop"), _REMOVE),
    **dict.fromkeys(("ls", "all", "list"), _LIST),
    **dict.fromkeys(("view", "info", "get", "display", "open", "show"), _SHOW),
}
"""What a command may have been meant by a word; what a group does not have is not suggested."""


def meant_commands(typed: str, commands: Collection[str]) -> list[str]:
    """Return the commands that may have been meant: called otherwise, or misspelt."""
    otherwise = [each for each in OTHER_WORDS.get(typed.lower(), ()) if each in commands]
    return [*dict.fromkeys([*otherwise, *get_close_matches(typed.lower(), commands)])]
