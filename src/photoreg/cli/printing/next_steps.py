"""Next steps as commands to type; the only mapping from actions to commands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import click
from click.core import ParameterSource

from photoreg.cli.metavariables import translated_metavar
from photoreg.cli.output import COMMAND_MARK, print_line
from photoreg.cli.printing.quoting import quoted
from photoreg.errors import PhotoregError
from photoreg.presentation.cells import with_names
from photoreg.presentation.days import day_or_text
from photoreg.presentation.labels import question_in_words
from photoreg.presentation.step_roles import ONLY_A_COLLEAGUE, whom_to_ask
from photoreg.registry.ids import Kind, parse_id
from photoreg.steps import NextAction, NextStep
from photoreg.texts import _


@dataclass(frozen=True, slots=True)
class Line:
    """A command: its name, its positional inputs, and the option for each other input.

    `fixed` is always included. An option written as in the help, `--yes/--no`, takes no value.
    `before` has the program's own options, which stand before the command.
    """

    command: str
    positional: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)

    @property
    def inputs(self) -> set[str]:
        """The names of all inputs."""
        return {*self.before, *self.positional, *self.options}


_USE = {"channel": "--channel", "purpose": "--purpose", "mode": "--mode"}
_SAID = {
    "channel": "--channel",
    "purpose": "--purpose",
    "until": "--until",
    "on": "--on",
    "evidence": "--evidence",
}

_ANSWERS = {
    "event": "--event",
    "photographer": "--photographer",
    "basis": "--basis",
    "commissioner": "--commissioner",
    "place": "--place",
    "place_permission": "--place-permission/--no-place-permission",
    "shot": "--shot",
    "confidentiality": "--confidential",
    "people": "--people",
    "context_identifies": "--context",
    "sensitive": "--sensitive",
    "recognisable_count": "--count",
    "credit": "--credit",
    "depicted_work": "--depicted-work",
    "digital_source": "--digital-source",
    "taken_year": "--taken-year",
    "photographer_died_year": "--photographer-died",
}

LINES: dict[NextAction, Line] = {
    NextAction.API_KEY_ADD: Line(
        "api-key add",
        ("name",),
        {"scope": "--scope", "channel": "--channel", "until": "--until"},
    ),
    NextAction.API_KEY_LIST: Line("api-key list"),
    NextAction.API_KEY_REVOKE: Line("api-key revoke", ("name",)),
    NextAction.APPROVE: Line("approve", ("photo",), _USE),
    NextAction.AUDIT_ANCHOR: Line("audit anchor"),
    NextAction.AUDIT_LOG: Line("audit log", options={"other_login": "--other-login/"}),
    NextAction.AUDIT_KEYS: Line("audit keys"),
    NextAction.AUDIT_MAKE_KEY: Line("audit make-key", options={"renew": "--renew/"}),
    NextAction.AUDIT_PUBLISHED: Line("audit published"),
    NextAction.AUDIT_SECOND_LOOKS: Line("audit second-looks"),
    NextAction.AUDIT_REFRESH: Line("audit refresh"),
    NextAction.AUDIT_VERIFY: Line("audit verify"),
    NextAction.CASE_CORRECT: Line("case correct", ("case", "ruling"), {"reason": "--reason"}),
    NextAction.CASE_LIST: Line("case list", options={"everything": "--all/"}),
    NextAction.CASE_RULE: Line(
        "case rule", ("case", "ruling"), {"reason": "--reason", "like": "--like"}
    ),
    NextAction.CASE_SHOW: Line("case show", ("case",)),
    NextAction.CHANNEL_ADD: Line(
        "channel add",
        ("channel", "title"),
        {"kind": "--kind", "controller": "--own/--controller", "admin": "--admin"},
    ),
    NextAction.CHANNEL_ADMINS: Line("channel admins", ("channel",), {"login": "--add"}),
    NextAction.CHANNEL_CHANGE: Line(
        "channel change",
        ("channel",),
        {"controller": "--own/--controller", "since": "--since"},
    ),
    NextAction.CHANNEL_CONFIRM: Line(
        "channel confirm",
        ("channel",),
        {"controller": "--own/--controller", "since": "--since"},
    ),
    NextAction.CHANNEL_LIST: Line("channel list"),
    NextAction.CHANNEL_REVIEW: Line("channel review", ("channel",)),
    NextAction.CHANNEL_TERMS_CHANGED: Line("channel terms-changed", ("channel",)),
    NextAction.CHECK: Line("check", ("photo",), _USE),
    NextAction.CONSENT_CORRECT: Line(
        "consent correct", ("consent",), {"agrees": "--agree/--disagree"}
    ),
    NextAction.CONSENT_EXPIRING: Line("consent expiring", options={"within": "--within"}),
    NextAction.CONSENT_FORM: Line(
        "consent form",
        options={
            "event": "--event",
            "photo": "--photo",
            "person": "--person",
            "roster": "--roster/",
            "blank": "--blank",
            "language": "--language",
            "channel": "--channel",
            "until": "--until",
            "layout": "--format",
            "folder": "--out",
            "texts": "--templates",
        },
    ),
    NextAction.CONSENT_IMPORT: Line(
        "consent import",
        ("file",),
        {
            "column": "--column",
            "purpose": "--purpose",
            "until": "--until",
            "open_ended": "--open-ended/",
            "paper": "--paper",
            "names_kind": "--names-kind/",
            "both_signed": "--both-signed/",
            "remark": "--remark",
            "rest": "--rest",
            "overwrite": "--overwrite/",
            "layout_name": "--save-layout",
            "sheet": "--sheet",
            "apply": "--apply/",
        },
    ),
    NextAction.CONSENT_LIST: Line("consent list"),
    NextAction.CONSENT_RECORD: Line(
        "consent record",
        options={
            "code": "--code",
            "codes": "--codes",
            "person": "--for",
            "by": "--by",
            "event": "--event",
            "photo": "--photo",
            **_SAID,
            "open_ended": "--open-ended/",
            "paper": "--paper",
            "method": "--method",
            "names_kind": "--names-kind/",
            "attorney": "--attorney/",
            "renewed": "--renewed/",
            "releases_confidential": "--releases-confidential/--no-releases-confidential",
        },
    ),
    NextAction.CONSENT_SCAN: Line(
        "consent scan",
        ("folder",),
        {
            "file": "--output",
            "both_sides": "--both-sides/",
            "overwrite": "--overwrite/",
            "apply": "--apply/",
        },
    ),
    NextAction.CONSENT_TEXTS: Line("consent texts", options={"folder": "--out"}),
    NextAction.DEMO: Line("demo", options={"folder": "--keep"}),
    NextAction.EVENT_ADD: Line("event add", ("name",), {"on": "--on"}),
    NextAction.EVENT_CHANGE: Line("event change", ("event",), {"on": "--on"}),
    NextAction.EVENT_IMPORT_ROSTER: Line(
        "event import-roster",
        ("event", "file"),
        {
            "apply": "--apply/",
            "decided": "--decided",
            "decisions": "--decisions",
            "guardians_verified": "--guardians-verified",
            "guardians_total": "--guardians-total",
            "same": "--same",
            "other": "--other",
            "column": "--column",
            "save_layout": "--save-layout",
            "sheet": "--sheet",
            "refused_by": "--refused-by",
        },
    ),
    NextAction.EVENT_LIST: Line("event list"),
    NextAction.EVENT_NO_PHOTO_LIST: Line("event no-photo-list", ("event",)),
    NextAction.EVENT_ROSTER: Line(
        "event roster", ("event",), {"person": "--add", "leaving": "--remove"}
    ),
    NextAction.EVIDENCE_RESTORE: Line("evidence restore", ("file",)),
    NextAction.FLAG_LIST: Line("flag list", options={"photo": "--photo", "everything": "--all/"}),
    NextAction.FLAG_RESOLVE: Line(
        "flag resolve", ("flag",), {"outcome": "--outcome", "reason": "--reason"}
    ),
    NextAction.FLAG_SHOW: Line("flag show", ("flag",)),
    NextAction.GUARDIAN_ADD: Line(
        "guardian add", ("person", "guardian"), {"basis": "--basis", "how": "--verified"}
    ),
    NextAction.GUARDIAN_END: Line("guardian end", ("person", "guardian")),
    NextAction.GUARDIAN_LIST: Line("guardian list", ("person",)),
    NextAction.GUARDIAN_VERIFY: Line(
        "guardian verify", ("person", "guardian"), {"event": "--event", "how": "--how"}
    ),
    NextAction.METADATA_WRITE: Line("metadata write", ("photo",)),
    NextAction.PERMISSION_CORRECT: Line(
        "permission correct", ("permission",), {"agrees": "--agree/--disagree"}
    ),
    NextAction.PERMISSION_GRANT: Line(
        "permission grant",
        options={
            "photographer": "--photographer",
            "licensor": "--licensor",
            "by": "--by",
            "photo": "--photo",
            "event": "--event",
            "basis": "--basis",
            "author": "--from",
            **_SAID,
        },
    ),
    NextAction.PERMISSION_LIST: Line("permission list"),
    NextAction.PERSON_ADD: Line("person add", ("name",)),
    NextAction.PERSON_BLOCK: Line("person block", ("person",)),
    NextAction.PERSON_CHANGE: Line(
        "person change",
        ("person",),
        {
            "born": "--born",
            "guardians": "--guardians",
            "capacity": "--capacity-doubt/--capacity-ok",
        },
    ),
    NextAction.PERSON_LIST: Line("person list"),
    NextAction.PERSON_SHOW: Line("person show", ("person",)),
    NextAction.PERSON_UNBLOCK: Line("person unblock", ("person",)),
    NextAction.PHOTO_ADD_VERSION: Line("photo add-version", ("photo", "file")),
    NextAction.PHOTO_ANSWER: Line("photo answer", ("photo",), _ANSWERS),
    NextAction.PHOTO_CONFIRM: Line(
        "photo confirm",
        ("photo",),
        {
            **_ANSWERS,
            "person": "--person",
            "not_shown": "--person/--not-shown",
            "shown": "--person",
            "absent": "--not-shown",
            "value": "--is",
            "file_rights": "--rights-removed/--no-rights-removed",
            "credit_waived": "--credit-waived/",
        },
    ),
    NextAction.PHOTO_FLAG: Line(
        "photo flag", ("photo",), {"by": "--by-person", "reason": "--reason"}
    ),
    NextAction.PHOTO_FORGET: Line("photo forget", ("photo",)),
    NextAction.PHOTO_LIST: Line("photo list", options={"open": "--open/"}),
    NextAction.PHOTO_REGISTER: Line(
        "register",
        ("file",),
        {
            "event": "--event",
            "camera": "--camera",
            "folders": "--events-from-folders/",
            "plan": "--plan",
            "planned": "--planned",
            "apply": "--apply/",
        },
    ),
    NextAction.PHOTO_SERIES: Line("photo series", ("photo",), {"answer": "--different/--same"}),
    NextAction.PHOTO_SHOW: Line("show", ("photo",)),
    NextAction.PHOTO_TAG: Line("photo tag", ("photo",), {"person": "--person"}),
    NextAction.PHOTO_UNTAG: Line(
        "photo untag", ("photo",), {"person": "--person", "unnamed": "--unnamed"}
    ),
    NextAction.POLICY_SET: Line("policy set", ("retention_months", "setting")),
    NextAction.PUBLICATION_ADD: Line(
        "publication add",
        ("photo",),
        {
            "event": "--event",
            "verdict": "--verdict",
            **_USE,
            "url": "--url",
            "issue": "--issue",
            "on": "--on",
        },
    ),
    NextAction.PUBLICATION_CORRECT: Line(
        "publication correct", ("publication",), {"agrees": "--agree/--disagree"}
    ),
    NextAction.PUBLICATION_LIST: Line(
        "publication list", options={"photo": "--photo", "everything": "--all/"}
    ),
    NextAction.PUBLICATION_SHOW: Line("publication show", ("publication",)),
    NextAction.PUBLICATION_TAKE_DOWN: Line(
        "publication takedown", ("publication",), {"proof": "--proof"}
    ),
    NextAction.REGISTRY_BACKUP: Line("db backup", ("folder",)),
    NextAction.REGISTRY_MAKE: Line(
        "init",
        options={"organisation": "--organisation", "name": "--name"},
        before={"registry": "--registry"},
    ),
    NextAction.CLOCK_WRONG: Line("db clock", options={"entry": "--wrong"}),
    NextAction.REGISTRY_REPAIR: Line("db check", fixed=("--repair",)),
    NextAction.REGISTRY_RESTORE: Line("db restore", ("folder",), {"replace": "--replace/"}),
    NextAction.RESTORE_ACKNOWLEDGE: Line("db acknowledge", ("entry",)),
    NextAction.REGISTRY_UPGRADE: Line("db upgrade"),
    NextAction.RULES_LIST: Line("rules list"),
    NextAction.SERVE: Line("serve", options={"demo": "--demo/"}),
    NextAction.SHEET_EXPORT: Line("sheet export", ("event",), {"file": "--output"}),
    NextAction.SHEET_IMPORT: Line("sheet import", ("file",), {"apply": "--apply/"}),
    NextAction.STAFF_ADD: Line("staff add", ("login", "name"), {"role": "--role"}),
    NextAction.STAFF_CHANGE: Line(
        "staff change", ("login",), {"role": "--role", "server_role": "--server-role"}
    ),
    NextAction.STAFF_LIST: Line("staff list"),
    NextAction.STAFF_PASSWORD: Line("staff password", ("login",)),
    NextAction.STAFF_SIGN_OUT: Line("staff sign-out", ("login",)),
    NextAction.UNIT_LIST: Line("unit list"),
    NextAction.UNIT_RENAME: Line("unit rename", ("unit", "name")),
}
"""The command for each action; must cover every action that a finding or an error names."""

PLACES = {
    "basis": "BASIS",
    "scope": "SCOPE",
    "decisions": "FILE",
    "decided": "FILE",
    "guardians_verified": "TEXT",
    "guardians_total": "NUMBER",
    "column": "HEADING=MEANING",
    "remark": "WORDS=MEANING",
    "save_layout": "NAME",
    "sheet": "NAME",
    "codes": "FILE",
    "paper": "TEXT",
    "url": "TEXT",
    "issue": "TEXT",
    "verdict": "ANSWER",
    "refused_by": "ANSWER",
    "same": "ROW=PERSON",
    "other": "ROW=PERSON",
    "credit": "NAME",
    "photographer": "NAME",
    "licensor": "NAME",
    "author": "PHOTOGRAPHER",
    "person": "PERSON",
    "leaving": "PERSON",
    "blank": "NUMBER",
    "language": "ANSWER",
    "layout": "ANSWER",
    "texts": "FOLDER",
    "shown": "PERSON",
    "absent": "PERSON",
    "until": "DAY",
    "since": "DAY",
    "on": "DAY",
    "within": "TIME",
    "born": "DAY",
    "evidence": "FILE",
    "rest": "FILE",
    "how": "HOW",
    "method": "HOW",
    "doubtful": "ANSWER",
    "outcome": "ANSWER",
    "ruling": "ANSWER",
    "like": "CASE",
    "registry": "REGISTRY.db",
    "recognisable_count": "NUMBER",
    "guardians": "NUMBER",
    "unnamed": "NUMBER",
    "taken_year": "YEAR",
    "photographer_died_year": "YEAR",
    "by": "GUARDIAN",
    "commissioner": "ANSWER",
    "confidentiality": "ANSWER",
    "people": "ANSWER",
    "context_identifies": "ANSWER",
    "depicted_work": "ANSWER",
    "digital_source": "ANSWER",
    "sensitive": "ANSWER",
    "retention_months": "retention_months=MONTHS",
    "reason": "TEXT",
    "proof": "TEXT",
    "plan": "FILE",
    "planned": "FILE",
}
"""Placeholders for inputs that the user must supply; the default is the name in capitals."""


def options_for(action: NextAction, inputs: Iterable[str]) -> list[str]:
    """Return the options of an action's command for these inputs."""
    return [LINES[action].options.get(name, name) for name in inputs]


def print_step(
    action: NextAction, *question: str, indent: str = "", err: bool = True, **arguments: str
) -> None:
    """Print a next step as a command to type, by default on standard error."""
    print_next(NextStep.to(action, *question, **arguments), indent=indent, err=err)


def print_next(
    step: NextStep, *, indent: str = "", err: bool = True, for_another: bool = False
) -> None:
    """Print a next step as commands to type, and who its persons are."""
    for line in (*step_lines(step, for_another=for_another), names_line(step)):
        if line:
            print_line(f"{indent}{line}", err=err)


def step_lines(
    step: NextStep, *, is_of_colleague: bool = False, for_another: bool = False
) -> list[str]:
    """Return a next step as lines of text: whom to ask, if not the user, and the commands.

    Two commands where a yes or a no is all that is asked for; `for_another`: without the user's
    login, where the text before them says whose they are.
    """
    whom = _(ONLY_A_COLLEAGUE) if is_of_colleague else _whom_to_ask(step)
    commands = [
        f"{COMMAND_MARK}{command_line(each, for_another=for_another or bool(whom))}"
        for each in alternatives(step)
    ]
    return [whom, *commands] if whom else commands


def _whom_to_ask(step: NextStep) -> str:
    """Return who takes a step, if not the user; otherwise an empty text."""
    context = click.get_current_context(silent=True)
    role = context.obj.role if context is not None and context.obj is not None else None
    return whom_to_ask(step.action, role)


_PAIRS_WITH_VALUES = frozenset({"controller", "not_shown"})
"""Inputs whose two options take a value, at least one of them."""


def alternatives(step: NextStep) -> list[NextStep]:
    """Return a step with each of its two answers, if a yes or a no is all that it asks for."""
    if len(step.question) != 1:
        return [step]
    [name] = step.question
    yes, _slash, no = LINES[step.action].options.get(name, "").partition("/")
    if not (yes and no) or name in _PAIRS_WITH_VALUES:
        return [step]
    return [NextStep(step.action, {**step.arguments, name: each}) for each in (_YES, _NO)]


_YES, _NO = "yes", "no"
"""The values of an input that is written as one of two options."""


def names_line(step: NextStep) -> str:
    """Return who the persons of a step are, of whom the user may see the names."""
    persons = (word for value in step.arguments.values() for word in value.split())
    names = names_shown(person for person in persons if parse_id(Kind.PERSON, person))
    return persons_line(step, names)


def names_shown(records: Iterable[str]) -> dict[str, str]:
    """Return what may stand beside these ids: the names that the user may see, names of files."""
    context = click.get_current_context(silent=True)
    application = vars(context.obj).get("application") if context and context.obj else None
    named = set(records)
    if application is None or not named:
        return {}
    from photoreg.services.people.visible_names import names_for_message

    try:
        return names_for_message(application, named)
    except PhotoregError:
        return {}  # what is printed is told in any case


def persons_line(step: NextStep | None, names: Mapping[str, str], *, but: str | None = None) -> str:
    """Return who the persons of a step are, with those names that the user may see.

    `but` is somebody who was named already.
    """
    named = {word for value in step.arguments.values() for word in value.split()} if step else set()
    persons = [person for person in names if person in named and person != but]
    return " · ".join(with_names(persons, names))


def command_line(step: NextStep | None, *, for_another: bool = False) -> str:
    """Return the command to type for a next step, with placeholders for missing inputs.

    Options of the program that were typed, such as `--registry`, are repeated; not the login if
    the step is `for_another` user.
    """
    if step is None:
        return ""
    step = _with_file_named(step)
    line = LINES[step.action]
    before = tuple(_options(line.before, step))
    context = click.get_current_context(silent=True)
    again = _typed_program_options(context, step, for_another=for_another)
    return " ".join(("photoreg", *again, *before, line.command, *_inputs(line, step), *line.fixed))


def _with_file_named(step: NextStep) -> NextStep:
    """Return a step that writes the sheet of an event with a name for its file."""
    is_asked = step.action is NextAction.SHEET_EXPORT and "file" in step.question
    if not is_asked or "event" not in step.arguments:
        return step
    name = re.sub(r"[^\w.]+", "-", step.arguments["event"]).strip("-.")
    return NextStep.to(step.action, *step.question, **{**step.arguments, "file": f"{name}.xlsx"})


_REPEATED = {"registry": "--registry", "folder": "--evidence", "login": "--as"}
"""The options of the program that a next step needs as well, by their parameter's name."""

_FOR_ANOTHER = frozenset({NextAction.CHANNEL_CONFIRM, NextAction.PHOTO_CONFIRM})
"""Those that another member of staff takes, who has another login; on an agenda, its reader."""

_OF_ONE_REGISTRY = ("registry", "folder")
"""Those that a step about another registry does not repeat."""


def _typed_program_options(
    context: click.Context | None, step: NextStep, *, for_another: bool
) -> Iterator[str]:
    """Yield the program's options that stand on the running command line."""
    if context is None:
        return
    root = context.find_root()
    is_elsewhere = "registry" in (*step.arguments, *step.question)
    is_of_reader = step.action not in _FOR_ANOTHER or context.info_name == "today"
    for name, option in _REPEATED.items():
        is_typed = root.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if name == "login" and (for_another or not is_of_reader):
            continue
        if is_typed and not (is_elsewhere and name in _OF_ONE_REGISTRY):
            yield f"{option} {quoted(_without_password(str(root.params[name])))}"


def _without_password(location: str) -> str:
    """Return the location of a registry without the password that an address may contain."""
    named = re.sub(r"(://[^/@:]*):.*@", r"\1@", location)
    return re.sub(r"(?<=[?&])password=[^&]*&?", "", named)


SEVERAL = frozenset(
    {"same", "other", "photo", "flag", "publication", "shown", "absent", "value", "leaving"}
)
"""Inputs that hold ids or codes, several of them with spaces between."""

_DAYS = frozenset({"on", "until", "since"})
"""Inputs that are days: written as people read them, and typed back as they are."""


def _inputs(line: Line, step: NextStep) -> Iterator[str]:
    for name in line.positional:
        if name in step.arguments:
            value = step.arguments[name]
            yield " ".join(map(quoted, value.split())) if name in SEVERAL else quoted(value)
        elif name in step.question:
            yield place_of(name)
    yield from _options(line.options, step)


def _options(options: Mapping[str, str], step: NextStep) -> Iterator[str]:
    for name, option in options.items():
        if "/" in option and name in (*step.arguments, *step.question):
            is_no = step.arguments.get(name) == _NO
            yield option.removesuffix("/") if name in step.question else option.split("/")[is_no]
        elif name in step.arguments:
            value = step.arguments[name]
            value = day_or_text(value) if name in _DAYS else value
            for each in value.split() if name in SEVERAL else value.split("\n"):
                yield f"{option} {quoted(each)}"
        elif name in step.question:
            yield f"{option} {place_of(name)}"


def place_of(name: str) -> str:
    """Return the placeholder for an input, in the user's language."""
    return translated_metavar(PLACES.get(name, name.upper()))


FIELDS = {
    "proxy": ("--behind-proxy",),
    "actor": ("--as",),
    "author": ("--from",),
    "entry": ("--wrong",),
    "person": ("--for", "--person"),
    "by": ("--by", "--by-person"),
    "folder": ("--out", "--output"),
    "context_identifies": ("--context",),
    "recognisable_count": ("--count",),
    "coming": ("--add",),
    "add_persons": ("--add",),
    "leaving": ("--remove",),
    "remove_persons": ("--remove",),
    "value": ("--is",),
    "photos": ("--photo",),
}
"""The options for inputs whose option has a different name from the input."""


def options_named(fields: Iterable[str], context: click.Context | None) -> list[str]:
    """Return the options of the running command, or of the program, that take these inputs."""
    found = []
    for name in fields:
        wanted = FIELDS.get(name, (f"--{name.replace('_', '-')}",))
        for each in _from_command_to_program(context):
            known = [o for o in each.command.params if isinstance(o, click.Option)]
            shown = next((o for o in known if set(wanted) & {*o.opts, *o.secondary_opts}), None)
            if shown is not None:
                found.append(next(o for o in (*shown.opts, *shown.secondary_opts) if o in wanted))
                break
    return found


def _from_command_to_program(context: click.Context | None) -> Iterator[click.Context]:
    while context is not None:
        yield context
        context = context.parent


def questions_with_options(names: Iterable[str]) -> str:
    """Return the open questions about a photo with the options that answer them."""
    options = LINES[NextAction.PHOTO_ANSWER].options
    shown = ((question_in_words(name), options.get(name)) for name in names)
    return ", ".join(f"{text} ({option})" if option else text for text, option in shown)
