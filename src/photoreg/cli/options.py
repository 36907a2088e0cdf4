"""Options and arguments that several commands share, and their types."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from photoreg.cli.app import Argument, Option
from photoreg.cli.output import FORMATS, PLAIN_CSV
from photoreg.days import require_near
from photoreg.errors import InputDataError
from photoreg.presentation.labels import LABELS
from photoreg.registry.names import near
from photoreg.texts import N_, _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_F = TypeVar("_F", bound=Callable[..., Any])
_MAX_DAYS = 10_000
_DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


class DayParam(click.ParamType[date]):
    """A date in ISO format or as Finns write it: 2026-03-02 or 2.3.2026."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the format in the help."""
        return "DAY"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> date:
        """Return the date; InputDataError if it does not exist."""
        if isinstance(value, date):
            return require_near(value)
        for layout in _DAY_FORMATS:
            try:
                day = datetime.strptime(value, layout).date()  # noqa: DTZ007 - a calendar date
            except ValueError:
                continue
            return require_near(day)
        raise InputDataError(
            N_("{value} is not a date"), N_("Write it as 2026-03-02 or 2.3.2026."), value=value
        )


class DurationParam(click.ParamType[int]):
    """A period from today in days or weeks: 60d, 8w, or 60."""

    name = "within"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the format in the help."""
        return "60d"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of days; anything else is a usage error (exit 2)."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d{1,4}) *([dw]?)", str(value).strip().lower(), re.ASCII)
        days = int(found[1]) * (7 if found[2] == "w" else 1) if found else -1
        if not 0 <= days <= _MAX_DAYS:
            text = _("{value} is not a period such as 60d or 8w").format(value=value)
            return self.fail(text, param, ctx)
        return days


def _normalised(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").split())


class Word(click.ParamType[str]):
    """An option that takes a value of an enumeration, or its label in the user's language.

    Of a label with a colon, what stands before it is enough.
    """

    def __init__(self, kind: str, values: Iterable[str] = ()) -> None:
        self.kind = kind
        self.values = tuple(values) or tuple(LABELS[kind])
        self.name = kind.lower()

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the values in the help; brackets around an argument would make it optional."""
        values = "|".join(self.values)
        return f"{{{values}}}" if isinstance(param, click.Argument) else f"[{values}]"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> "list[CompletionItem[Any]]":
        """Offer the values, each with its label."""
        from click.shell_completion import CompletionItem

        typed = _normalised(incomplete)
        begun = [known for known in self.values if _normalised(known).startswith(typed)]
        return [CompletionItem(each, help=self._label(each)) for each in begun]

    def shown(self) -> Iterator[str]:
        """Yield each value, with its label where that is accepted as well."""
        for known in self.values:
            said = self._label(known)
            yield known if _normalised(said) == _normalised(known) else f"{known} ({said})"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the matching value; anything else is a usage error (exit 2)."""
        typed = _normalised(str(value))
        for known in self.values:
            said = self._label(known)
            if typed in map(_normalised, (known, said, said.partition(":")[0])):
                return known
        words = {word: known for known in self.values for word in (known, self._label(known))}
        return self.fail(not_one_of(str(value), self.shown(), words), param, ctx)

    def get_missing_message(
        self,
        param: click.Parameter,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        """Return what can be given."""
        return _choose_from(self.shown())

    def _label(self, known: str) -> str:
        return _(LABELS[self.kind].get(known, known))


class Choice(click.Choice[str]):
    """An option or argument that takes one of these words."""

    def get_invalid_choice_message(
        self,
        value: Any,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        """Return the message for another word."""
        return not_one_of(str(value), self.choices, {word: word for word in self.choices})

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return what can be given."""
        return _choose_from(self.choices)


def _choose_from(shown: Iterable[str]) -> str:
    return _("Choose one: {values}.").format(values=", ".join(shown))


def not_one_of(typed: str, shown: Iterable[str], words: Mapping[str, str]) -> str:
    """Return the message for a word that is none of those shown, with those that may be meant.

    `words` are those that are accepted, each with the value that it stands for.
    """
    text = _("{value} is not one of: {values}").format(value=typed, values=", ".join(shown))
    meant = dict.fromkeys(words[word] for word in near(typed, words))
    return f"{text}. {_('Did you mean {near}?').format(near=', '.join(meant))}" if meant else text


def argument(name: str, **more: Any) -> Callable[[_F], _F]:
    """Return a Click argument whose metavariable is translated when shown."""
    return click.argument(name, cls=Argument, **more)


def option(*names: str, help: str, **more: Any) -> Callable[[_F], _F]:  # noqa: A002 - Click's name
    """Return a Click option whose help is translated when shown."""
    return click.option(*names, cls=Option, help=help, **more)


def enum_option(
    *names: str,
    kind: str,
    help: str,  # noqa: A002
    values: Iterable[str] = (),
    **more: Any,
) -> Callable[[_F], _F]:
    """Return an option that takes a value of the enumeration `kind`, by default any."""
    return option(*names, type=Word(kind, values), help=help, **more)


def day_option(*names: str, help: str, **more: Any) -> Callable[[_F], _F]:  # noqa: A002
    """Return an option that takes a date."""
    return option(*names, type=DayParam(), help=help, **more)


def output_option(help: str) -> Callable[[_F], _F]:  # noqa: A002
    """Return the option that names the one file to write, as `file`."""
    return option(
        "-o",
        "--output",
        "file",
        required=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=help,
    )


other_option = option(
    "--other",
    multiple=True,
    metavar="PERSON",
    help=N_("Somebody in the registry who it could be and is not. May be given several times."),
)
_PLAIN = "photoreg.plain"


def _note_plain(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta[_PLAIN] = value


def _chosen_layout(ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not ctx.meta.get(_PLAIN):
        return value
    if value != "csv":
        raise click.UsageError(_("--plain goes with --format csv."), ctx)
    return PLAIN_CSV


def format_option(function: _F) -> _F:
    """Add the options for the layout of a list."""
    layout = option(
        "--format",
        "layout",
        type=Choice(FORMATS),
        default="table",
        show_default=True,
        callback=_chosen_layout,
        help=N_("The output: a table to read, CSV for Excel, or JSON or JSON lines for programs."),
    )
    plain = option(
        "--plain",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_note_plain,
        help=N_("CSV for programs: commas, and codes instead of words."),
    )
    return layout(plain(function))


as_of_option = day_option(
    "--as-of", help=N_("Show what was known at the end of this day, instead of now.")
)
purpose_option = option(
    "--purpose",
    metavar=N_("PURPOSE"),
    help=N_("Show names beside the ids, for this purpose. The viewing is logged."),
)


def use_options(function: _F) -> _F:
    """Add the options that describe an intended use: channel, purpose, mode."""
    for decorate in (
        enum_option(
            "--mode",
            kind="Mode",
            default="upload",
            show_default=True,
            help=N_("How the photo is used; a copy or a screenshot is an upload."),
        ),
        enum_option(
            "--purpose",
            kind="Purpose",
            default="information",
            show_default=True,
            help=N_("What the photo is used for."),
        ),
        option("--channel", required=True, help=N_("The channel, by its name in the registry.")),
    ):
        function = decorate(function)
    return function


def rights_options(function: _F) -> _F:
    """Add the options for rights that the register does not hold: terms, licence, licensor."""
    for decorate in (
        option("--licensor-url", default="", help=N_("The page where a licence can be asked for.")),
        option("--licence-url", default="", help=N_("The address of the licence on the web.")),
        option("--terms", default="", help=N_("The terms of use, in words.")),
    ):
        function = decorate(function)
    return function


def unit_options(function: _F) -> _F:
    """Add the options that name the unit something belongs to."""
    unit = option(
        "--unit",
        help=N_("The unit it belongs to, such as a school; an empty text removes it."),
    )
    new = option(
        "--new-unit",
        is_flag=True,
        help=N_("This is a new unit, although its name resembles another."),
    )
    return unit(new(function))


def is_interactive() -> bool:
    """Return whether the user can be prompted: standard input and standard error are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()
