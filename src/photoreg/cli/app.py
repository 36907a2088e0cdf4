"""The program: loads commands on demand, turns errors into messages and exit codes."""

import gc
import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from photoreg import __version__, errors
from photoreg.cli.metavariables import translated_metavar
from photoreg.cli.terminal import terminal_width
from photoreg.errors import PhotoregError
from photoreg.texts import LANGUAGES, N_, _, by_number, preferred_language, use_language

if TYPE_CHECKING:
    from pathlib import Path

    from photoreg.registry.tables.people import StaffRole
    from photoreg.services.application import Application

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", N_("Create a new registry.")),
    "demo": ("demo", N_("Show a complete example with sample photos.")),
    "today": ("today", N_("List what needs to be done now, with a command for each task.")),
    "register": ("register", N_("Register photos: files or folders.")),
    "check": ("check", N_("May these photos be published? Lists every reason.")),
    "approve": ("check", N_("Approve photos for publication, or open a case.")),
    "export": ("export", N_("Make the copy of a photo for publication.")),
    "show": ("photo", N_("Show everything about a photo.")),
    "match": ("match", N_("Which registered photo is this picture, and may it be published?")),
    "photo": ("photo", N_("Photos: list, answer questions, name the people shown.")),
    "event": ("event", N_("Events: one answer for all the photos of an event.")),
    "sheet": ("sheet", N_("The questions about an event's photos as a table to fill in.")),
    "person": ("person", N_("People: photographers, people in photos, and guardians.")),
    "guardian": ("guardian", N_("Guardians of children.")),
    "consent": ("consent", N_("Consents of the people in photos.")),
    "evidence": ("evidence", N_("Documents that prove consents, permissions and decisions.")),
    "permission": ("permission", N_("Copyright permissions of photographers.")),
    "channel": ("channel", N_("Channels where the municipality publishes.")),
    "case": ("case", N_("Unclear cases for the communications coordinator to rule on.")),
    "flag": ("flag", N_("Photos that somebody has stopped or objects to.")),
    "publication": ("publication", N_("Where photos are published, and what must be taken down.")),
    "audit": ("audit", N_("Lists for auditors.")),
    "retention": ("retention", N_("Deleting data that is no longer needed.")),
    "metadata": ("metadata", N_("The information stored in photo files.")),
    "undo": ("undo", N_("Undo what you recorded last.")),
    "rules": ("rules", N_("The rules: list, explain, test.")),
    "policy": ("policy", N_("The municipality's settings.")),
    "staff": ("staff", N_("The users of the registry.")),
    "unit": ("unit", N_("Units of the organisation, such as a school.")),
    "db": ("db", N_("The registry itself: condition, version and copies.")),
}
"""Every command: its module in photoreg.cli.commands, and its short help.

The short help is here so that `--help` loads no command, and thus neither SQLModel nor Pillow.
"""


GC_THRESHOLD = 10_000
"""How many new objects trigger Python's garbage collection; its default is 700.

A transaction leaves some 160 objects in reference cycles, 60 KB with their texts, so up to 4 MB
wait for collection. A higher number saves no measurable time and costs memory.
"""

MAX_WIDTH, MIN_WIDTH = 100, 50
"""The maximum and minimum width of the help, in characters."""


WHOLE_SENTENCE = 1_000
"""More characters than the first sentence of any help has."""


def _let_click_speak_our_language() -> None:
    """Make Click use our gettext functions: its own are per process, ours per thread.

    Our catalogue contains Click's texts too.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for known, ours in (("_", _), ("ngettext", by_number)):
                if hasattr(module, known):
                    setattr(module, known, ours)


_let_click_speak_our_language()


class TranslatedHelp:
    """Mixin that translates the English help text when it is shown."""

    _help: str | None = None

    @property
    def help(self) -> str | None:
        """The help text in the user's language."""
        return _(self._help) if self._help else self._help

    @help.setter
    def help(self, text: str | None) -> None:
        self._help = text


class Option(TranslatedHelp, click.Option):
    """An option whose help and prompt are translated when they are shown."""

    _prompt: str | None = None

    @property
    def prompt(self) -> str | None:
        """The prompt for a missing option, in the user's language."""
        return _(self._prompt) if self._prompt else self._prompt

    @prompt.setter
    def prompt(self, text: str | None) -> None:
        self._prompt = text

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the metavariable shown in the help, in the user's language."""
        return translated_metavar(super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument whose metavariable is translated when it is shown."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the metavariable shown in the usage line, in the user's language."""
        return translated_metavar(super().make_metavar(ctx))


def refuse_repeated_options(order: Iterable[click.Parameter]) -> None:
    """Raise UsageError if an option that may be given once was given twice.

    `order` names each option as often as it was given. Click would use the last value and lose the
    others in silence, a refusal among them. Repeating a flag that only says yes is harmless.
    """
    given: dict[str | None, click.Option] = {}
    for option in order:
        if not isinstance(option, click.Option) or option.multiple:
            continue
        earlier, given[option.name] = given.get(option.name), option
        is_plain_flag = option.is_flag and not option.secondary_opts
        if earlier is not None and not (is_plain_flag and earlier is option):
            names = "/".join((*option.opts, *option.secondary_opts))
            text = _("{option} may be given once. Use one command for each value.")
            raise click.UsageError(text.format(option=names))


class OurCommand(TranslatedHelp):
    """A command with translated `--help` option and usage line that takes each option once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; UsageError for an option that may be given once, given twice."""
        if not ctx.resilient_parsing:
            parser = self.make_parser(ctx)  # type: ignore[attr-defined]
            refuse_repeated_options(parser.parse_args(list(args))[2])
        return super().parse_args(ctx, args)  # type: ignore[misc, no-any-return]

    def get_short_help_str(self, limit: int = WHOLE_SENTENCE) -> str:  # noqa: ARG002
        """Return the first sentence of the help: it is wrapped in lists, and never cut."""
        return super().get_short_help_str(WHOLE_SENTENCE)  # type: ignore[misc, no-any-return]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option with its text translated when it is shown."""
        found = super().get_help_option(ctx)  # type: ignore[misc]
        if found is not None:
            found.help = _("Show this message and exit.")
        return found  # type: ignore[no-any-return]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line, in the user's language."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [translated_metavar(piece) for piece in pieces]


class Command(OurCommand, click.Command):
    """A command whose help is translated and ends with a working example."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        if self.example:
            with formatter.section(_("Example")):
                formatter.write_text(_(self.example))
        super().format_epilog(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, then print the consequences of its changes, even if part of it failed.

        Errors are printed here, where the options of the failing command are known.
        """
        try:
            return super().invoke(ctx)
        except PhotoregError as error:
            print_error(error)
            ctx.exit(error.exit_code)
        finally:
            if ctx.obj is not None:
                ctx.obj.tell_reactions(as_data=ctx.params.get("layout", "table") != "table")


class Group(OurCommand, click.Group):
    """A group of commands."""

    command_class = Command


class LazyGroup(Group):
    """The top-level group: loads a command's module only when the command is needed.

    A common command takes half a second, mostly for imports. So this module imports as little as
    possible; `pathlib`, `dataclasses` and the like are imported on first use.
    """

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Measure the terminal as Click does, without importing `shutil`."""
        extra.setdefault("terminal_width", max(min(terminal_width(), MAX_WIDTH) - 2, MIN_WIDTH))
        try:
            return super().make_context(*args, **extra)
        except OSError as error:
            if error.filename is not None or isinstance(error, BrokenPipeError):
                raise
            output_error = _output_error(error)  # of the help or the version
            print_error(output_error)
            raise click.exceptions.Exit(output_error.exit_code) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return all commands, the everyday ones first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        # Imported modules live until the end: collecting garbage among them is useless and takes
        # a third of the time of a short command.
        gc.disable()
        module = importlib.import_module(f"photoreg.cli.commands.{COMMANDS[cmd_name][0]}")
        gc.freeze()
        gc.enable()
        gc.set_threshold(GC_THRESHOLD)
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from COMMANDS, without loading them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(short)) for name, (_module, short) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn errors into a message and the exit code from errors.EXIT_CODES."""
        try:
            return super().invoke(ctx)
        except PhotoregError as error:
            print_error(error)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo(
                _("Interrupted. Everything completed before the interruption is saved."), err=True
            )
            ctx.exit(errors.INTERRUPTED)
        except click.ClickException as error:
            from photoreg.presentation.cells import visible

            error.message = visible(error.message)  # type: ignore[misc]
            raise
        except (click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - no user ever sees a traceback
            if isinstance(error, OSError) and error.filename is None:
                output_error = _output_error(error)
                print_error(output_error)
                ctx.exit(output_error.exit_code)
            if ctx.obj is not None and (damage := ctx.obj.damage()):
                print_error(damage)
                ctx.exit(damage.exit_code)
            click.echo(
                _("An internal error occurred in photoreg. No change was left half done."), err=True
            )
            click.echo(
                _("Report it to photoreg support; PHOTOREG_DEBUG=1 shows them what happened."),
                err=True,
            )
            if os.environ.get("PHOTOREG_DEBUG"):
                import traceback

                traceback.print_exc()
            ctx.exit(PhotoregError.exit_code)


def _output_error(error: OSError) -> errors.RegistryError:
    """Return the error for a failed write to standard output, such as on a full disk."""
    return errors.RegistryError(
        N_("the output cannot be written: {cause}"),
        N_("Check whether the command took effect before you repeat it."),
        cause=errors.os_cause(error),
    )


def print_error(error: PhotoregError) -> None:
    """Print an error's message, followed by what to do about it."""
    from photoreg.presentation.cells import visible
    from photoreg.presentation.messages import error_texts

    text, hint = error_texts(error)
    for line in (_("Error: {message}").format(message=text), hint, *what_next(error)):
        if line:
            click.echo(visible(line), err=True)


def what_next(error: PhotoregError) -> list[str]:
    """Return the options of the running command that an error concerns, and the next command."""
    from photoreg.cli.printing.next_steps import options_named, step_line

    options = options_named(error.fields, click.get_current_context(silent=True))
    lines = [_("Options: {options}").format(options=", ".join(options))] if options else []
    return [*lines, step_line(error.step)] if error.step else lines


class CliContext:
    """What every command needs: the user, and the registry, which is opened on first use."""

    def __init__(
        self, where: str, evidence: str | None, login: str, *, is_stated: bool = True
    ) -> None:
        self.location = where
        self.login = login
        self.is_stated = is_stated
        self._evidence = evidence

    @property
    def evidence(self) -> "Path | None":
        """The evidence folder, if one was named."""
        from pathlib import Path

        return Path(self._evidence) if self._evidence else None

    @property
    def file(self) -> "Path":
        """The registry file; raises RegistryError if the registry is on a server."""
        from photoreg.registry.engines.database import Registry

        return Registry(self.location).path

    @property
    def redacted_location(self) -> str:
        """The location of the registry, without a password."""
        from photoreg.registry.engines.database import store_for

        return store_for(self.location, self.evidence).display_name

    @cached_property
    def application(self) -> "Application":
        """The application; opening it loads SQLModel."""
        from photoreg.registry.engines.database import Registry
        from photoreg.services.application import Application

        _keep_libraries_quiet()
        registry = Registry.open(self.location, self.evidence)
        context = click.get_current_context()
        application = Application(
            registry,
            self.login,
            computer_login=system_login(),
            command=_command_name(context),
            is_stated=self.is_stated,
        )
        context.call_on_close(registry.close)
        context.call_on_close(application.record_looks)  # runs first
        return application

    @property
    def role(self) -> "StaffRole | None":
        """The user's role in the registry, once it is known."""
        application = self.__dict__.get("application")
        return application.known.role if application is not None else None

    def damage(self) -> PhotoregError | None:
        """Return the error for a damaged registry, if one was opened and is damaged."""
        application = self.__dict__.get("application")
        if application is None or not application.registry.is_damaged():
            return None
        error: PhotoregError = application.registry.damaged_error()
        return error

    def tell_reactions(self, *, as_data: bool) -> None:
        """Print what followed from the changes; with `as_data`, on standard error."""
        application = self.__dict__.get("application")
        if application is not None and application.reacted.has_results:
            from photoreg.cli.printing.takedowns import print_reacted

            print_reacted(application.reacted, err=as_data)
            application.reacted.forget()


def _keep_libraries_quiet() -> None:
    """Print no traceback of what a library logs, such as of a list whose reader has gone away."""
    import logging

    if not (os.environ.get("PHOTOREG_DEBUG") or logging.root.handlers):
        logging.root.addHandler(logging.NullHandler())


def _command_name(context: click.Context) -> str:
    """Return the name of the running command, such as `person list`."""
    return context.command_path.partition(" ")[2]


def system_login() -> str:
    """Return the login on this computer, or an empty string if there is none."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # Windows has no list of users to import
        return ""


def _choose_language(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        use_language(value)


@click.group(
    cls=LazyGroup,
    help=N_(
        "photoreg tells whether a photo may be published, and documents why. It checks rights "
        "only, not the content of the post."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MAX_WIDTH},
)
@click.option(
    "--registry",
    cls=Option,
    envvar="PHOTOREG_REGISTRY",
    default="photoreg.db",
    show_default=True,
    help=N_("The registry: a file, or postgresql://LOGIN@SERVER/DATABASE."),
)
@click.option(
    "--evidence",
    "folder",
    cls=Option,
    envvar="PHOTOREG_EVIDENCE",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help=N_("The evidence folder, for a registry on a server."),
)
@click.option(
    "--as",
    "login",
    cls=Option,
    envvar="PHOTOREG_ACTOR",
    default=system_login,
    help=N_(
        "Your login in the registry; default: your login on this computer. On a server the login "
        "there decides who acts."
    ),
)
@click.option(
    "--lang",
    cls=Option,
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_choose_language,
    help=N_("The language of the texts: Finnish or English."),
)
@click.version_option(
    __version__,
    "--version",
    cls=Option,
    message="photoreg %(version)s",
    help=N_("Show the version and exit."),
)
@click.pass_context
def cli(ctx: click.Context, registry: str, folder: str | None, login: str) -> None:
    """Set up what all commands share."""
    is_stated = ctx.get_parameter_source("login") is not click.core.ParameterSource.DEFAULT
    ctx.obj = CliContext(registry, folder, login, is_stated=is_stated)
    # https://no-color.org; Click looks at neither
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program."""
    use_language(preferred_language(os.environ.get("PHOTOREG_LANG")))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Sámi letters everywhere
    cli.main(args=None if arguments is None else list(arguments), prog_name="photoreg")


if __name__ == "__main__":
    # Commands import this module by name; run as a script it would be loaded twice.
    from photoreg.cli.app import main as run_program

    run_program()
