"""Document templates, which a municipality may replace: one plain text file per language.

    % language: fi            about the text itself: language, version, awaiting, same as
    # Title    ## Heading
    | Label | value           a fact; an empty value becomes a line to fill in
    [ ] public_page: Text     a tick box, with the key of its choice; once for each $title
    ___ Label | Label         signature lines
    ---                       everything below is the part for the person to keep
    {guardian} Text           only in that kind of form; may precede any of the above
    anything else             a paragraph, up to the next empty line

`$person` and other fields are filled in; `$$` is a dollar sign. docs/forms.md documents the format
for authors. Errors name the unknown or missing item and its line.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.named_files import read_regular
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_BYTES = 100_000
TITLE = "title"
"""The field that a choice replaces with one of the titles offered under it."""

_FIELD = re.compile(r"\$(?:(?P<dollar>\$)|(?P<name>[a-z_]+)|\{(?P<braced>[a-z_]+)\}|(?P<wrong>))")
_BLOCK = re.compile(
    r"(?:\{(?P<tags>[^}$]*)\})?\s*(?P<mark>##?|\||\[\s*\]|___+|---+)?\s*(?P<rest>.*)"
)
_MAX_VERSION_LENGTH = 20


class BlockKind(StrEnum):
    """The kind of a block; the values are the markers that start it."""

    TITLE = "#"
    HEADING = "##"
    FACT = "|"
    CHOICE = "["
    SIGNATURE = "_"
    CUT = "-"
    TEXT = ""
    MARK = "!"


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its text, with the label of a fact or the key of a choice."""

    kind: BlockKind
    text: str = ""
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A document ready to render: its language, its blocks and its reference code."""

    language: str
    blocks: tuple[Block, ...]
    code: str = ""

    @property
    def title(self) -> str:
        """The heading, which contains no personal name."""
        return next((block.text for block in self.blocks if block.kind is BlockKind.TITLE), "")


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """What a kind of document may contain: fields, choice keys, and tags of its variants.

    Every template must contain `needed_fields` and `needed_choices`. Each of `titled_choices` must
    contain `$title`: it is printed once for each title.
    """

    fields: AbstractSet[str]
    choices: AbstractSet[str]
    tags: AbstractSet[str]
    needed_fields: AbstractSet[str] = frozenset()
    needed_choices: AbstractSet[str] = frozenset()
    titled_choices: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _TemplateLine:
    number: int
    tags: AbstractSet[str]
    block: Block


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed and validated template.

    `version` includes a prefix of the text's hash, to prove which text was shown. `awaiting` is the
    notice at the top of the page while a translation is missing; `language` is then the language
    that the text is actually in.
    """

    language: str
    version: str
    awaiting: str
    lines: tuple[_TemplateLine, ...]

    def fill(
        self,
        values: Mapping[str, str],
        tags: AbstractSet[str],
        choices: Mapping[str, Sequence[str]],
        code: str,
    ) -> Page:
        """Return the page: the blocks whose tags all apply, without choices that are not offered.

        `choices` maps each offered choice to its titles; it is printed once for each. A choice
        without titles of its own is offered with one that is empty.
        """
        blocks = [Block(BlockKind.MARK, self.awaiting)] if self.awaiting else []
        for line in self.lines:
            block = line.block
            titles = choices.get(block.key, ()) if block.kind is BlockKind.CHOICE else ("",)
            if line.tags <= tags:
                blocks += [_filled(block, {**values, TITLE: title}) for title in titles]
        return Page(self.language, tuple(blocks), code)

    def choices(self, tags: AbstractSet[str]) -> set[str]:
        """Return the choices that a page with these tags can offer."""
        lines = (line for line in self.lines if line.tags <= tags)
        return {line.block.key for line in lines if line.block.kind is BlockKind.CHOICE}


def _filled(block: Block, values: Mapping[str, str]) -> Block:
    return replace(block, text=_fill(block.text, values), label=_fill(block.label, values))


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda m: "$" if m["dollar"] else values[_field_name(m)], text).strip()


def _field_name(match: re.Match[str]) -> str:
    return match["name"] or match["braced"] or ""


def read_template(file: Path, spec: TemplateSpec) -> Template:
    """Read a template file; InputDataError names the file, the line and the error.

    A file with `% same as: fi` and no text of its own uses the text of that language.
    """
    reader = _TemplateParser(file, spec)
    source = reader.header.get("same as", "")
    if reader.lines or not source.isalpha():
        return reader.template()
    kind = file.name.partition(".")[0]
    text = _TemplateParser(file.with_name(f"{kind}.{source}.txt"), spec).template()
    return replace(text, awaiting=reader.header.get("awaiting", ""))


class _TemplateParser:
    """Parse one template file, block by block."""

    def __init__(self, file: Path, spec: TemplateSpec) -> None:
        self.file = file
        self.spec = spec
        self.header: dict[str, str] = {}
        self.content = _content(file)
        self.lines = tuple(self._line(number, text) for number, text in self._blocks())

    def template(self) -> Template:
        """Return the template; InputDataError if a required field or choice is missing."""
        texts = [f"{line.block.label} {line.block.text}" for line in self.lines]
        fields = {_field_name(match) for text in texts for match in _FIELD.finditer(text)}
        for name in sorted(self.spec.needed_fields - fields):
            raise self._error(N_("{file}: the field {name} is missing"), f"${name}")
        choices = {line.block.key for line in self.lines}
        for name in sorted(self.spec.needed_choices - choices):
            raise self._error(N_("{file}: the choice {name} is missing"), name)
        version = self.header.get("version", "")[:_MAX_VERSION_LENGTH]
        digest = hashlib.sha256(self.content.encode()).hexdigest()[:8]
        return Template(
            self.header.get("language", "") or "fi",
            f"{version} {digest}".strip(),
            self.header.get("awaiting", ""),
            self.lines,
        )

    def _blocks(self) -> Iterator[tuple[int, str]]:
        """Yield the blocks with their line numbers: a marked line or a whole paragraph each."""
        begun, paragraph = 0, ""
        for number, line in enumerate(map(str.strip, self.content.splitlines()), 1):
            if paragraph and (not line or line[0] in "%#|[{" or line.startswith(("___", "---"))):
                yield begun, paragraph
                paragraph = ""
            if line.startswith("%"):
                name, _colon, value = line[1:].partition(":")
                self.header[name.strip().casefold()] = value.strip()
            elif line:
                begun = begun if paragraph else number
                paragraph = f"{paragraph} {line}".strip()
                if _parts(line)["mark"]:
                    yield begun, paragraph
                    paragraph = ""
        if paragraph:
            yield begun, paragraph

    def _line(self, number: int, text: str) -> _TemplateLine:
        parts = _parts(text)
        tags = frozenset((parts["tags"] or "").split())
        for name in sorted(tags - self.spec.tags):
            raise self._error(
                N_("{file}, line {line}: there is no kind of form {name}"), name, number
            )
        for match in _FIELD.finditer(text):
            self._check_field(number, match)
        return _TemplateLine(number, tags, self._block(number, parts["mark"] or "", parts["rest"]))

    def _check_field(self, number: int, match: re.Match[str]) -> None:
        if match["wrong"] is not None:
            raise self._error(
                N_("{file}, line {line}: a dollar sign must be written {name}"), "$$", number
            )
        if not match["dollar"] and _field_name(match) not in {*self.spec.fields, TITLE}:
            name = f"${_field_name(match)}"
            raise self._error(N_("{file}, line {line}: there is no field {name}"), name, number)

    def _block(self, number: int, mark: str, rest: str) -> Block:
        part = BlockKind(mark if mark.startswith("#") else mark[:1])
        if part is BlockKind.FACT:
            label, _bar, value = rest.partition("|")
            return Block(part, value.strip(" |"), label.strip())
        if part is BlockKind.CHOICE:
            key, _colon, text = rest.partition(":")
            if key.strip() not in self.spec.choices:
                text = N_("{file}, line {line}: there is no choice {name}")
                raise self._error(text, key.strip(), number)
            self._check_title(number, key.strip(), text)
            return Block(part, text.strip(), key=key.strip())
        return Block(part, rest)

    def _check_title(self, number: int, key: str, text: str) -> None:
        names = {_field_name(match) for match in _FIELD.finditer(text)}
        if key in self.spec.titled_choices and TITLE not in names:
            raise self._error(
                N_("{file}, line {line}: the choice {name} must contain $title"), key, number
            )

    def _error(self, text: str, name: str, line: int | None = None) -> InputDataError:
        return InputDataError(
            text,
            N_("Fields: {names}. Choices: {choices}. Kinds of forms: {kinds}."),
            file=self.file.name,
            line=line,
            name=name,
            names=", ".join(f"${field}" for field in sorted(self.spec.fields)),
            choices=", ".join(sorted(self.spec.choices)),
            kinds=", ".join(sorted(self.spec.tags)),
        )


def _parts(text: str) -> re.Match[str]:
    found = _BLOCK.fullmatch(text)
    if found is None:  # cannot happen: the pattern matches any line
        raise ValueError(text)
    return found


def _content(file: Path) -> str:
    try:
        return read_regular(file, MAX_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file) from error


def _unreadable(file: Path) -> InputDataError:
    return InputDataError(
        N_("{file} cannot be read as a text"),
        N_(
            "It must be a text file in UTF-8. You can begin from the texts that photoreg comes "
            "with."
        ),
        step=NextStep.to(NextAction.CONSENT_TEXTS, "folder"),
        file=file,
    )
