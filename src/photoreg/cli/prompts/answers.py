"""The questions about photos, as options and as interactive prompts."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

import click

from photoreg.cli.app import print_error
from photoreg.cli.options import Word, enum_option, option
from photoreg.cli.output import print_note
from photoreg.cli.printing.next_steps import LINES
from photoreg.errors import InputDataError, NotFound
from photoreg.presentation.inputs.photos import CHOICES, QUESTIONS
from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.second_looks import stated_code
from photoreg.rulebook.facts import CLOSED_PLACES, People, Photographer
from photoreg.services.photos.answers import MAX_PEOPLE, EventAnswers, PhotoAnswers
from photoreg.services.photos.confirmation import OwnAnswer
from photoreg.steps import NextAction
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])


class YesNoParam(click.ParamType[bool]):
    """An option that takes yes or no, in English or in the user's language."""

    name = "yesno"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the values in the help."""
        return "[yes|no]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool:
        """Return True for yes and False for no; anything else is a usage error (exit 2)."""
        typed = str(value).strip().casefold()
        if typed in {"yes", _("yes")}:
            return True
        if typed in {"no", _("no")}:
            return False
        return self.fail(
            _("{value} is not one of: {values}").format(value=value, values="yes, no"), param, ctx
        )


_SHARED_OPTIONS = (
    enum_option("--basis", kind="Basis", help=QUESTIONS["basis"]),
    enum_option("--place", kind="Place", help=QUESTIONS["place"]),
    option(
        "--place-permission/--no-place-permission",
        default=None,
        help=QUESTIONS["place_permission"],
    ),
    enum_option("--shot", kind="Shot", help=QUESTIONS["shot"]),
    enum_option(
        "--confidential",
        "confidentiality",
        kind="Confidentiality",
        help=QUESTIONS["confidentiality"],
    ),
    option("--sensitive", type=YesNoParam(), help=QUESTIONS["sensitive"]),
    enum_option(
        "--commissioner",
        kind="Commissioner",
        help=QUESTIONS["commissioner"],
    ),
    option(
        "--photographer",
        "photographers",
        multiple=True,
        help=N_("The photographer, by name or id; can be repeated."),
    ),
)
_PHOTO_OPTIONS = (
    option("--event", help=QUESTIONS["event"]),
    option("--photographer-unknown", is_flag=True, help=N_("The photographer is unknown.")),
    enum_option("--people", kind="People", help=QUESTIONS["people"]),
    option("--count", "recognisable_count", type=int, help=QUESTIONS["recognisable_count"]),
    option(
        "--context",
        "context_identifies",
        type=YesNoParam(),
        help=QUESTIONS["context_identifies"],
    ),
    option("--credit", help=QUESTIONS["credit"]),
    option("--taken-year", type=int, help=QUESTIONS["taken_year"]),
    option(
        "--photographer-died",
        "photographer_died_year",
        type=int,
        help=QUESTIONS["photographer_died_year"],
    ),
    enum_option(
        "--depicted-work",
        kind="DepictedWork",
        help=QUESTIONS["depicted_work"],
    ),
    enum_option(
        "--digital-source",
        kind="DigitalSource",
        help=QUESTIONS["digital_source"],
    ),
)


YES_NO_QUESTIONS = {
    "place_permission": N_("Has the holder of the place given permission?"),
    "sensitive": QUESTIONS["sensitive"],
    "context_identifies": QUESTIONS["context_identifies"],
    "rights_removed": N_("Has the photographer's name or copyright been removed from the file?"),
}
"""The questions that are answered by yes or no."""


def event_answer_options(function: _F) -> _F:
    """Add an option for each question that an event answers for all its photos."""
    return _with_options(function, _SHARED_OPTIONS)


def answer_options(function: _F) -> _F:
    """Add an option for every question about a photo."""
    return _with_options(function, _PHOTO_OPTIONS + _SHARED_OPTIONS)


def _with_options(function: _F, options: tuple[Callable[[_F], _F], ...]) -> _F:
    for decorate in reversed(options):
        function = decorate(function)
    return function


def answers_from(given: Mapping[str, Any]) -> PhotoAnswers:
    """Return the answers given as options."""
    values = _shared_values(given)
    photographers = tuple(given["photographers"])
    if given["photographer_unknown"] and photographers:
        raise click.UsageError(_("Give either --photographer or --photographer-unknown, not both."))
    if given["photographer_unknown"]:
        values["photographer"] = Photographer.UNKNOWN
    return PhotoAnswers(
        **values,
        photographers=photographers,
        event=given["event"],
        people=_enum_member("people", given["people"]),
        recognisable_count=given["recognisable_count"],
        context_identifies=given["context_identifies"],
        credit=given["credit"],
        taken_year=given["taken_year"],
        photographer_died_year=given["photographer_died_year"],
        depicted_work=_enum_member("depicted_work", given["depicted_work"]),
        digital_source=_enum_member("digital_source", given["digital_source"]),
    )


def event_answers_from(given: Mapping[str, Any]) -> EventAnswers:
    """Return the event's answers given as options."""
    return EventAnswers(**_shared_values(given))


def _shared_values(given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("basis", "place", "shot", "confidentiality", "commissioner")
    return {
        **{name: _enum_member(name, given[name]) for name in names},
        "place_permission": given["place_permission"],
        "sensitive": given["sensitive"],
    }


def _enum_member(question: str, value: str | None) -> Any:
    return None if value is None else CHOICES[question](value)


def ask_event(answers: PhotoAnswers, check: Callable[[str], None]) -> PhotoAnswers:
    """Ask for the event, unless it was given."""
    if answers.event is not None:
        return answers
    return replace(answers, event=_ask_name(_("Event (name or id)"), check))


def ask(
    answers: PhotoAnswers,
    answered: Collection[str],
    check: Callable[[str], None],
    knows_basis: Callable[[PhotoAnswers], bool],
) -> PhotoAnswers:
    """Ask once for all photos what neither an option nor the event answers; Enter skips.

    The legal basis for use is not asked if a recorded permission provides it.
    """
    print_note(_("Each answer is about all these photos; Enter leaves a question open."))
    if not answers.photographers and not {"photographer"} & {*answered, *_given_answers(answers)}:
        named = _ask_name(_("Who took the photos (name or id)"), check)
        answers = replace(answers, photographers=(named,) if named else ())
    if knows_basis(answers):
        answered = {*answered, "basis"}
    for question in ("basis", "place", "shot", "confidentiality", "people"):
        if question not in {*answered, *_given_answers(answers)}:
            value = _ask_choice(question)
            answers = replace(answers, **{question: _enum_member(question, value)})
    return _ask_follow_ups(answers, answered)


def ask_photographer(camera: str, count: int, check: Callable[[str], None]) -> str | None:
    """Ask who took the photos of a camera; None on Enter."""
    question = _("{camera}, photos: {count}. Who took them (name or id)")
    return _ask_name(question.format(camera=camera, count=count), check)


def _given_answers(answers: PhotoAnswers) -> set[str]:
    return {f.name for f in fields(answers) if getattr(answers, f.name) is not None}


def _ask_follow_ups(answers: PhotoAnswers, answered: Collection[str]) -> PhotoAnswers:
    """Ask the questions that depend on earlier answers."""
    known = {*answered, *_given_answers(answers)}
    if answers.place in CLOSED_PLACES and "place_permission" not in known:
        allowed = ask_yes_or_no(_(YES_NO_QUESTIONS["place_permission"]))
        answers = replace(answers, place_permission=allowed)
    if answers.people is People.UNRECOGNISABLE and "context_identifies" not in known:
        identifies = ask_yes_or_no(_(YES_NO_QUESTIONS["context_identifies"]))
        answers = replace(answers, context_identifies=identifies)
    if answers.people is People.RECOGNISABLE or answers.context_identifies:
        if "recognisable_count" not in known:
            answers = replace(answers, recognisable_count=_ask_count())
        if "sensitive" not in known:
            sensitive = ask_yes_or_no(_(YES_NO_QUESTIONS["sensitive"]))
            answers = replace(answers, sensitive=sensitive)
    return answers


def ask_own_answer(own: OwnAnswer, missing: Collection[str]) -> OwnAnswer:
    """Ask for the answers that whoever confirms must state; Enter leaves one out."""
    given: dict[str, Any] = {}
    for question in missing:
        if question in {"person", "not_shown"}:
            own = replace(own, persons=tuple(filter(None, [_ask_text(_("Whom you recognise"))])))
        if question == "not_shown" and not own.persons:
            typed = [_ask_text(_("Who was named before and is not in the photo"))]
            own = replace(own, not_shown=tuple(filter(None, typed)))
        elif question == "value":
            typed = _ask_text(_("What is true of the person")).split()
            own = replace(own, values=tuple(map(stated_code, typed)))
        elif question in CHOICES:
            given[question] = _enum_member(question, _ask_choice(question))
        elif question == "recognisable_count":
            given[question] = _ask_count()
        elif question in YES_NO_QUESTIONS:
            given[question] = ask_yes_or_no(_(YES_NO_QUESTIONS[question]))
    answers = replace(own.answers, **given)
    return replace(own, answers=_ask_follow_ups_about_people(answers))


def _ask_follow_ups_about_people(answers: PhotoAnswers) -> PhotoAnswers:
    if answers.people is People.UNRECOGNISABLE and answers.context_identifies is None:
        identifies = ask_yes_or_no(_(YES_NO_QUESTIONS["context_identifies"]))
        answers = replace(answers, context_identifies=identifies)
    if answers.people is People.RECOGNISABLE and answers.recognisable_count is None:
        answers = replace(answers, recognisable_count=_ask_count())
    return answers


def _ask_text(question: str) -> str:
    answer: str = click.prompt(
        _("{question} [Enter: leave open]").format(question=question),
        default="",
        show_default=False,
        err=True,
    )
    return answer.strip()


def _ask_name(question: str, check: Callable[[str], None]) -> str | None:
    """Ask for a name until it is found in the registry, or None on Enter."""
    while named := _ask_text(question):
        try:
            check(named)
        except (NotFound, InputDataError) as error:
            print_error(error)
        else:
            return named
    return None


def _ask_choice(question: str) -> str | None:
    """Ask with a numbered list; accept the number, the label or the value, or None on Enter."""
    kind = CHOICES[question].__name__
    choices = {value: _(text) for value, text in LABELS[kind].items()}
    print_note("")
    print_note(_("{question}?").format(question=_(QUESTION_LABELS[question])))
    for number, text in enumerate(choices.values(), 1):
        print_note(f"  {number:>2}  {text}")
    values = list(choices)
    while typed := _ask_text(_("Number")).casefold():
        if typed.isdecimal() and 1 <= int(typed) <= len(values):
            return values[int(typed) - 1]
        for value, text in choices.items():
            if typed in {value, text.casefold()}:
                return value
        print_note(_("Type a number from 1 to {most}, or Enter.").format(most=len(values)))
    return None


def choice_lines(questions: Iterable[str]) -> Iterator[str]:
    """Yield, for each question with answers to choose from, its option and the answers."""
    options = LINES[NextAction.PHOTO_ANSWER].options
    for question in sorted(questions):
        if question in CHOICES and question in options:
            values = ", ".join(Word(CHOICES[question].__name__).shown())
            yield f"{options[question]}: {values}"


def ask_yes_or_no(question: str) -> bool | None:
    """Ask until yes, no or Enter is typed; return None on Enter."""
    yes, no = _("yes"), _("no")
    while typed := _ask_text(f"{question} ({yes}/{no})").casefold():
        if yes.startswith(typed) or no.startswith(typed):
            return yes.startswith(typed)
        print_note(_("Type {yes} or {no}, or Enter.").format(yes=yes, no=no))
    return None


def _ask_count() -> int | None:
    while typed := _ask_text(_("How many people can be recognised")):
        if typed.isdecimal() and 1 <= int(typed) <= MAX_PEOPLE:
            return int(typed)
        print_note(_("Type a number from 1 to {most}, or Enter.").format(most=MAX_PEOPLE))
    return None
