"""What the shell offers when Tab is pressed: silently; nothing is logged or created by it."""

import os
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from photoreg.cli.settings import DEFAULT_REGISTRY, read_settings, system_login
from photoreg.errors import PhotoregError

COMPLETE_VARIABLE = "_PHOTOREG_COMPLETE"
"""The variable in which the shell's script asks for completions."""

_FILES = {"file": "file", "folder": "dir", "table": "file", "backup": "dir"}
_OF_GROUP = {"channel": "channel", "unit": "unit"}
"""What the argument NAME is in the commands of these groups."""


def offered_values(
    parameter: click.Parameter, context: click.Context, incomplete: str
) -> list[CompletionItem[Any]]:
    """Return the files, or the values from the registry, that a parameter takes."""
    for word in _words(parameter, context):
        if word in _FILES:
            return [CompletionItem(incomplete, type=_FILES[word])]
        if values := _from_registry(word, context, incomplete):
            return [CompletionItem(value) for value in values]
    return []


def _words(parameter: click.Parameter, context: click.Context) -> list[str]:
    """Return the kinds of values that a parameter takes, by its metavariable and its name."""
    metavar = (parameter.metavar or "").lower().rstrip(".").split("|")
    name = parameter.name or ""
    group = context.parent.info_name if context.parent is not None else None
    if name == "name" and context.info_name != "add":
        name = _OF_GROUP.get(group or "", name)
    return [*metavar, name, name.removesuffix("s")]


def _from_registry(kind: str, context: click.Context, incomplete: str) -> list[str]:
    """Return values from a registry file that begin so; one on a server is not asked."""
    from photoreg.registry.quick_values import KINDS, quick_values

    if kind not in KINDS:
        return []
    typed = context.find_root().params
    named = typed.get("registry") or os.environ.get("PHOTOREG_REGISTRY")
    try:
        settings = read_settings(named)
    except PhotoregError:
        return []
    location = named or settings.get("registry") or DEFAULT_REGISTRY
    login = typed.get("login") or settings.get("who") or system_login()
    return [] if "://" in location else quick_values(location, login, kind, incomplete)


@add_completion_class
class QuotingBash(BashComplete):
    """Completion for bash that quotes names with spaces; Click's leaves them in pieces."""

    source_template = """\
# Completion of photoreg for bash, written by photoreg itself.
%(complete_func)s() {
    local IFS=$'\\n' response type value
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
    while IFS=',' read -r type value; do
        case $type in
            dir) COMPREPLY=(); compopt -o dirnames ;;
            file) COMPREPLY=(); compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    @staticmethod
    def _check_version() -> None:
        """Look for no bash: the script is shown where there is none as well."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that one without an open quote."""
        words = os.environ["COMP_WORDS"].split("\n")
        place = int(os.environ["COMP_CWORD"])
        self._typed = words[place] if place < len(words) else ""
        return super().get_completion_args()

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a value as it is typed: in an open quote as it is, else with backslashes."""
        if item.type != "plain" or self._typed[:1] in {'"', "'"}:
            return f"{item.type},{item.value}"
        quoted = "".join(c if c.isalnum() or c in "-_./:@%+=," else f"\\{c}" for c in item.value)
        return f"{item.type},{quoted}"
