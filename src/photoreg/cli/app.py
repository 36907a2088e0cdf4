"""The program: loads commands on demand, turns errors into messages and exit codes."""

import gc
import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from photoreg import __version__, errors
from photoreg.cli.anywhere import option_anywhere, use_language_in, with_options_anywhere
from photoreg.cli.metavariables import translated_metavar
from photoreg.cli.settings import DEFAULT_REGISTRY, Settings, read_settings, system_login
from photoreg.cli.terminal import terminal_width
from photoreg.cli.unquoted import option_in_quotes, parted_name, surplus_words
from photoreg.errors import PhotoregError, RegistryMissing
from photoreg.texts import (
    LANGUAGES,
    N_,
    _,
    by_number,
    language_named,
    preferred_language,
    use_language,
)

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from photoreg.registry.tables.people import StaffRole
    from photoreg.services.application import Application

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", N_("Create a new registry.")),
    "demo": ("demo", N_("Show a complete example with sample photos.")),
    "serve": ("serve", N_("Open the desk: photoreg in the browser.")),
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
    "template": ("template", N_("Empty tables to fill in: class lists, consents, answers.")),
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
    "api-key": ("api_key", N_("Keys by which other systems use the API.")),
    "unit": ("unit", N_("Units of the organisation, such as a school.")),
    "db": ("db", N_("The registry itself: condition, version and copies.")),
    "completion": ("completion", N_("Complete commands and names with the Tab key.")),
}
"""Every command: its module in photoreg.cli.commands, and its short help.

The short help is here so that `--help` loads no command, and thus neither SQLModel nor Pillow.
"""


GC_THRESHOLD = 10_000
"""How many new objects trigger Python's garbage collection; its default is 700.

A transaction leaves some 160 objects in reference cycles, 60 KB with their texts, so up to 4 MB
wait for collection. A higher number saves no measurable time and costs memory.
"""

ABOUT_OPTIONS = N_(
    "These options may also stand behind the command. What you use every time is kept in a "
    "settings file, photoreg.toml."
)

MAX_WIDTH, MIN_WIDTH = 100, 50
"""The maximum and minimum width of the help, in characters."""


TYPED = "photoreg.typed"
"""Where a context keeps the words behind the command."""

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


class Completed:
    """Mixin that completes what a parameter takes: by its type, or else from the registry."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """Return what the shell offers for the word that is typed."""
        from photoreg.cli.completing import offered_values

        by_type: list[CompletionItem[Any]] = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        return by_type or offered_values(self, ctx, incomplete)  # type: ignore[arg-type]


class Option(Completed, TranslatedHelp, click.Option):
    """An option whose help and prompt are translated when they are shown."""

    _prompt: str | None = None

    @property
    def prompt(self) -> str | None:
        """The prompt for a missing option, in the user's language."""
        return _(self._prompt) if self._prompt else self._prompt

    @prompt.setter
    def prompt(self, text: str | None) -> None:
        self._prompt = text

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; the error for a missing channel names those that there are."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            from photoreg.cli.completing import offered_values

            offered = offered_values(self, ctx, "") if "--channel" in self.opts else []
            if not offered:
                raise
            channels = ", ".join(str(each.value) for each in offered)
            text = _("The channels are: {channels}.").format(channels=channels)
            raise click.MissingParameter(text, ctx, self) from None

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the metavariable shown in the help, in the user's language."""
        return translated_metavar(super().make_metavar(ctx))


class LanguageParam(click.ParamType[str]):
    """A language by its code, its name or a locale: fi, suomi, fi_FI.UTF-8."""

    name = "language"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the codes in the help."""
        return f"[{'|'.join(LANGUAGES)}]"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> "list[CompletionItem[Any]]":
        """Offer the codes."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(code) for code in LANGUAGES if code.startswith(incomplete)]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code; anything else is a usage error (exit 2)."""
        return language_named(str(value)) or self.fail(unknown_language(value), param, ctx)


def unknown_language(named: str) -> str:
    """Return the message for a language that photoreg has no texts in."""
    text = _("photoreg speaks Finnish (fi) and English (en), not {value}.")
    return text.format(value=named)


class Argument(Completed, click.Argument):
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
            text = _("{option} may be given once in a command.")
            raise click.UsageError(text.format(option=names))


class OurCommand(TranslatedHelp):
    """A command with translated `--help` option and usage line that takes each option once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; UsageError for an option that may be given once, given twice."""
        if not ctx.resilient_parsing:
            parser = self.make_parser(ctx)  # type: ignore[attr-defined]
            _values, surplus, order = parser.parse_args(list(args))
            refuse_repeated_options(order)
            ctx.meta[TYPED] = list(args)
            options = (name for each in self.get_params(ctx) for name in each.opts)
            if found := option_in_quotes(args, options):
                text = _("Close the quotation marks before {option}: {words}")
                raise click.UsageError(text.format(option=found[0], words=found[1]), ctx)
            if surplus and not ctx.allow_extra_args:
                taken = sum(isinstance(each, click.Argument) for each in self.params)  # type: ignore[attr-defined]
                raise click.UsageError(surplus_words(args, surplus, taken), ctx)
        return super().parse_args(ctx, args)  # type: ignore[misc, no-any-return]

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters; of a command also the program's options, which help hides."""
        params: list[click.Parameter] = super().get_params(ctx)  # type: ignore[misc]
        return with_options_anywhere(params, ctx) if ctx.parent is not None else params

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


class UnknownCommand(click.NoSuchCommand):
    """There is no such command; the message names those that may have been meant, or all."""

    def __init__(self, name: str, commands: Sequence[str], ctx: click.Context) -> None:
        super().__init__(name, ctx=ctx)
        self._commands = commands
        self._group = " ".join(filter(None, ("photoreg", ctx.command_path.partition(" ")[2])))

    def format_message(self) -> str:
        """Return the message, with commands as they are typed."""
        from photoreg.cli.other_words import meant_commands

        meant = meant_commands(self.command_name, self._commands)
        text = _("Did you mean {near}?") if meant else _("The commands are: {commands}.")
        whole = ", ".join(f"{self._group} {each}" for each in meant)
        return f"{self.message} {text.format(near=whole, commands=', '.join(self._commands))}"


class Group(OurCommand, click.Group):
    """A group of commands."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of an unknown one, name those that may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            commands = self.list_commands(ctx)
            raise UnknownCommand(error.command_name, commands, ctx) from error


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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the program's options, in the language that is wished for anywhere on the line."""
        use_language_in(args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return all commands, the everyday ones first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module = _loaded(f"photoreg.cli.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """Offer the commands from COMMANDS, without loading them; and the program's options."""
        from click.shell_completion import CompletionItem

        begun = [name for name in COMMANDS if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(each, help=_(COMMANDS[each][1])) for each in begun), *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from COMMANDS, without loading them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(short)) for name, (_module, short) in COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Say where the options may stand, and where they can be kept."""
        formatter.write_paragraph()
        formatter.write_text(_(ABOUT_OPTIONS))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn errors into a message and the exit code from errors.EXIT_CODES."""
        try:
            return super().invoke(ctx)
        except PhotoregError as error:
            print_error(error)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            has_changed = ctx.obj is not None and ctx.obj.has_changed()
            text = _("Interrupted. Everything completed before the interruption is saved.")
            nothing = _("Interrupted. Nothing was recorded.")
            click.echo(text if has_changed else nothing, err=True)
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


def _loaded(name: str) -> ModuleType:
    """Return a module; while it is loaded for the first time, no garbage is collected.

    Modules live until the end: collecting garbage among them is useless and takes a third of the
    time of a short command.
    """
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    module = importlib.import_module(name)
    gc.freeze()
    gc.enable()
    gc.set_threshold(GC_THRESHOLD)
    return module


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

    names = _names_in(error)
    text, hint = error_texts(error, names)
    lines = (_("Error: {message}").format(message=text), hint, *what_next(error))
    for line in (*lines, _who_else(error, names, text)):
        if line:
            click.echo(visible(line), err=True)


def what_next(error: PhotoregError) -> list[str]:
    """Return the options of the running command that an error concerns, and the next command."""
    from photoreg.cli.printing.next_steps import options_named, step_lines

    context = click.get_current_context(silent=True)
    options = options_named(error.fields, context)
    lines = [_("Options: {options}").format(options=", ".join(options))] if options else []
    typed = context.meta.get(TYPED, []) if context is not None else []
    if name := parted_name(typed, error.values.values()):
        text = _('A name of several words stands in quotation marks: "{name}"')
        lines.append(text.format(name=name))
    if isinstance(error, RegistryMissing) and context is not None and context.obj is not None:
        where, is_known = context.obj.where_looked(str(error.values["path"]))
        lines += where
        if is_known:  # whoever has a registry does not make another one
            return lines
    return [*lines, *step_lines(error.step)] if error.step else lines


def _names_in(error: PhotoregError) -> dict[str, str]:
    """Return the names of the persons in an error whom the user may see, by id."""
    from photoreg.cli.printing.next_steps import names_shown
    from photoreg.presentation.messages import persons_in

    return names_shown(persons_in(error))


def _who_else(error: PhotoregError, names: dict[str, str], text: str) -> str:
    """Return who the persons of a next step are whom the message did not name."""
    from photoreg.cli.printing.next_steps import persons_line

    others = {person: name for person, name in names.items() if name not in text}
    return persons_line(error.step, others)


class CliContext:
    """What every command needs: the user, and the registry, which is opened on first use.

    What is not stated by an option or the environment comes from the settings file; both are looked
    at on first use, since options may stand behind the command. `read` are the settings if they
    were read already, for the language.
    """

    def __init__(self, read: Settings | None = None, **stated: str | None) -> None:
        self._read = read
        self._stated = stated

    def state(self, name: str, value: str) -> None:
        """Take the value of an option that stands behind the command."""
        self._stated[name] = value

    @cached_property
    def settings(self) -> Settings:
        """The settings file's values; those that others may write are named, and not read."""
        from photoreg.presentation.cells import visible

        named, read = self._stated["registry"], self._read
        settings = read if read is not None and read.registry == named else read_settings(named)
        for file in settings.untrusted:
            text = _("The settings file {file} is not read: others may change it or its folder.")
            click.echo(visible(text.format(file=file)), err=True)
        return settings

    @property
    def location(self) -> str:
        """The registry: a file, or the address of a database."""
        return self._stated["registry"] or self.settings.get("registry") or DEFAULT_REGISTRY

    @property
    def login(self) -> str:
        """Who acts, as stated or assumed; what they may do is the registry's to say."""
        return self._stated["login"] or self.settings.get("who") or system_login()

    @property
    def is_stated(self) -> bool:
        """Whether the login is stated, by an option, the environment or the settings file."""
        return bool(self._stated["login"] or self.settings.get("who"))

    @property
    def evidence(self) -> "Path | None":
        """The evidence folder, if one was named."""
        from pathlib import Path

        folder = self._stated["folder"] or self.settings.get("evidence")
        return Path(folder) if folder else None

    @property
    def is_default_place(self) -> bool:
        """Whether nothing names a registry, so that it is in the working folder."""
        return not (self._stated["registry"] or self.settings.get("registry"))

    def where_looked(self, missing: str) -> tuple[list[str], bool]:
        """Return why a missing registry was looked for there, and which one was used last.

        Nothing about another registry, such as one to be copied. Also whether one was used last.
        """
        from pathlib import Path

        from photoreg.cli.printing.where_looked import lines_about_last, lines_about_place

        if missing != str(Path(self.location)):
            return [], False
        setting = self.settings.values.get("registry")
        last = lines_about_last(self.location, self._stated["login"])
        place = lines_about_place(self.location, self._stated["registry"], setting)
        return [*place, *last], bool(last)

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
        from photoreg.cli.last_registry import remember_registry
        from photoreg.registry.engines.database import Registry
        from photoreg.services.application import Application

        _keep_libraries_quiet()
        registry = Registry.open(self.location, self.evidence)
        remember_registry(registry.store.display_name)
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

    def has_changed(self) -> bool:
        """Return whether a unit of work was completed in the registry."""
        application = self.__dict__.get("application")
        return application is not None and application.reacted.units > 0

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
    default=DEFAULT_REGISTRY,
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
    help=N_(
        "Your login in the registry; default: your login on this computer. On a server the login "
        "there decides who acts."
    ),
)
@click.option(
    "--lang",
    cls=Option,
    type=LanguageParam(),
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
def cli(ctx: click.Context, registry: str, folder: str | None, login: str | None) -> None:
    """Set up what all commands share."""
    is_named = ctx.get_parameter_source("registry") is not click.core.ParameterSource.DEFAULT
    named = registry if is_named else None
    ctx.obj = CliContext(ctx.obj, registry=named, folder=folder, login=login)
    # https://no-color.org; Click looks at neither
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Sámi letters everywhere
    typed = sys.argv[1:] if arguments is None else list(arguments)
    if "_PHOTOREG_COMPLETE" in os.environ:
        _complete()
    read = _choose_preferred_language(typed)
    cli.main(args=typed, prog_name="photoreg", obj=read)


def open_desk() -> None:
    """Open the desk: how a launcher without a console starts it, where nothing can be printed."""
    import io

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    main(["serve", *sys.argv[1:]])


def _complete() -> NoReturn:
    """Answer the shell's request for completions; nothing that goes wrong is shown."""
    import io
    from contextlib import redirect_stderr

    with redirect_stderr(io.StringIO()), suppress(Exception):
        from photoreg.cli import completing

        _choose_preferred_language([])
        cli.main(prog_name="photoreg", complete_var=completing.COMPLETE_VARIABLE)
    sys.exit(0)


def _choose_preferred_language(typed: list[str]) -> Settings | None:
    """Use the language of the environment, the settings file or the computer, in this order.

    Return the settings if they were read. A settings file with an error is told by the command that
    needs it, in the computer's language.
    """
    wish = os.environ.get("PHOTOREG_LANG") or ""
    use_language(preferred_language(wish))
    if language_named(wish):
        return None
    if wish:
        click.echo(unknown_language(wish), err=True)
    try:
        named = option_anywhere("--registry", typed) or os.environ.get("PHOTOREG_REGISTRY")
        settings = read_settings(named or None)
    except PhotoregError:
        return None
    use_language(preferred_language(settings.get("language")))
    return settings


if __name__ == "__main__":
    # Commands import this module by name; run as a script it would be loaded twice.
    from photoreg.cli.app import main as run_program

    run_program()
