"""`policy`: the settings of the municipality."""

import json
import re
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, format_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import place_of, print_step
from photoreg.errors import InputDataError, os_cause
from photoreg.named_files import read_regular
from photoreg.presentation.labels import setting_in_words, setting_label
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.organisation import POLICY, POLICY_DIFF
from photoreg.registry.names import near
from photoreg.rulebook.policy import DEFAULT_POLICY, policy_settings
from photoreg.rulebook.reasons import REASONS
from photoreg.services.audits.policy_impact import VerdictChange, compare_policy
from photoreg.services.organisation import policy
from photoreg.services.organisation.policy import format_setting
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("policy", cls=Group, help=N_("The municipality's settings for the rules."))
def policy_command() -> None:
    """Group the commands about the policy."""


@policy_command.command(
    "show", help=N_("Show the settings in force."), example="photoreg policy show"
)
@format_option
@click.pass_obj
def policy_show(context: CliContext, layout: str) -> None:
    """Show the policy."""
    version, rows = policy.show_policy(context.application)
    print_note(_("Version {version}.").format(version=version))
    print_view(POLICY, (_setting_row(row, layout) for row in rows), layout)


def setting_text(name: str, value: object, layout: str) -> str:
    """Return the value of a setting: in words for people, and as it is typed for programs."""
    return setting_in_words(name, value) if layout in FOR_PEOPLE else format_setting(value)


def _setting_row(row: policy.PolicySetting, layout: str) -> dict[str, Any]:
    """Return a setting as a row: in words for people, and as it is typed for programs."""
    return {
        **asdict(row),
        "value": setting_text(row.setting, row.value, layout),
        "default": setting_text(row.setting, row.default, layout),
        "meaning": setting_label(row.setting),
    }


@policy_command.command(
    "diff",
    help=N_(
        "Show which verdicts would change under other settings, before they are adopted: a "
        "TOML file, or settings with values. Secrecy is not shown."
    ),
    example="photoreg policy diff child_view_age=12",
)
@argument("changes", nargs=-1, required=True, metavar="FILE|SETTING=VALUE...")
@format_option
@click.pass_obj
def policy_diff(context: CliContext, changes: tuple[str, ...], layout: str) -> None:
    """Compare a changed policy with the one in force."""
    found = compare_policy(context.application, _settings(changes))
    rows = ({**asdict(change), "why": _change_reasons(change)} for change in found.changes)
    print_view(POLICY_DIFF, rows, layout)
    print_note(_("Photos whose verdicts would change: {count}.").format(count=found.photos))
    print_note(
        _("Publications that could no longer be shown: {count}.").format(count=found.publications)
    )


def _change_reasons(change: VerdictChange) -> list[str]:
    """Return the titles of the reasons that are added or, if there are none, removed."""
    return [_(REASONS[code].title) for code in change.new or change.gone]


@policy_command.command(
    "set",
    help=N_(
        "Adopt changed settings as a new version: from a TOML file, or as settings with "
        "values. Only the communications coordinator can do this."
    ),
    example="photoreg policy set child_view_age=12",
)
@argument("changes", nargs=-1, required=True, metavar="FILE|SETTING=VALUE...")
@click.pass_obj
def policy_set(context: CliContext, changes: tuple[str, ...]) -> None:
    """Change the policy."""
    adopted = policy.set_policy(context.application, _settings(changes))
    if not adopted.is_new:
        print_line(_("Already in force, nothing changed."))
    print_line(_("Policy version {version} is in force.").format(version=adopted.version))
    if adopted.is_new:
        print_note(_("See whether what is published may still be shown:"))
        print_step(NextAction.AUDIT_PUBLISHED)


def _settings(changes: tuple[str, ...]) -> dict[str, Any]:
    """Parse settings as typed; an argument without a value names a TOML file of settings.

    UsageError for a setting that is given twice, as for an option.
    """
    settings: dict[str, Any] = {}
    for change, behind in zip(changes, (*changes[1:], ""), strict=True):
        more = _setting(change) if "=" in change else _settings_in(Path(change), behind)
        for name in sorted(settings.keys() & more.keys()):
            text = _("{setting} is given twice. Give each setting once.")
            raise click.UsageError(text.format(setting=name))
        settings |= more
    return settings


def _settings_in(file: Path, behind: str) -> dict[str, Any]:
    try:
        return tomllib.loads(read_regular(file, _MAX_SETTINGS_BYTES).decode("utf-8"))
    except FileNotFoundError as error:
        raise _without_value(str(file), behind) from error
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be read: {cause}"),
            N_("Give a file of settings, or a setting with its value: guardians=all."),
            file=file,
            cause=os_cause(error),
        ) from error
    except UnicodeDecodeError as error:
        raise InputDataError(
            N_("{file} is not a text in UTF-8"), N_("Save it as a text in UTF-8."), file=file
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(file, error) from error


def _without_value(typed: str, behind: str) -> InputDataError:
    """Return the error for a word that is no file: a setting apart from its value, or neither.

    `behind` is the word behind it.
    """
    setting = next(iter(near(typed, policy_settings(DEFAULT_POLICY))), None)
    return InputDataError(
        N_("{value} is neither a file nor a setting with a value"),
        N_("Write the setting and its value in one: {setting}={behind}.")
        if setting
        else N_("Give a file of settings, or a setting with its value: guardians=all."),
        value=typed,
        setting=setting,
        behind=behind if behind and "=" not in behind else place_of("value"),
    )


_MAX_SETTINGS_BYTES = 1024 * 1024
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def _toml_error(file: Path, error: tomllib.TOMLDecodeError) -> InputDataError:
    """Return the error for a file that is no TOML, with the place; its own text is English."""
    hint = N_('Write one setting per line in TOML, for example guardians = "all".')
    found = _TOML_PLACE.search(str(error))
    if found is None:
        return InputDataError(N_("{file} ends in the middle of a setting"), hint, file=file)
    return InputDataError(
        N_("{file}, line {line}, column {column}: this is not a setting with a value"),
        hint,
        file=file,
        line=found[1],
        column=found[2],
    )


def _setting(change: str) -> dict[str, Any]:
    """Parse `name=value` as TOML; `off` becomes None, another bare word a string."""
    name, _equals, value = change.partition("=")
    if value.strip() == "off":
        return {name.strip(): None}
    try:
        return tomllib.loads(f"{name} = {value}")
    except tomllib.TOMLDecodeError:
        pass
    try:
        return tomllib.loads(f"{name} = {json.dumps(value.strip())}")
    except tomllib.TOMLDecodeError:
        raise InputDataError(
            N_("{value} is not a setting with a value"),
            N_("Write it as setting=value, for example guardians=all."),
            value=change,
        ) from None
