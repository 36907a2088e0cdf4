"""Import a list of consents that was kept elsewhere before, such as a municipality's old workbook.

A yes is taken only where it is certain who signed, for whom, when, and where the paper is. A no is
always taken where it is known whom it is about, also without a signer. Each row of which something
was not taken is handed back with the reason, to be corrected and imported again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from photoreg.errors import InputDataError, NotFound, PhotoregError, Records, Term
from photoreg.registry.ids import Kind, human_ids, id_of, parse_id
from photoreg.registry.lookup import find_channel, find_person
from photoreg.registry.names import are_same_words, has_words_left_out, letters_key
from photoreg.registry.people_ahead import people_ahead
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import (
    guardianships_by_child,
    known_as,
    persons_like,
    persons_of,
)
from photoreg.registry.tables.organisation import ListKind
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import Channel, ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.document_texts import format_channel
from photoreg.services.consents.form_answer_sheets import channel_heading
from photoreg.services.consents.lists.columns import (
    HOW_TO_SAY,
    ColumnRead,
    ListColumns,
    Meaning,
    count_understood,
    hides,
    known_meanings,
    list_columns,
    plain,
    spelt,
    what_columns_can_be,
    without_ours,
    words_in,
)
from photoreg.services.consents.lists.recording import Recorder, Said
from photoreg.services.consents.lists.signers import (
    PersonAndGuardians,
    may_be_own_no,
    possible_sayers,
    signer_refuses,
    signers,
)
from photoreg.services.inputs import free_text, require_coming, without_identity_codes
from photoreg.services.organisation.layouts import layouts_of, save_layout
from photoreg.services.people.ages import person_id, shown_name
from photoreg.services.people.blocks import record_block
from photoreg.services.people.class_lists.class_list import (
    example_notes,
    notes_on_file,
    numbering_notes,
    one_table,
    refuse_noes_around,
)
from photoreg.services.people.class_lists.columns import ListNote, ListNoteKind
from photoreg.services.people.class_lists.forbidding import blocks, forbids
from photoreg.services.people.class_lists.name_marks import mark_in, without_numbering
from photoreg.services.people.class_lists.titles import (
    is_filled_in,
    refuse_ended,
    refuse_keys,
    refuse_noes_in_names,
)
from photoreg.services.people.class_lists.values import clean_name
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in, is_stop
from photoreg.services.sight import OF_ANOTHER_UNIT
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_day, to_text
from photoreg.sheets.examples import without_examples
from photoreg.sheets.foreign import ForeignFile, ForeignTable, read_foreign
from photoreg.sheets.table import MergedCells, Table, TableRow
from photoreg.texts import N_

ROWS_TOGETHER = 500
"""Rows that are looked up and recorded together."""

_T = TypeVar("_T")


class RemarkMeaning(StrEnum):
    """What a user says about the words of a remark."""

    NOTHING = "nothing"
    REFUSAL = "no"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class ListTerms:
    """What the user says about a whole list.

    `columns` are meanings or channels by heading, `remarks` the meaning of remarks by their words,
    which lifts no word that forbids.
    `unnamed` is added to the place of the paper of a no whose signer is not known. `save_as` names
    the layout in which the columns are saved, so that the next list of this shape is read so.
    `kinds` are what the user may call the kinds of channel.
    """

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    remarks: Mapping[str, RemarkMeaning] = field(default_factory=dict)
    purposes: Sequence[Purpose] | None = None
    until: date | None = None
    open_ended: bool = False
    paper: str = ""
    names_kind: bool = False
    both_signed: bool = False
    unnamed: str = ""
    sheet: str = ""
    save_as: str = ""
    kinds: Mapping[str, Channel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnclearColumn:
    """A column with answers of which nobody has said what they are about, and its words."""

    heading: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """The result of a row: what is new, and why anything was not taken.

    `new` are codes: yes, no, unsigned_no (recorded for everybody whose it may be), block.
    `refused` says whether the row holds a no, `guardians` name those who could have signed.
    """

    row: int
    cells: Mapping[str, CellValue]
    person: str | None = None
    new: tuple[str, ...] = ()
    reasons: tuple[PhotoregError, ...] = ()
    guardians: tuple[str, ...] = ()
    refused: bool = False

    @property
    def is_no_left(self) -> bool:
        """Whether the row holds a no that could not be taken, since nobody knows whose."""
        return self.refused and self.person is None


@dataclass(frozen=True, slots=True)
class ConsentImport:
    """What a list changes. `unclear` columns stop it; `rest` are the rows to correct.

    `notes` tell what was left out of the file, and `layout` is the saved layout that was taken.
    `channels` are those that a column can be about. `only_named` are columns with the name of a
    channel that were not read as that channel, since they hold neither yes nor no.
    """

    headings: tuple[str, ...]
    columns: tuple[ColumnRead, ...]
    not_read: tuple[str, ...]
    unclear: tuple[UnclearColumn, ...] = ()
    rows: tuple[ListedRow, ...] = ()
    applied: bool = False
    in_the_way: int = 0
    notes: tuple[ListNote, ...] = ()
    layout: str = ""
    channels: tuple[str, ...] = ()
    only_named: tuple[str, ...] = ()

    @property
    def rest(self) -> list[ListedRow]:
        """The rows of which something was not taken."""
        return [row for row in self.rows if row.reasons]

    def count(self, what: str) -> int:
        """Return how many rows have something new of a kind."""
        return sum(what in row.new for row in self.rows)


def import_consents(
    application: Application,
    file: Path,
    terms: ListTerms,
    *,
    apply: bool = False,
    keep_rest: Callable[[ConsentImport], None] | None = None,
) -> ConsentImport:
    """Import a list; without `apply` nothing is changed. The same list again changes nothing.

    `keep_rest` writes the rows to correct before anything is committed, so that none is lost.
    """
    found = _read(application, file, terms)
    table, terms = found.table, found.terms
    with application.changing() as work:
        if terms.until:
            require_coming(terms.until, work.today)
        columns = list_columns(table, terms.columns, _titles(work))
        found = _without_numbering(_without_unclear_answers(found, columns), columns)
        table = found.table
        if not is_filled_in(table, columns.stops):
            refuse_noes_in_names(file, found.file)
        _require_channels(work, columns)
        read = tuple(columns.read(table))
        _require_end(read, terms)
        result = ConsentImport(
            tuple(table.headings),
            read,
            tuple(columns.not_read),
            tuple(UnclearColumn(each, tuple(words_in(table, each))) for each in columns.unclear),
            notes=found.notes,
            layout=found.layout,
            channels=_active_channels(work),
            only_named=tuple(columns.only_named),
        )
        if not result.unclear:
            result = replace(result, rows=tuple(_rows(work, found, columns)))
        result = replace(result, applied=apply and not result.unclear)
        if result.applied and result.rest and keep_rest:
            keep_rest(result)
        if not result.applied:
            result = replace(result, in_the_way=len(work.undo().publications))
    if terms.save_as and result.applied:
        said = {heading: ",".join(meant) for heading, meant in terms.columns.items()}
        headings = without_ours(table.headings)
        save_layout(application, ListKind.PERMISSIONS, terms.save_as, headings, said)
    return result


@dataclass(frozen=True, slots=True)
class _FoundList:
    """The table of a file, with what is said about it, also by a saved layout.

    `broken` are cells that cannot be read, such as formulas, by row and heading, and `merged` the
    cells that are merged.
    """

    table: Table
    terms: ListTerms
    notes: tuple[ListNote, ...]
    layout: str
    broken: Mapping[tuple[int, str], InputDataError]
    file: ForeignFile
    merged: tuple[MergedCells, ...] = ()


def _read(application: Application, file: Path, terms: ListTerms) -> _FoundList:
    """Find the table in a file, between titles and notes, and the saved layout of its headings."""
    with application.reading() as work:
        saved, titles = layouts_of(work, ListKind.PERMISSIONS), _titles(work)

    def count(headings: Sequence[str]) -> int:
        said = {*terms.columns, *saved.columns_for(without_ours(headings)).columns}
        return count_understood(headings, said, titles)

    read = read_foreign(file, count, terms.sheet)
    found = one_table(read)
    table, examples = without_examples(found.table)
    _require_rows(table)
    layout = saved.columns_for(without_ours(table.headings))
    refuse_noes_around(read, found)
    refuse_ended(file, read, found)
    refuse_keys(table)
    columns = {
        heading: meant.split(",")
        for heading, meant in layout.columns.items()
        if not hides(heading, known_meanings(meant.split(","), titles))
    }
    said = {heading: _said(each, terms.kinds, titles) for heading, each in terms.columns.items()}
    _require_remarks(table, terms.remarks)
    remarks = {plain(words): each for words, each in terms.remarks.items()}
    return _FoundList(
        table,
        replace(terms, columns={**columns, **said}, remarks=remarks),
        (*notes_on_file(read, found), *example_notes(examples), *_repeated(found)),
        layout.name,
        found.broken,
        read,
        found.merged,
    )


def _without_unclear_answers(found: _FoundList, columns: ListColumns) -> _FoundList:
    """Return a list without answers in merged cells that may be about somebody else.

    A no stays in each row, and so does the reason, for whoever corrects the rows.
    """
    if not found.merged:
        return found
    who = [columns.known[each] for each in _WHO if each in columns.known]
    answers = {*columns.channels, *columns.stops, columns.known.get(Meaning.MAY_BE_NAMED, "")}
    unclear = ForeignTable(found.table, merged=found.merged).unclear_answers(who, answers)

    def is_clear(row: int, heading: str, value: CellValue) -> bool:
        is_no = is_stop(value) if heading in columns.stops else answer_in(value) is CellAnswer.NO
        return is_no or (row, heading) not in unclear

    rows = tuple(
        replace(line, cells={h: v for h, v in line.cells.items() if is_clear(line.number, h, v)})
        for line in found.table.rows
    )
    table = replace(found.table, rows=rows)
    return replace(found, table=table, broken={**found.broken, **unclear})


def _without_numbering(found: _FoundList, columns: ListColumns) -> _FoundList:
    """Return a list without numbers or bullets that only count the rows."""
    naming = (columns.known.get(each) for each in (Meaning.NAME, Meaning.SURNAME))
    table, first = without_numbering(found.table, next(filter(None, naming), ""))
    return replace(found, table=table, notes=(*found.notes, *numbering_notes(first)))


def _require_remarks(table: Table, remarks: Iterable[str]) -> None:
    """Raise InputDataError for words that stand in no cell: they were meant to change something."""
    for words in remarks:
        wanted = plain(words)
        if not any(plain(to_text(v)) == wanted for line in table.rows for v in line.cells.values()):
            raise InputDataError(
                N_("no row of the list has the remark “{remark}”"),
                N_("Write it as it stands in the list, or leave it out."),
                fields=("remark",),
                remark=without_identity_codes(words),
            )


_WHO = (
    *(Meaning.ID, Meaning.NAME, Meaning.SURNAME, Meaning.FIRST_NAMES),
    *(Meaning.BORN, Meaning.SIGNER),
)


def _require_rows(table: Table) -> None:
    """Raise InputDataError for a template in which nothing but the example is filled in."""
    if not table.rows:
        raise InputDataError(
            N_("the list is empty: only its example row is filled in"),
            N_(
                "Fill in a row for each person: who is shown, who signed and when, where the paper "
                "is, and a yes or a no for each channel."
            ),
        )


def _said(
    words: Iterable[str], kinds: Mapping[str, Channel], titles: Mapping[str, str]
) -> list[str]:
    """Return what is said of a column, with the codes of kinds that were named in words."""
    names = {*titles, *map(plain, titles.values())}
    return [
        each
        if plain(each) in names or known_meanings([each], titles) != (each,)
        else kinds.get(plain(each), each)
        for each in words
    ]


def _repeated(found: ForeignTable) -> Iterator[ListNote]:
    """Yield what is told of rows that repeat the headings."""
    return (ListNote(ListNoteKind.ROW_LEFT_OUT, row=row) for row in found.repeated)


def _titles(work: UnitOfWork) -> dict[str, str]:
    """Return the name of each channel by what a heading may call it."""
    titles: dict[str, str] = {}
    for channel in all_channels(work.session):
        own = (channel.name, channel.title, format_channel(channel), channel_heading(channel))
        for text in own:
            titles.setdefault(plain(text), channel.name)
            titles.setdefault(spelt(text), channel.name)
    return titles


def _active_channels(work: UnitOfWork) -> tuple[str, ...]:
    return tuple(sorted(each.name for each in all_channels(work.session) if each.active))


def _require_channels(work: UnitOfWork, columns: ListColumns) -> None:
    """Raise for a column that is said to be about a channel that does not exist."""
    for heading, names in columns.channels.items():
        for name in names:
            if name.strip().lower() not in set(Channel):
                _require_channel(work, heading, name)


def _require_channel(work: UnitOfWork, heading: str, name: str) -> None:
    """Raise NotFound, with what a column can be, if there is no channel of this name."""
    try:
        find_channel(work.session, name)
    except NotFound as error:
        raise NotFound(
            N_("{heading}={value}: there is no such channel, nor a kind of this name"),
            HOW_TO_SAY,
            step=error.step,
            fields=("column",),
            heading=heading,
            value=name,
            **what_columns_can_be(_active_channels(work)),
        ) from error


def _require_end(columns: Sequence[ColumnRead], terms: ListTerms) -> None:
    has_yes = any(each.channels and each.answers.get(CellAnswer.YES) for each in columns)
    has_end = any(each.meaning is Meaning.UNTIL for each in columns)
    if terms.until or terms.open_ended or has_end or not has_yes:
        return
    raise InputDataError(
        N_("the list does not tell until when the consents are valid"),
        N_("Give the last day for the whole list, or say that they have no end."),
        fields=("until", "open_ended"),
    )


def _rows(work: UnitOfWork, found: _FoundList, columns: ListColumns) -> Iterator[ListedRow]:
    rows, terms = found.table.rows, found.terms
    for start in range(0, len(rows), ROWS_TOGETHER):
        some = rows[start : start + ROWS_TOGETHER]
        read = [_ListRow(line, columns, terms, found.broken) for line in some]
        yield from _Chunk(work, read, terms).results()


class _ListRow:
    """One row, read cell by cell; what cannot be read is a reason not to take a yes."""

    def __init__(
        self,
        line: TableRow,
        columns: ListColumns,
        terms: ListTerms,
        broken: Mapping[tuple[int, str], InputDataError],
    ) -> None:
        self.line = line
        self.columns = columns
        read = (*columns.known.values(), *columns.channels, *columns.stops)
        cells = (broken.get((line.number, heading)) for heading in read)
        self.reasons: list[PhotoregError] = [error for error in cells if error]
        parts = (self.text(Meaning.FIRST_NAMES), self.text(Meaning.SURNAME))
        self.name = self.text(Meaning.NAME) or " ".join(filter(None, parts))
        self.number = self.text(Meaning.ID)
        self.born = self._read(Meaning.BORN, to_day)
        self.signer = self.text(Meaning.SIGNER)
        before = len(self.reasons)
        self.day = self._read(Meaning.DAY, to_day)
        self.is_day_wrong = len(self.reasons) > before
        self.until = self._read(Meaning.UNTIL, to_day) or terms.until
        self.paper = self._read(Meaning.PAPER, _text) or terms.paper
        self.remark = self.text(Meaning.REMARKS)
        named = answer_in(self._cell(Meaning.MAY_BE_NAMED))
        if named is CellAnswer.UNREADABLE:
            heading = columns.known[Meaning.MAY_BE_NAMED]
            self.reasons.append(_unreadable(heading, line.cells.get(heading)))
        self.may_be_named = {CellAnswer.YES: True, CellAnswer.NO: False}.get(named)
        self.yes, self.no = self._answers()
        self.hidden = tuple(columns.hidden_noes(line.cells))
        self.withdrawn = self._written(Meaning.REFUSAL)
        self.refuses_all, self.is_blocked = self._stops(terms)
        self._doubt_marks()
        self.reasons += [_ended(*each) for each in columns.endings(line.cells)]
        told = {heading for heading, _text in self.hidden}
        limits = columns.limits(line.cells)
        self.reasons += [_limited(*each) for each in limits if each[0] not in told]
        self.signer_refuses = signer_refuses(self.signer)

    @property
    def refused(self) -> bool:
        """Whether the row holds a no of any kind."""
        return bool(self.no or self.hidden) or self.refuses_everything or self.is_blocked

    @property
    def refuses_everything(self) -> bool:
        """Whether the row holds a no to everything, beside which no yes is taken."""
        return self.refuses_all or self.signer_refuses

    @property
    def refused_on(self) -> date | None:
        """The day of everything that is refused; of a withdrawal the day in its own column."""
        return _day_in(self.withdrawn[0][1]) if self.withdrawn else self.day

    def text(self, meaning: Meaning) -> str:
        """Return the text of a cell."""
        return " ".join(to_text(self._cell(meaning)).split())

    def _cell(self, meaning: Meaning) -> CellValue:
        return self.line.cells.get(self.columns.known.get(meaning, ""))

    def _read(self, meaning: Meaning, read: Callable[[CellValue], _T]) -> _T | None:
        try:
            return read(self._cell(meaning))
        except PhotoregError as error:
            self.reasons.append(error)
            return None

    def _answers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the channels with a yes, and those with a no; a no in another column wins."""
        said: dict[CellAnswer, dict[str, None]] = {each: {} for each in CellAnswer}
        for heading, channels in self.columns.channels.items():
            value = self.line.cells.get(heading)
            answer = answer_in(value)
            said[answer] |= dict.fromkeys(channels)
            if answer is CellAnswer.UNREADABLE:
                self.reasons.append(_unreadable(heading, value))
        noes = said[CellAnswer.NO]
        return tuple(each for each in said[CellAnswer.YES] if each not in noes), tuple(noes)

    def _stops(self, terms: ListTerms) -> tuple[bool, bool]:
        """Return whether the row refuses everything, and whether it asks for a block."""
        meanings = [self._remark_means(terms)] if self.remark else []
        for heading, text in self.hidden:
            meanings.append(_remark_meaning(text))
            self.reasons.append(_hidden_no(heading, text))
        for heading, value in self.withdrawn:
            self.reasons.append(_withdrawn(heading, value))
        is_refusal = RemarkMeaning.REFUSAL in meanings or bool(self.withdrawn)
        return is_refusal, RemarkMeaning.BLOCK in meanings or bool(self._written(Meaning.BLOCK))

    def _remark_means(self, terms: ListTerms) -> RemarkMeaning | None:
        meant = _remark_meaning(self.remark) or terms.remarks.get(plain(self.remark))
        if meant is None:
            self.reasons.append(_unclear_remark(self.remark))
        elif meant is RemarkMeaning.REFUSAL:
            self.reasons.append(_refusing_remark(self.remark))
        return meant

    def _written(self, meaning: Meaning) -> list[tuple[str, CellValue]]:
        """Return the filled cells of blocks or refusals, each with its heading."""
        headings = (each for each, stop in self.columns.stops.items() if stop is meaning)
        found = ((heading, self.line.cells.get(heading)) for heading in headings)
        return [(heading, value) for heading, value in found if is_stop(value)]

    def _doubt_marks(self) -> None:
        """Note a mark beside a name, a contact or a class: what it means stands elsewhere."""
        for meaning in (Meaning.NAME, Meaning.SURNAME, Meaning.FIRST_NAMES):
            parts = clean_name(self.text(meaning)).split(",")
            if mark := next(filter(None, map(mark_in, parts)), ""):
                self.reasons.append(_marked(self.columns.known[meaning], mark))
        self.reasons += [_marked(*each) for each in self.columns.marks(self.line.cells)]


def _text(value: CellValue) -> str:
    return free_text(to_text(value))


def _day_in(value: CellValue) -> date | None:
    try:
        return to_day(value)
    except PhotoregError:
        return None


def _hidden_no(heading: str, text: str) -> InputDataError:
    return InputDataError(
        N_("“{value}” in the column {heading} seems to refuse, so no yes was taken"),
        N_(
            "Write the no into a column of answers, of blocks or of refusals, and remove it from "
            "this cell."
        ),
        value=without_identity_codes(text),
        heading=heading,
    )


def _ended(heading: str, text: str) -> InputDataError:
    return InputDataError(
        N_("“{value}” in the column {heading} seems to say that it has ended, so no yes was taken"),
        N_(
            "Delete the row if it is no longer in force. If these words are about something else, "
            "take the column out of the file."
        ),
        value=without_identity_codes(text),
        heading=heading,
    )


def _limited(heading: str, text: str) -> InputDataError:
    return InputDataError(
        N_("“{value}” in the column {heading} may limit the consent, so no yes was taken"),
        N_(
            "Write the answers as they are meant into the columns of answers, and clear this cell. "
            "If these words are about something else, take the column out of the file."
        ),
        value=without_identity_codes(text),
        heading=heading,
    )


def _withdrawn(heading: str, value: CellValue) -> InputDataError:
    return InputDataError(
        N_("“{value}” in the column {heading} refuses everything, so no yes was taken"),
        N_("Nothing more is needed, unless the refusal is smaller or has ended: then ask again."),
        value=without_identity_codes(to_text(value)),
        heading=heading,
    )


def _marked(heading: str, mark: str) -> InputDataError:
    return InputDataError(
        N_("the mark {mark} in the column {heading} has to be read before a yes counts"),
        N_(
            "Look what it means. Write a no into a column of answers, of blocks or of refusals, "
            "and remove the mark."
        ),
        mark=mark,
        heading=heading,
    )


def _remark_meaning(remark: str) -> RemarkMeaning | None:
    """Return what a remark asks for in plain words; None if somebody has to read it."""
    if blocks(remark):
        return RemarkMeaning.BLOCK
    return RemarkMeaning.REFUSAL if forbids(remark) else None


def _unreadable(heading: str, value: CellValue) -> InputDataError:
    return InputDataError(
        N_("“{value}” in the column {heading} is neither a yes nor a no"),
        N_("Write yes or no, or clear the cell."),
        value=to_text(value),
        heading=heading,
    )


def _unclear_remark(remark: str) -> InputDataError:
    return InputDataError(
        N_("the remark “{remark}” has to be read before a yes counts"),
        N_(
            "Clear the cell if it changes nothing, write what was refused as a no, or say once for "
            "the whole list what these words mean."
        ),
        fields=("remark",),
        remark=remark,
    )


def _refusing_remark(remark: str) -> InputDataError:
    return InputDataError(
        N_("the remark “{remark}” refuses: it was taken as a no to everything, and no yes was"),
        N_("Nothing more is needed, unless the refusal is smaller or has ended: then ask again."),
        remark=remark,
    )


def _refusing_signer(signer: str) -> InputDataError:
    return InputDataError(
        N_("the signer “{signer}” refuses: it was taken as a no to everything, and no yes was"),
        N_("Nothing more is needed, unless the refusal is smaller or has ended: then ask again."),
        signer=signer,
    )


@dataclass(slots=True)
class _Draft:
    """A row that is being recorded."""

    row: _ListRow
    family: PersonAndGuardians | None = None
    is_certain: bool = False
    reasons: list[PhotoregError] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    known: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether the row refuses everything, and that was recorded before: nothing is left."""
        is_all_known = bool(self.said) and self.known == len(self.said)
        return is_all_known and self.is_certain and self.row.refuses_everything


class _Chunk:
    """Records some rows together in the open unit of work."""

    def __init__(self, work: UnitOfWork, rows: Sequence[_ListRow], terms: ListTerms) -> None:
        self.work = work
        self.terms = terms
        self.drafts = [_Draft(row, reasons=list(row.reasons)) for row in rows]

    def results(self) -> list[ListedRow]:
        """Record every row, and return what was taken and what was not."""
        with people_ahead(self.work.session):  # blocks are written together, too
            self._find_persons()
            self._record()
        return [self._result(draft) for draft in self.drafts]

    def _record(self) -> None:
        about = {id_of(draft.family.person) for draft in self.drafts if draft.family}
        recorder = Recorder(self.work, about)
        new: list[Said] = []
        for draft in self.drafts:
            if draft.family:
                self._decide(draft, draft.family)
                new += self._new(recorder, draft)
                if draft.is_settled:
                    draft.reasons.clear()
        recorder.record(new)

    def _find_persons(self) -> None:
        """Find whom each row is about, all by the same few queries."""
        finder = _PersonFinder(self.work, [draft.row for draft in self.drafts])
        found: dict[int, tuple[Person, bool]] = {}
        for number, draft in enumerate(self.drafts):
            person, error = finder.find(draft.row)
            if error:
                draft.reasons.append(error)
            if person and draft.row.name:
                self.work.sight.note_called(id_of(person), draft.row.name)
            if person:
                found[number] = (person, error is None)
        families = _families(self.work, [person for person, _certain in found.values()])
        for number, (person, is_certain) in found.items():
            self.drafts[number].family = families[id_of(person)]
            self.drafts[number].is_certain = is_certain

    def _decide(self, draft: _Draft, family: PersonAndGuardians) -> None:
        """Collect what a row says, and the reasons not to take all of it."""
        row = draft.row
        self.work.looks.note_name(family.person.id)
        row.signer_refuses = signer_refuses(row.signer, family)
        if row.signer_refuses:
            draft.reasons.append(_refusing_signer(row.signer))
        who = self._signers(draft, family)
        if row.yes:
            draft.reasons += self._missing(row)
        elif not (row.refused or draft.reasons):
            draft.reasons.append(_says_nothing())
        self._refusals(draft, family, who)
        if row.yes and not draft.reasons:
            draft.said += [self._yes(family, person, row) for person in who]
        if row.is_blocked:  # listed always, so that nobody sees whether there was a block before
            draft.new.append("block")
            record_block(self.work, family.person)

    def _signers(self, draft: _Draft, family: PersonAndGuardians) -> list[Person]:
        """Return who signed; nobody, with the reason, if that is not certain."""
        row = draft.row
        try:
            return signers(
                self.work,
                family,
                row.signer,
                min(row.day or self.work.today, self.work.today),
                both_signed=self.terms.both_signed,
            )
        except PhotoregError as error:
            if row.yes or not row.refused:
                draft.reasons.append(error)
            return []

    def _missing(self, row: _ListRow) -> Iterator[InputDataError]:
        """Yield what a row with a yes lacks."""
        if row.day is None and not row.is_day_wrong:  # what cannot be read is told already
            yield InputDataError(
                N_("the day of the signature is missing"), N_("Write the day from the paper.")
            )
        elif row.day and row.day > self.work.today:
            yield InputDataError(
                N_("{day} is in the future"), N_("Give today or an earlier day."), day=row.day
            )
        if not row.paper:
            yield InputDataError(
                N_("where the paper is kept is missing, and without it the consent does not count"),
                N_("Write where it is, or say it once for the whole list."),
                fields=("paper",),
            )
        if row.until is None and not self.terms.open_ended:
            yield InputDataError(
                N_("the last day of the consent is missing"),
                N_("Write it, or give it once for the whole list."),
                fields=("until", "open_ended"),
            )

    def _refusals(self, draft: _Draft, family: PersonAndGuardians, who: Sequence[Person]) -> None:
        """Collect the noes: of those who signed, else of everybody whose they may be."""
        row = draft.row
        day = row.day if row.day and row.day <= self.work.today else None
        sayers = possible_sayers(self.work, family, day or self.work.today)
        is_known = bool(who) and draft.is_certain
        if row.no:
            draft.said += [
                self._no(family, person, row, day, row.no, is_known=is_known)
                for person in (who if is_known else sayers)
            ]
        is_own = row.signer_refuses and may_be_own_no(family, row.signer)
        if is_own and family.person not in sayers:
            sayers = [*sayers, family.person]
        if row.refuses_all:
            day = row.refused_on if row.refused_on and row.refused_on <= self.work.today else None
        if row.refuses_everything:
            draft.said += [
                self._no(family, person, row, day, (), is_known=False) for person in sayers
            ]

    def _no(
        self,
        family: PersonAndGuardians,
        person: Person,
        row: _ListRow,
        day: date | None,
        channels: Sequence[str],
        *,
        is_known: bool,
    ) -> Said:
        unnamed = "" if is_known else self.terms.unnamed
        statement = ConsentStatement(
            ConsentKind.REFUSED,
            channels,
            purposes=(),
            on=day,
            paper=" ".join(filter(None, (row.paper, unnamed))),
        )
        return Said(family.person, person, statement, is_signed=is_known)

    def _yes(self, family: PersonAndGuardians, person: Person, row: _ListRow) -> Said:
        until = None if self.terms.open_ended and row.until is None else row.until
        statement = ConsentStatement(
            ConsentKind.GIVEN,
            row.yes,
            purposes=self.terms.purposes,
            on=row.day,
            until=until,
            open_ended=until is None,
            paper=row.paper,
            names_kind=self.terms.names_kind and bool(set(row.yes) & set(Channel)),
        )
        return Said(family.person, person, statement, row.may_be_named)

    def _new(self, recorder: Recorder, draft: _Draft) -> list[Said]:
        """Return what is not recorded yet; a statement that cannot be is a reason."""
        new = []
        for said in draft.said:
            try:
                if recorder.is_new(said):
                    new.append(said)
                else:
                    draft.known += 1
            except PhotoregError as error:
                draft.reasons.append(error)
                if not said.statement.is_grant:
                    new += self._undated(recorder, said)
        draft.new = [*dict.fromkeys(said.code for said in new), *draft.new]
        return new

    def _undated(self, recorder: Recorder, said: Said) -> list[Said]:
        """Return a no whose day or paper cannot be right, without them: it is never dropped.

        It is the person's own if the one who spoke has died.
        """
        speaker = said.subject if said.speaker.died_on else said.speaker
        bare = replace(said, speaker=speaker, statement=replace(said.statement, on=None, paper=""))
        try:
            return [bare] if recorder.is_new(bare) else []
        except PhotoregError:  # the person has died: no photo of them is published without a ruling
            return []

    def _result(self, draft: _Draft) -> ListedRow:
        family, row = draft.family, draft.row
        for error in draft.reasons:
            self.work.sight.leave_out_numbers(error)
        guardians = family.guardians if family else []
        return ListedRow(
            row.line.number,
            row.line.cells,
            self.work.sight.called(id_of(family.person)) if family else None,
            tuple(draft.new),
            tuple(draft.reasons),
            tuple(self._named(each) for each in guardians) if draft.reasons else (),
            row.refused,
        )

    def _named(self, guardian: Person) -> str:
        """Return the id of a guardian with the name, if the user may see it."""
        number, name = person_id(guardian), shown_name(self.work, guardian)
        return number if name == number else f"{number} {name}"


def _says_nothing() -> InputDataError:
    return InputDataError(
        N_("the row has neither a yes nor a no"), N_("Write the answers, or delete the row.")
    )


def _families(work: UnitOfWork, persons: Iterable[Person]) -> dict[int, PersonAndGuardians]:
    """Return each person with all guardians, by two queries."""
    about = {id_of(person): person for person in persons}
    rows = guardianships_by_child(work.session, about)
    guardians = persons_of(work.session, (r.guardian_id for some in rows.values() for r in some))
    return {
        number: PersonAndGuardians(
            person,
            rows[number],
            [guardians[each] for each in dict.fromkeys(r.guardian_id for r in rows[number])],
        )
        for number, person in about.items()
    }


class _PersonFinder:
    """Finds whom rows are about: by id, or by name and birth date."""

    def __init__(self, work: UnitOfWork, rows: Sequence[_ListRow]) -> None:
        self.work = work
        numbers = [parse_id(Kind.PERSON, row.number) for row in rows if row.number]
        self._by_id = persons_of(work.session, numbers)
        people = persons_like(
            work.session,
            {row.name for row in rows if row.name},
            {row.born for row in rows if row.born},
        )
        self._names = known_as(work.session, map(id_of, people))
        self._by_letters: dict[str, list[Person]] = defaultdict(list)
        self._by_day: dict[date | None, list[Person]] = defaultdict(list)
        for person in people:
            self._by_day[person.born].append(person)
            for key in {letters_key(name) for name in self._names_of(person)}:
                self._by_letters[key].append(person)

    def _names_of(self, person: Person) -> list[str]:
        return [person.name, *self._names[id_of(person)]]

    def find(self, row: _ListRow) -> tuple[Person | None, PhotoregError | None]:
        """Return the person, and an error unless it is certain that it is the right one.

        With an error, the person is the only one who can be meant.
        """
        if parse_id(Kind.PERSON, row.number) is not None or (row.number and not row.name):
            return self._with_id(row)
        if not row.name:
            return None, InputDataError(
                N_("the row does not tell who is meant"), N_("Write the name, or delete the row.")
            )
        alike = self._by_letters[letters_key(row.name)]
        same = [person for person in alike if _has_name(self._names_of(person), row.name)]
        certain = [person for person in same if row.born and person.born == row.born]
        if len(certain) == 1:
            return certain[0], None
        possible = certain or [each for each in same if not (row.born and each.born)]
        return (possible[0] if len(possible) == 1 else None), self._doubt(row, possible)

    def _with_id(self, row: _ListRow) -> tuple[Person | None, PhotoregError | None]:
        try:
            person = find_person(self.work.session, row.number)
        except PhotoregError as error:
            return None, error
        has_other_name = row.name and not _has_name([person.name], row.name)
        if has_other_name or (row.born and person.born and row.born != person.born):
            return None, InputDataError(
                N_("{person} has another name or birth date than the row"),
                N_("Correct the id or the name."),
                person=row.number,
            )
        if row.name:
            self.work.sight.note_matched(id_of(person))
        return person, None

    def _doubt(self, row: _ListRow, possible: Sequence[Person]) -> InputDataError:
        alike = possible or [
            person
            for person in (self._by_day[row.born] if row.born else ())
            if any(has_words_left_out(row.name, name) for name in self._names_of(person))
        ]
        if not alike:
            return InputDataError(
                N_("{name} is not in the registry with this birth date"),
                N_("Add the person first, for example with the class list, or correct the row."),
                name=row.name,
            )
        numbers = map(id_of, alike)
        seen = [number for number in numbers if not self.work.sight.hides(number)]
        some = Term(OF_ANOTHER_UNIT) if len(seen) < len(alike) else None
        return InputDataError(
            N_("{name} could be {persons}"),
            N_("Write the birth date, or the id into a column of its own with the heading id."),
            name=row.name,
            persons=Records(filter(None, (*human_ids(Kind.PERSON, seen), some))),
        )


def _has_name(names: Iterable[str], written: str) -> bool:
    return any(are_same_words(name, written) for name in names)
