"""What the columns of a list of consents mean: found by their headings, or said by the user.

A column that holds a yes or a no speaks of channels. Which ones is never guessed: the heading is
the name of a channel or of a kind, or the user says it. Until then nothing is recorded.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from photoreg.errors import InputDataError, Term
from photoreg.rulebook.facts import Channel
from photoreg.services.inputs import without_identity_codes
from photoreg.services.people.class_lists.columns import ColumnMeaning
from photoreg.services.people.class_lists.forbidding import (
    has_ended,
    hides_no,
    is_no,
    is_of_noes,
    may_hold_no,
    may_limit,
    negates,
    sense_of,
    speaks_of_no,
)
from photoreg.services.people.class_lists.free_words import words_below
from photoreg.services.people.class_lists.name_marks import mark_below
from photoreg.services.people.class_lists.words import field_of, is_about_photos
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in, is_stop, says_no
from photoreg.sheets.cells import CellValue, to_text
from photoreg.sheets.table import Table, claim_column
from photoreg.texts import N_, translations


class Meaning(StrEnum):
    """What a column holds, besides answers about channels."""

    ID = "id"
    NAME = "name"
    SURNAME = "surname"
    FIRST_NAMES = "first_names"
    BORN = "born"
    SIGNER = "signed_by"
    DAY = "day"
    PAPER = "paper"
    UNTIL = "until"
    MAY_BE_NAMED = "may_be_named"
    BLOCK = "block"
    REFUSAL = "refusal"
    REMARKS = "remarks"
    IGNORED = "ignored"


_HEADINGS: dict[Meaning, str] = {
    Meaning.ID: "id|tunnus|tunniste|rekisterinumero",
    Meaning.SIGNER: (
        "allekirjoittaja|allekirjoittanut|allekirjoitus|allekirjoitti|kuka allekirjoitti|"
        "signed by|signer|signature|who signed|undertecknare|undertecknat av|vuolláičálli"
    ),
    Meaning.DAY: (
        "pvm|päiväys|päivämäärä|päivä|allekirjoituspäivä|allekirjoitettu|luvan pvm|date|day|"
        "signed|signed on|date signed|datum|undertecknat|beaivi"
    ),
    Meaning.PAPER: (
        "mappi|kansio|arkisto|arkistopaikka|paperi|paperin paikka|missä paperi on|binder|folder|"
        "paper|where the paper is|pärm|mapp"
    ),
    Meaning.UNTIL: (
        "asti|voimassa|voimassa asti|voimassaolo|voimassaolo päättyy|päättyy|päättymispäivä|"
        "päättymispvm|until|valid until|expires|expiry date|end date|"
        "giltig till|gäller till|slutdatum"
    ),
    Meaning.MAY_BE_NAMED: (
        "nimi saa näkyä|nimen saa julkaista|nimen saa mainita|nimen julkaisu|"
        "name may be shown|name may be given|namnet får synas|namnet får nämnas"
    ),
    Meaning.BLOCK: "esto|julkaisuesto|skyddsförbud",
    Meaning.REFUSAL: "kielto|kieltäytyminen|refusal",
    Meaning.REMARKS: (
        "huom|huomautus|huomautukset|huomautettavaa|huomioitavaa|lisätieto|lisätiedot|"
        "lisätietoja|muuta|muuta huomioitavaa|viesti|opettajan viesti|message|info|"
        "kommentti|kommentit|note|notes|remark|remarks|comment|comments|anm|anmärkning|"
        "anmärkningar"
    ),
}
"""The headings that class lists do not have, in Finnish, English, Swedish and Northern Sámi."""

_STOPS = {ColumnMeaning.BLOCK: Meaning.BLOCK, ColumnMeaning.REFUSAL: Meaning.REFUSAL}
_OF_CLASS_LISTS = _STOPS | {
    ColumnMeaning.PERSON: Meaning.ID,
    ColumnMeaning.NAME: Meaning.NAME,
    ColumnMeaning.SURNAME: Meaning.SURNAME,
    ColumnMeaning.FORENAMES: Meaning.FIRST_NAMES,
    ColumnMeaning.BORN: Meaning.BORN,
}
"""The meanings whose headings are those of class lists."""

WORDS: dict[Meaning, str] = {
    Meaning.ID: N_("id"),
    Meaning.NAME: N_("name"),
    Meaning.SURNAME: N_("surname"),
    Meaning.FIRST_NAMES: N_("first names"),
    Meaning.BORN: N_("born"),
    Meaning.SIGNER: N_("signed by"),
    Meaning.DAY: N_("day"),
    Meaning.PAPER: N_("paper"),
    Meaning.UNTIL: N_("until"),
    Meaning.MAY_BE_NAMED: N_("may be named"),
    Meaning.BLOCK: N_("block"),
    Meaning.REFUSAL: N_("refusal"),
    Meaning.REMARKS: N_("remarks"),
    Meaning.IGNORED: N_("ignore"),
}
"""What a user writes to say what a column holds; understood in every language."""

HOW_TO_SAY = N_(
    "Channels: {channels}. Kinds of channel: {kinds}. Several are written with commas between "
    "them. What else a column can be: {meanings}."
)
"""What a user can say of a column."""


def what_columns_can_be(channels: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Return the values of `HOW_TO_SAY`: the channels, the kinds and the other meanings."""
    return {
        "channels": tuple(channels),
        "kinds": tuple(Channel),
        "meanings": tuple(map(Term, WORDS.values())),
    }


_OF_PERSON = {Meaning.ID, Meaning.NAME, Meaning.SURNAME, Meaning.FIRST_NAMES}

REASON_HEADING = N_("Why it was not taken")
GUARDIANS_HEADING = N_("Guardians in the registry")
_OUR_HEADINGS = (REASON_HEADING, GUARDIANS_HEADING)

_MEANING_OF = {text: each for each, texts in _HEADINGS.items() for text in texts.split("|")}

_IGNORE = frozenset({"ignore", "ignored", "ohita", "ei lueta", ""})
_PREFIX = "channel:"


def plain(text: str) -> str:
    """Return a text to compare by: without case, marks around words, and extra blanks."""
    return " ".join(re.sub(r"[.:;()_?!'\"-]", " ", text.casefold()).split())


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How a column was read: its meaning, or the channels it speaks of, and its answers counted."""

    heading: str
    meaning: Meaning | None = None
    channels: tuple[str, ...] = ()
    answers: Mapping[CellAnswer, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The columns of a list: the heading of each meaning, and the channels of each other heading.

    `stops` are the columns of blocks and refusals: whatever is written there is a no. `unclear`
    hold answers, and nobody has said about what; `not_read` hold none. `only_named` are those of
    them that have the name of a channel.
    """

    known: Mapping[Meaning, str]
    channels: Mapping[str, tuple[str, ...]]
    unclear: Sequence[str]
    not_read: Sequence[str]
    ignored: Sequence[str] = ()
    stops: Mapping[str, Meaning] = field(default_factory=dict)
    only_named: Sequence[str] = ()

    def hidden_noes(self, cells: Mapping[str, CellValue]) -> Iterator[tuple[str, str]]:
        """Yield the cells of a row that are not read as answers and seem to say no."""
        meanings = {heading: meaning for meaning, heading in self.known.items()}
        for heading in (*meanings, *self.not_read, *self.ignored):
            text = to_text(cells.get(heading))
            if text and _hides_no(heading, meanings.get(heading), text):
                yield heading, text

    def endings(self, cells: Mapping[str, CellValue]) -> Iterator[tuple[str, str]]:
        """Yield the cells of a row that say that it has ended, or do not say that it holds."""
        meanings = {heading: meaning for meaning, heading in self.known.items()}
        for heading in (*meanings, *self.not_read, *self.ignored):
            value = cells.get(heading)
            is_read = meanings.get(heading) in _TELLING | _OF_NAMES
            if not is_read and _ends(heading, value, is_ignored=heading in self.ignored):
                yield heading, to_text(value)

    def limits(self, cells: Mapping[str, CellValue]) -> Iterator[tuple[str, str]]:
        """Yield the cells of columns that are not read which may limit a consent."""
        for heading in (*self.not_read, *self.ignored):
            text = to_text(cells.get(heading))
            if may_limit(text):
                yield heading, text

    def marks(self, cells: Mapping[str, CellValue]) -> Iterator[tuple[str, str]]:
        """Yield the marks beside contacts, classes and names in columns that are not read."""
        for heading in self.not_read:
            if mark := mark_below(heading, to_text(cells.get(heading))):
                yield heading, mark

    def read(self, table: Table) -> Iterator[ColumnRead]:
        """Yield how each column is read, in the order of the list."""
        meanings = {heading: meaning for meaning, heading in self.known.items()} | dict(self.stops)
        for heading in filter(None, table.headings):
            if heading in self.ignored:
                yield ColumnRead(heading, Meaning.IGNORED, answers=_counted(table, heading))
            elif heading in meanings:
                yield ColumnRead(heading, meanings[heading])
            elif heading in self.channels:
                counted = _counted(table, heading)
                yield ColumnRead(heading, channels=self.channels[heading], answers=counted)


def list_columns(
    table: Table, said: Mapping[str, Sequence[str]], titles: Mapping[str, str]
) -> ListColumns:
    """Return what the columns mean; InputDataError for two of one meaning, or no person.

    `said` maps headings to what the user says of them: a meaning, or channels. `titles` are the
    names of the channels by what a heading may call them.
    """
    known: dict[Meaning, str] = {}
    channels: dict[str, tuple[str, ...]] = {}
    stops: dict[str, Meaning] = {}
    unclear, not_read, ignored, only_named = [], [], [], []
    wanted = {plain(heading): known_meanings(values, titles) for heading, values in said.items()}
    _require_headings(table, said)
    for heading in filter(None, table.headings):
        meant = wanted.get(plain(heading)) or _recognised(heading, titles)
        _refuse_hiding(heading, meant)
        if plain(heading) not in wanted and _is_only_named(table, heading, meant):
            only_named.append(heading)
            meant = ()
        if meant == (Meaning.IGNORED,) or _is_ours(heading):
            _refuse_ignoring(table, heading)
            ignored.append(heading)
        elif meant and meant[0] in _STOPS.values():
            stops[heading] = Meaning(meant[0])
        elif len(meant) == 1 and meant[0] in set(Meaning):
            claim_column(known, Meaning(meant[0]), heading)
        elif meant:
            channels[heading] = tuple(each.removeprefix(_PREFIX) for each in meant)
        elif _needs_saying(table, heading):
            unclear.append(heading)
        else:
            not_read.append(heading)
    _require_person(known)
    return ListColumns(
        known,
        channels,
        unclear,
        not_read,
        [each for each in ignored if not _is_ours(each)],
        stops,
        only_named,
    )


def _needs_saying(table: Table, heading: str) -> bool:
    """Return whether a column that nobody explained may hold answers, or holds free words.

    What limits or refuses needs no saying: it stops its own row.
    """
    if any(_may_be_answer(heading, line.cells.get(heading)) for line in table.rows):
        return True
    texts = (to_text(line.cells.get(heading)) for line in table.rows)
    words = words_below(heading, texts)
    return any(not (may_limit(each) or hides_no(heading, each, is_name=False)) for each in words)


def _is_only_named(table: Table, heading: str, meant: Sequence[str]) -> bool:
    """Return whether a column has a channel's name and other words than yes and no: of schools."""
    if not any(each.startswith(_PREFIX) for each in meant):
        return False
    answers = {answer_in(line.cells.get(heading)) for line in table.rows}
    return CellAnswer.UNREADABLE in answers and not answers & {CellAnswer.YES, CellAnswer.NO}


def _ends(heading: str, value: CellValue, *, is_ignored: bool) -> bool:
    """Return whether a cell says that its row has ended: in words, by its heading, or as a state.

    A state that is neither known to hold nor to have ended stops unless the user leaves it out.
    """
    text = to_text(value)
    if not text or has_ended(text):
        return bool(text)
    if has_ended(heading) or plain(heading) in _ARCHIVED:
        return is_stop(value)
    is_state = plain(heading) in _STATES and plain(text) not in _IN_FORCE
    return is_state and not is_ignored and answer_in(value) is not CellAnswer.YES


_ARCHIVED = frozenset({"arkistoitu", "archived", "arkiverad"})
_STATES = frozenset(
    {"tila", "luvan tila", "suostumuksen tila", "status", "state", "läge", "dilli", "tilanne"}
)
_IN_FORCE = frozenset(
    {"voimassa", "voimassa oleva", "aktiivinen", "annettu", "hyväksytty", "active", "valid"}
    | {"in force", "approved", "signed", "allekirjoitettu", "giltig", "aktiv", "gäller", "i kraft"}
)
"""What a column of states says of a consent that holds."""

_TELLING = frozenset({Meaning.UNTIL, Meaning.REMARKS, Meaning.MAY_BE_NAMED})
"""Columns whose words are weighed in their own way before a yes counts."""

_OF_NAMES = _OF_PERSON | {Meaning.SIGNER}
_ANSWERING = frozenset({Meaning.REMARKS, Meaning.MAY_BE_NAMED})


def _hides_no(heading: str, meaning: Meaning | None, text: str) -> bool:
    """Return whether a cell that is not read as an answer seems to say no."""
    is_name = meaning in _OF_NAMES
    return meaning not in _ANSWERING and hides_no(heading, text, is_name=is_name)


_OF_PERMISSION = frozenset(
    {
        *(Meaning.BLOCK, Meaning.REFUSAL, Meaning.MAY_BE_NAMED),
        *(Meaning.DAY, Meaning.UNTIL, Meaning.SIGNER),
    }
)
"""What a column of permissions may be, besides one about channels."""


def hides(heading: str, meant: Sequence[str]) -> bool:
    """Return whether a column in which a no may stand would be read as something harmless."""
    sense = sense_of(heading)
    if not meant or sense is None or meant == (_meaning_of(heading),):
        return False
    if is_of_noes(heading):
        return not set(meant) <= set(_STOPS.values())
    return bool(set(meant) & (set(Meaning) - _OF_PERMISSION))


def _refuse_hiding(heading: str, meant: Sequence[str]) -> None:
    """Raise InputDataError for a column of noes that is said to be something harmless."""
    if not hides(heading, meant):
        return
    may_be = set(_STOPS.values()) if is_of_noes(heading) else _OF_PERMISSION
    raise InputDataError(
        N_("the column {heading} cannot be read as {meaning}: a no may stand in it"),
        N_("It can be: {known}. If it is not about photos at all, take the column out of the file.")
        if is_of_noes(heading)
        else N_(
            "Say which channels it speaks of, or one of: {known}. If it is not about photos at "
            "all, take the column out of the file."
        ),
        fields=("column",),
        heading=heading,
        meaning=_in_words(meant),
        known=_in_words(each for each in WORDS if each in may_be),
    )


def _in_words(meant: Iterable[str]) -> tuple[str, ...]:
    """Return meanings and channels by what a user writes for them."""
    meanings = {each.value for each in Meaning}
    return tuple(
        Term(WORDS[Meaning(each)]) if each in meanings else each.removeprefix(_PREFIX)
        for each in meant
    )


def _may_be_answer(heading: str, value: CellValue) -> bool:
    """Return whether a cell of a column that nobody explained may be a yes or a no."""
    text = to_text(value)
    if not text:
        return False
    is_of_answers = sense_of(heading) is not None or is_about_photos(heading)
    return is_of_answers or _is_answer(value) or (may_hold_no(heading) and is_no(text))


def _meant(said: str, titles: Mapping[str, str]) -> str:
    """Return the meaning, or the channel, that a user names."""
    text = plain(said)
    if said.startswith(_PREFIX) or said.strip().lower() in {*titles.values(), *Channel}:
        return said
    if text in _IGNORE:
        return Meaning.IGNORED
    return _BY_WORDS.get(text) or _meaning_of(said) or titles.get(text, said)


_BY_WORDS = {plain(each.replace("_", " ")): each for each in Meaning} | {
    plain(word): each for each, text in WORDS.items() for word in translations(text)
}


def _meaning_of(heading: str) -> Meaning | None:
    """Return what a heading means in so many words."""
    found = _OF_CLASS_LISTS.get(field_of(heading) or ColumnMeaning.SKIP)
    return _MEANING_OF.get(plain(heading)) or found


def known_meanings(said: Iterable[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return what words for meanings and channels mean."""
    return tuple(_meant(each, titles) for each in said)


def count_understood(
    headings: Sequence[str], said: Iterable[str], titles: Mapping[str, str]
) -> int:
    """Return how many headings are understood, or were said to mean something.

    It is no list of people, so 0, where none of them tells who is meant.
    """
    wanted = {plain(heading) for heading in said}
    known = [h for h in headings if h and (plain(h) in wanted or _recognised(h, titles))]
    is_list = any(plain(h) in wanted or _meaning_of(h) in _OF_PERSON for h in known)
    return len(known) if is_list else 0


def words_in(table: Table, heading: str, most: int = 5) -> list[str]:
    """Return the commonest words in a column."""
    texts = (to_text(line.cells.get(heading)) for line in table.rows)
    return [text for text, _count in Counter(filter(None, texts)).most_common(most)]


def _counted(table: Table, heading: str) -> Counter[CellAnswer]:
    return Counter(answer_in(line.cells.get(heading)) for line in table.rows)


_ALSO_NAMES = frozenset({"gal", "jo", "lea"})
"""Words for yes that people are called as well."""


def _is_answer(value: CellValue) -> bool:
    """Return whether a cell says yes or no in words; numbers, as of a class, and dashes do not."""
    text = to_text(value)
    is_word = any(map(str.isalpha, text)) or isinstance(value, bool)
    is_yes = answer_in(value) is CellAnswer.YES and text.casefold() not in _ALSO_NAMES
    return is_word and (is_yes or says_no(text))


def _recognised(heading: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a heading means without being told: a meaning, or one channel or kind."""
    if meaning := _meaning_of(heading):
        return (meaning,)
    text = spelt(heading)
    name = titles.get(text) or (text if text in set(Channel) else None)
    return (f"{_PREFIX}{name}",) if name else ()


def spelt(text: str) -> str:
    """Return a heading to find a channel by: with all its marks, since they may limit a yes."""
    return " ".join(text.casefold().split()).rstrip(" .:")


def without_ours(headings: Iterable[str]) -> list[str]:
    """Return headings without those of the columns that photoreg adds to rows to correct."""
    return [each for each in headings if not _is_ours(each)]


def _is_ours(heading: str) -> bool:
    """Return whether photoreg wrote the column into a file of rows to correct."""
    ours = {plain(text) for each in _OUR_HEADINGS for text in translations(each)}
    return plain(heading) in ours


def _require_headings(table: Table, said: Iterable[str]) -> None:
    """Raise InputDataError for a column that is said to mean something, but is not there."""
    there = {plain(heading) for heading in table.headings}
    for heading in said:
        if plain(heading) not in there:
            raise InputDataError(
                N_("the list has no column {heading}"),
                N_("Its columns are: {known}."),
                fields=("column",),
                heading=heading,
                known=", ".join(filter(None, table.headings)),
            )


def _refuse_ignoring(table: Table, heading: str) -> None:
    """Raise InputDataError for leaving out words that forbid, or a mark: no no is dropped."""
    texts = (to_text(line.cells.get(heading)) for line in table.rows)
    found = next((text for text in texts if _must_be_read(heading, text)), None)
    if found is not None:
        raise InputDataError(
            N_("the column {heading} cannot be left out: it refuses something (“{words}”)"),
            N_("Leave the column in; say of other words what they mean."),
            fields=("remark",),
            heading=heading,
            words=without_identity_codes(found),
        )


def _must_be_read(heading: str, text: str) -> bool:
    if _is_ours(heading):
        return False
    is_partial = negates(text) and may_limit(text)
    return speaks_of_no(text) or is_partial or bool(mark_below(heading, text))


def _require_person(known: Mapping[Meaning, str]) -> None:
    by_parts = {Meaning.SURNAME, Meaning.FIRST_NAMES} <= known.keys()
    if not (by_parts or {Meaning.ID, Meaning.NAME} & known.keys()):
        raise InputDataError(
            N_("no column of the list tells who is meant"),
            N_("Say which column holds the name (or the surname and the first names), or the id."),
            fields=("column",),
        )
