"""A form for an action: its fields, and the use case that takes what was filled in.

A finding or an error names an action with its known arguments (`steps.NextStep`); the command line
writes a command from it, the desk shows this form with those arguments filled in. Nothing is ever
answered beforehand that a step asks for.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from photoreg.errors import InputDataError
from photoreg.named_files import plain_file_name
from photoreg.presentation.labels import label
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.sheets.cells import to_day
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.choices import staff_to_choose


class FieldKind(Enum):
    """What a field takes."""

    TEXT = auto()
    LONG_TEXT = auto()
    NUMBER = auto()
    DAY = auto()
    YES_NO = auto()
    TICK = auto()
    CHOICE = auto()
    PERSON = auto()
    EVENT = auto()
    CHANNEL = auto()
    CHANNELS = auto()
    DOUBT = auto()
    STAFF = auto()
    UNIT = auto()
    FILE = auto()
    HIDDEN = auto()


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its name as in `NextStep`, title and hint (English source texts), what it takes.

    `several`: any number of values, such as channels. `choices`: those of a CHOICE. `is_rare`: it
    stands apart, with what is seldom filled in. CHANNELS are channels and kinds of channels; a
    DOUBT is shown only when somebody may be one of those who are named in the field `other`.
    """

    name: str
    title: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    required: bool = False
    several: bool = False
    choices: Iterable[StrEnum] = ()
    is_rare: bool = False

    def options(self) -> list[tuple[str, str]]:
        """Return the values to choose from, each with its label."""
        if self.kind is FieldKind.STAFF:
            return staff_to_choose()
        if self.kind is FieldKind.YES_NO:
            return [("yes", _("yes")), ("no", _("no"))]
        if self.kind is FieldKind.CHANNELS:
            return [(each.value, label(each)) for each in Channel]
        return [(each.value, label(each)) for each in self.choices]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: messages in the user's language, and where to go if not back.

    `page` is where to go if one came from nowhere to go back to.
    """

    messages: tuple[str, ...]
    to: str = ""
    page: str = ""


Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The form of an action: a title, an explanation, fields, and what records them.

    `is_final`: what it records cannot be taken back, so that it asks once more. `photos` returns
    the photos to be shown beside it, for those that are named; by default these.
    """

    action: NextAction
    title: str
    fields: tuple[FormField, ...]
    run: Callable[[Application, Values], Done]
    about: str = ""
    is_final: bool = False
    photos: Callable[[Application, Sequence[str]], Sequence[str]] | None = None


class FieldError(InputDataError):
    """A value that a field does not take."""


def read_values(
    fields: Iterable[FormField], typed: MultiDict[str, str], files: Mapping[str, Path]
) -> Values:
    """Return what was typed, as the fields take it; FieldError names the first that is wrong.

    What was left empty is None, or an empty tuple where there may be several.
    """
    return {each.name: _value(each, typed, files) for each in fields}


def _value(wanted: FormField, typed: MultiDict[str, str], files: Mapping[str, Path]) -> Any:
    if wanted.kind is FieldKind.FILE:
        found: Any = files.get(wanted.name)
    elif wanted.several:
        texts = (each.strip() for each in typed.getlist(wanted.name))
        found = tuple(_one(wanted, each) for each in texts if each)
    else:
        texts = (each.strip() for each in typed.getlist(wanted.name))
        text = next(filter(None, texts), "")
        found = _one(wanted, text) if text else None
        if wanted.kind is FieldKind.TICK:
            found = bool(text)
    if wanted.required and found in {None, ()}:
        raise FieldError(
            N_("{field} is missing"),
            N_("Fill it in."),
            fields=(wanted.name,),
            field=_(wanted.title),
        )
    return found


def _one(wanted: FormField, text: str) -> Any:
    try:
        return _READERS[wanted.kind](wanted, text) if wanted.kind in _READERS else text
    except InputDataError as error:
        error.fields = (wanted.name,)
        raise
    except (ValueError, KeyError) as error:
        raise FieldError(
            N_("{field} cannot be {value}"),
            N_("Correct it."),
            fields=(wanted.name,),
            field=_(wanted.title),
            value=text,
        ) from error


def _choice(wanted: FormField, text: str) -> StrEnum:
    return {each.value: each for each in wanted.choices}[text]


_READERS: dict[FieldKind, Callable[[FormField, str], Any]] = {
    FieldKind.NUMBER: lambda _wanted, text: int(text),
    FieldKind.DAY: lambda _wanted, text: to_day(text),
    FieldKind.YES_NO: lambda _wanted, text: {"yes": True, "no": False}[text],
    FieldKind.CHOICE: _choice,
}


@contextmanager
def stored_uploads(uploads: Mapping[str, FileStorage]) -> Iterator[dict[str, Path]]:
    """Give the files that were sent, in a private folder that is removed afterwards.

    Their names are never paths: only the last part is used, and no control character.
    """
    with tempfile.TemporaryDirectory(prefix="photoreg-") as folder:
        found = {}
        for number, (name, upload) in enumerate(uploads.items()):
            if not upload.filename:
                continue
            place = Path(folder, str(number))
            place.mkdir()
            found[name] = place / plain_file_name(upload.filename)
            upload.save(found[name])
        yield found
