"""`case`: unclear photos that wait for the communications coordinator, and the rulings on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from photoreg.cli.app import Group, Office
from photoreg.cli.check import print_verdict
from photoreg.cli.options import format_option, option
from photoreg.cli.output import safe, say, show
from photoreg.cli.views import CASES
from photoreg.cli.words import WORDS, Word, in_words, word
from photoreg.registry.tables import RulingKind
from photoreg.rulebook.facts import OPEN_ENDED
from photoreg.services import ruling
from photoreg.services.ruling import CaseRow, CaseState, WholeCase
from photoreg.services.workplace import HELSINKI
from photoreg.texts import N_, _


@click.group("case", cls=Group, help=N_("Unclear cases, for the communications coordinator."))
def case_command() -> None:
    """Group."""


@case_command.command(
    "list",
    help=N_("List the cases that wait for a ruling, the oldest first."),
    example="photoreg case list",
)
@option("--all", "everything", is_flag=True, help=N_("Also those that are ruled on or void."))
@option("--channel", help=N_("Only cases for this channel."))
@format_option
@click.pass_obj
def case_list(office: Office, everything: bool, channel: str | None, layout: str) -> None:
    """List cases."""
    rows = ruling.list_cases(office.workplace, channel=channel, everything=everything)
    show(CASES, (_row(row, layout) for row in rows), layout)


def _row(row: CaseRow, layout: str) -> dict[str, Any]:
    for_people = layout == "table"
    return {
        "case": row.case,
        "photo": row.photo,
        "channel": row.channel,
        "opened_at": moment(row.opened_at, layout),
        "due_at": moment(row.due_at, layout),
        "overdue": row.overdue,
        "codes": row.codes,
        "state": word(row.state) if for_people else row.state,
        "ruling": word(row.ruling) if for_people and row.ruling else row.ruling,
    }


def moment(when: datetime, layout: str = "table") -> str:
    """Return a time as the clocks in Finland show it; as data with its distance from UTC."""
    local = when.astimezone(HELSINKI)
    return f"{local:%Y-%m-%d %H:%M}" if layout == "table" else local.isoformat(timespec="seconds")


@case_command.command(
    "show",
    help=N_("Show everything about a case: the facts, the reasons, and the ruling."),
    example="photoreg case show K-1",
)
@click.argument("case")
@click.pass_obj
def case_show(office: Office, case: str) -> None:
    """Show one case."""
    whole = ruling.show_case(office.workplace, case)
    row = whole.row
    click.echo(
        _("{case}: {photo} {file} · {channel} · {state}").format(
            case=row.case,
            photo=row.photo,
            file=safe(whole.now.file_name),
            channel=row.channel,
            state=word(row.state),
        )
    )
    opened = _("Opened {opened} by {login}, due {due}.").format(
        opened=moment(row.opened_at), login=whole.opened_by, due=moment(row.due_at)
    )
    click.echo("  " + opened + (" " + _("It is overdue.") if row.overdue else ""))
    click.echo(_("  Reasons: {codes}").format(codes=", ".join(row.codes)))
    if row.ruling:
        _print_ruling(whole)
    click.echo(_("The facts when the case was opened:"))
    for line in facts_in_words(whole.facts):
        click.echo(f"  {line}")
    click.echo(_("The verdict now:"))
    print_verdict(whole.now, explain=False)
    _say_what_is_next(row)


def _print_ruling(whole: WholeCase) -> None:
    when = moment(whole.ruled_at) if whole.ruled_at else ""
    click.echo(
        _("  Ruling: {ruling} ({login}, {when})").format(
            ruling=word(whole.row.ruling), login=whole.ruled_by, when=when
        )
    )
    click.echo(_("  Because: {reason}").format(reason=safe(whole.reason)))


def _say_what_is_next(row: CaseRow) -> None:
    if row.state is CaseState.VOID:
        say(_("The facts have changed since, so the case is void and nothing said on it counts."))
        say(
            _("Ask for approval again: photoreg approve {photo} --channel {channel}").format(
                photo=row.photo, channel=row.channel
            )
        )
    elif row.state is CaseState.OPEN:
        say(_("To rule: photoreg case rule {case} publishable --reason TEXT").format(case=row.case))


@case_command.command(
    "rule",
    help=N_(
        "Rule on an unclear case, with a reason. The ruling holds for exactly these facts and is "
        "void as soon as one changes. Only coordinators may, and not on their own photos."
    ),
    example='photoreg case rule K-1 publishable --reason "A market view; nobody stands out."',
)
@click.argument("case")
@click.argument("kind", type=Word("RulingKind"))
@option("--reason", required=True, help=N_("Why; kept with the ruling, for others to follow."))
@click.pass_obj
def case_rule(office: Office, case: str, kind: str, reason: str) -> None:
    """Rule on one case."""
    checked = ruling.rule_on(office.workplace, case, RulingKind(kind), reason)
    print_verdict(checked, explain=False)
    say(_("The ruling holds for exactly these facts; any change of a fact makes it void."))


FACTS = {
    "photographer": (N_("The photographer"), "Photographer"),
    "basis": (N_("The ground for using it"), "Basis"),
    "credit": (N_("How the photographer is named"), "Credit"),
    "commissioner": (N_("A portrait that was ordered"), "Commissioner"),
    "taken_year": (N_("Taken in the year"), ""),
    "photographer_died_year": (N_("The photographer died in the year"), ""),
    "file_rights": (N_("What the file says about its rights"), "FileRights"),
    "place": (N_("The place"), "Place"),
    "place_permission": (N_("Permission of whoever holds the place"), ""),
    "shot": (N_("What it shows"), "Shot"),
    "people": (N_("People"), "People"),
    "recognisable_count": (N_("How many can be recognised"), ""),
    "context_identifies": (N_("Caption, clothes or place identify somebody"), ""),
    "sensitive": (N_("A sensitive situation"), ""),
    "confidentiality": (N_("What it reveals"), "Confidentiality"),
    "confidential_release": (N_("Everybody shown allows that it is revealed"), ""),
    "terms_changed": (N_("The channel's terms have changed since"), ""),
}
"""How each fact is called, and the enumeration (in words.WORDS) of its values."""

PERSON_FACTS = {
    "age": (N_("age"), ""),
    "age_group": (N_("known to be"), "AgeGroup"),
    "deceased": (N_("has died"), ""),
    "role": (N_("shown as"), "Role"),
    "capacity": (N_("deciding"), "Capacity"),
    "guardians_total": (N_("number of guardians"), ""),
}


def facts_in_words(facts: Mapping[str, Any]) -> Iterator[str]:
    """Give each fact as a line to read; what nobody has answered is left out."""
    yield from _labelled(facts, FACTS)
    for permission in facts["permissions"]:
        holder = permission["holder"] or _("the licence")
        yield _("Permission of {holder}: {answer}").format(
            holder=holder, answer=_answer(permission["answer"])
        )
    for person in facts["persons"]:
        yield _("{person} is shown").format(person=person["person"])
        for line in _labelled(person, PERSON_FACTS):
            yield f"  {line}"
        yield _("  own word: {answer}").format(answer=_answer(person["own"]))
        for guardian in person["guardians"]:
            yield _("  {guardian} says: {answer}").format(
                guardian=guardian["guardian"], answer=_guardian_answer(guardian)
            )


def _labelled(facts: Mapping[str, Any], labels: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for name, (label, kind) in labels.items():
        value = facts[name]
        if value is None:
            continue
        if isinstance(value, bool):
            text = _("yes") if value else _("no")
        else:
            text = _(WORDS[kind][value]) if kind else str(value)
        yield f"{_(label)}: {text}"


def _guardian_answer(guardian: Mapping[str, Any]) -> str:
    notes = [_answer(guardian["answer"])]
    if not guardian["verified"]:
        notes.append(_("not known to be a guardian"))
    if guardian["excused"]:
        notes.append(_("excused"))
    return ", ".join(notes)


def _answer(answer: Mapping[str, Any]) -> str:
    words = WORDS["AnswerState"]
    state = _(words[answer["state"]]) if answer["state"] else "-"
    return "; ".join([state, *map(_grant, answer["grants"])])


def _grant(grant: Mapping[str, Any]) -> str:
    reach = {
        "channels": ", ".join(in_words("Channel", grant["channels"])),
        "purposes": ", ".join(in_words("Purpose", grant["purposes"])),
    }
    if grant["valid_until"] == OPEN_ENDED.isoformat():
        return _("for {channels} ({purposes}), without an end").format(**reach)
    return _("for {channels} ({purposes}), until {day}").format(**reach, day=grant["valid_until"])
