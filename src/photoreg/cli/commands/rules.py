"""`rules`: the rulebook itself; needs no registry and loads neither SQLModel nor Pillow."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import Group
from photoreg.cli.options import argument, format_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.errors import DONE, REFUSED, InputDataError, NotFound, Records, os_cause
from photoreg.named_files import read_regular
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import label
from photoreg.presentation.views.rules import RULES
from photoreg.registry.names import near
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.decision_table import RowOutcome, RowResult, TableError, run_table
from photoreg.rulebook.reasons import REASONS, Reason
from photoreg.rulebook.verdict import RULES_VERSION
from photoreg.sheets.formats import refuse_paper
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

_MAX_TABLE_BYTES = 32 * 1024 * 1024


@click.group("rules", cls=Group, help=N_("The rules: list, explain, test."))
def rules_command() -> None:
    """Group the commands about the rules."""


@rules_command.command(
    "list", help=N_("List every reason that the rules can give."), example="photoreg rules list"
)
@format_option
def rules_list(layout: str) -> None:
    """List the reasons."""
    print_view(RULES, map(_row, REASONS.values()), layout)


def _row(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "family": reason.family,
        "severity": reason.severity,
        "clauses": list(reason.clauses),
        "law": _(reason.law),
        "title": _(reason.title),
        "remedy": _(reason.remedy),
    }


@rules_command.command(
    "explain",
    help=N_(
        "Explain one reason: what is wrong, its basis in the guideline and law, and how to fix it."
    ),
    example="photoreg rules explain CN_NO_CONSENT",
)
@argument("code")
def rules_explain(code: str) -> None:
    """Explain one reason."""
    reason = REASONS.get(code.strip().upper())
    if reason is None:
        alike = near(code.upper(), REASONS)
        raise NotFound(
            N_("there is no reason {code}"),
            N_("Did you mean {near}?") if alike else "",
            step=NextStep.to(NextAction.RULES_LIST),
            code=code,
            near=Records(alike),
        )
    print_line(f"{reason.code} · {label(reason.severity)} · {label(reason.family)}")
    print_line(_(reason.title))
    for clause in reason.clauses:
        print_line(
            _("Guideline {clause}, section “{section}”: {asks}").format(
                clause=clause, section=CLAUSES[clause].section, asks=_(CLAUSES[clause].asks)
            )
        )
    if reason.law:
        print_line(_("Law: {law}").format(law=_(reason.law)))
    if reason.remedy:
        print_line(_("How to fix this: {remedy}").format(remedy=_(reason.remedy)))
    print_line(_("Rules version {version}.").format(version=RULES_VERSION))


@rules_command.command(
    "test",
    help=N_(
        "Run a decision table against the rules. Prints each row that differs. The exit code "
        "is 0 when all rows are as expected, 3 when a row differs, 9 when the table is invalid. "
        "Columns from controller to deceased_said may be left out, or left empty where they do "
        "not apply."
    ),
    example="photoreg rules test tests/rulebook/decision_table.csv",
)
@argument("table", type=click.Path(path_type=Path), metavar="TABLE")
@click.pass_context
def rules_test(ctx: click.Context, table: Path) -> None:
    """Run a decision table."""
    count = as_expected = 0
    for result in _results(table):
        count += 1
        as_expected += result.is_as_expected
        if not result.is_as_expected:
            print_line(
                _("line {line}, {id}: expected {expected}; got {got}").format(
                    line=result.line,
                    id=safe(result.id),
                    expected=_outcome_text(result.expected),
                    got=_outcome_text(result.actual),
                )
            )
    print_line(
        _("Rows as expected: {as_expected}/{count}").format(as_expected=as_expected, count=count)
    )
    if not count:
        print_note(_("The table has no rows."))
    ctx.exit(DONE if as_expected == count else REFUSED)


def _outcome_text(answered: RowOutcome) -> str:
    codes = ";".join(sorted(answered.reasons)) or "-"
    notices = ";".join(sorted(answered.notices)) or "-"
    return f"{answered.outcome} {codes} {notices}"


def _results(table: Path) -> Iterator[RowResult]:
    try:
        content = read_regular(table, _MAX_TABLE_BYTES)
        refuse_paper(content, table.name)
        yield from run_table(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except OSError as error:
        raise InputDataError(
            N_("the table {file} cannot be read: {cause}"),
            N_("Give a CSV file."),
            file=table,
            cause=os_cause(error),
        ) from error
    except UnicodeDecodeError as error:
        raise InputDataError(
            N_("{file}, line {line}, column {column}: the table is not UTF-8 text"),
            N_("Save it as CSV in UTF-8."),
            file=table.name,
            line=error.object.count(b"\n", 0, error.start) + 1,
            column=error.start - error.object.rfind(b"\n", 0, error.start),
        ) from error
    except TableError as error:
        raise _print_table_error(table, error) from error


def _print_table_error(table: Path, error: TableError) -> InputDataError:
    message = N_("{file}, line {line}, column {column}: “{value}” is not allowed here")
    hint = N_("Allowed values: {allowed}.")
    if not error.allowed:
        message = N_("{file}, line {line}, column {column}: the column or value is missing")
        hint = N_("Compare the table with tests/rulebook/decision_table.csv.")
    return InputDataError(
        message,
        hint,
        file=table.name,
        line=error.line,
        column=error.column,
        value=error.value,
        allowed=error.allowed,
    )
