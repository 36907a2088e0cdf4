"""What the columns of a list of consents mean: found by their headings, or said by the user.

A column that holds a yes or a no speaks of channels. Which ones is never guessed: the heading is
the name of a channel or of a kind, or the user says it. Until then nothing is recorded.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from photoreg.errors import InputDataError
from photoreg.rulebook.facts import Channel
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
    REMARKS = "remarks"
    IGNORED = "ignored"


_HEADINGS: dict[Meaning, str] = {
    Meaning.ID: "id|tunnus|tunniste|rekisterinumero",
    Meaning.NAME: (
        "nimi|name|oppilas|oppilaan nimi|lapsi|lapsen nimi|pupil|child|elev|barn|namn|namma"
    ),
    Meaning.SURNAME: "sukunimi|surname|last name|family name|efternamn|goargu",
    Meaning.FIRST_NAMES: (
        "etunimi|etunimet|first name|first names|given name|given names|forename|förnamn|ovdanamma"
    ),
    Meaning.BORN: (
        "syntynyt|syntymäaika|syntymäpäivä|synt aika|synt|born|date of birth|birth date|"
        "birthday|född|födelsedatum|födelsetid|riegádan|riegádanbeaivi"
    ),
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
        "asti|voimassa|voimassa asti|voimassaolo|päättyy|until|valid until|expires|"
        "giltig till|gäller till"
    ),
    Meaning.MAY_BE_NAMED: (
        "nimi saa näkyä|nimen saa julkaista|nimen saa mainita|nimen julkaisu|"
        "name may be shown|name may be given|namnet får synas|namnet får nämnas"
    ),
    Meaning.BLOCK: (
        "turvakielto|julkaisukielto|julkaisuesto|ei saa näyttää|publication block|"
        "must not be shown|skyddsförbud"
    ),
    Meaning.REMARKS: (
        "huom|huomautus|huomautukset|huomautettavaa|huomioitavaa|lisätieto|lisätiedot|muuta|"
        "kommentti|kommentit|note|notes|remark|remarks|comment|comments|anm|anmärkning|"
        "anmärkningar"
    ),
}
"""The headings of each meaning, in Finnish, English, Swedish and Northern Sámi."""

_OF_PERSON = {Meaning.ID, Meaning.NAME, Meaning.SURNAME, Meaning.FIRST_NAMES}

REASON_HEADING = N_("Why it was not taken")
GUARDIANS_HEADING = N_("Guardians in the registry")
_OUR_HEADINGS = (REASON_HEADING, GUARDIANS_HEADING)

_MEANING_OF = {text: each for each, texts in _HEADINGS.items() for text in texts.split("|")}

_YES_WORDS = (
    "kyllä|k|kylla|yes|y|ja|juo|joo|x|ok|on|on lupa|saa|saa julkaista|sallittu|lupa|true|1|+|✓|✔|"
    "☑|☒"
)
_NO_WORDS = "ei|e|no|n|nej|ii|kielletty|kielto|false|0|-|–|—|☐"
_YES = frozenset(_YES_WORDS.split("|"))
_NO = frozenset(_NO_WORDS.split("|"))
_FORBIDS = re.compile(
    r"kiel(?:tä|tää|si|let|to)|\bkiist|\bperu(?:i|n|ttu|ttiin|utti|nut)\b|\bepä[sä]|\bevät|"
    r"\bei (?:\w+ )?(?:saa|lupaa|kuvia|kuvata|julkais\w*)\b|refus|forbid|forbad|object|withdr|"
    r"\bno (?:photos|pictures|permission|consent)|may not|must not|förbj|vägra|\bneka|återkall"
)
_NEGATES = re.compile(r"\b(?:ei|en|no|not|nej|ii|inte)\b")
_BLOCK_STEMS = re.compile(r"turvakiel|suojakiel|julkaisukiel|julkaisuest|block|skyddsf")
_IGNORE = frozenset({"ignore", "ignored", "ohita", "ei lueta", ""})
_PREFIX = "channel:"


def plain(text: str) -> str:
    """Return a text to compare by: without case, marks around words, and extra blanks."""
    return " ".join(re.sub(r"[.:;()_?!'\"-]", " ", text.casefold()).split())


class CellAnswer(StrEnum):
    """What a cell says; `UNREADABLE` is neither a yes nor a no."""

    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


def answer_in(value: CellValue) -> CellAnswer:
    """Return what a cell about a channel says. Words that refuse something are a no."""
    text = " ".join(to_text(value).casefold().split())
    if not text:
        return CellAnswer.EMPTY
    if text in _YES:
        return CellAnswer.YES
    return CellAnswer.NO if text in _NO or refuses(text) else CellAnswer.UNREADABLE


def refuses(text: str) -> bool:
    """Return whether words refuse something, be it only in part."""
    return bool(_NEGATES.search(text.casefold())) or forbids(text)


def forbids(text: str) -> bool:
    """Return whether words refuse as a whole, as "father refuses" does and "no close-ups" not."""
    return bool(_FORBIDS.search(text.casefold()))


def blocks(text: str) -> bool:
    """Return whether a remark asks that somebody is not shown at all."""
    return bool(_BLOCK_STEMS.search(text.casefold()))


def is_block(value: CellValue) -> bool:
    """Return whether a cell in a column of blocks asks for one: it says anything but no."""
    return answer_in(value) not in {CellAnswer.EMPTY, CellAnswer.NO} or blocks(to_text(value))


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

    `unclear` hold answers, and nobody has said about what; `not_read` hold none.
    """

    known: Mapping[Meaning, str]
    channels: Mapping[str, tuple[str, ...]]
    unclear: Sequence[str]
    not_read: Sequence[str]
    ignored: Sequence[str] = ()

    def read(self, table: Table) -> Iterator[ColumnRead]:
        """Yield how each column is read, in the order of the list."""
        meanings = {heading: meaning for meaning, heading in self.known.items()}
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
    unclear, not_read, ignored = [], [], []
    wanted = {
        plain(heading): tuple(_meant(value, titles) for value in values)
        for heading, values in said.items()
    }
    _require_headings(table, said)
    for heading in filter(None, table.headings):
        meant = wanted.get(plain(heading)) or _recognised(heading, titles)
        if meant == (Meaning.IGNORED,) or _is_ours(heading):
            _refuse_ignoring(table, heading)
            ignored.append(heading)
        elif len(meant) == 1 and meant[0] in set(Meaning):
            claim_column(known, Meaning(meant[0]), heading)
        elif meant:
            channels[heading] = tuple(each.removeprefix(_PREFIX) for each in meant)
        elif any(_is_answer(line.cells.get(heading)) for line in table.rows):
            unclear.append(heading)
        else:
            not_read.append(heading)
    _require_person(known)
    return ListColumns(
        known, channels, unclear, not_read, [each for each in ignored if not _is_ours(each)]
    )


def _meant(said: str, titles: Mapping[str, str]) -> str:
    """Return the meaning, or the channel, that a user names."""
    text = plain(said)
    if said.startswith(_PREFIX) or said.strip().lower() in {*titles.values(), *Channel}:
        return said
    if text in _IGNORE:
        return Meaning.IGNORED
    by_code = next((each for each in Meaning if plain(each.replace("_", " ")) == text), None)
    return by_code or _MEANING_OF.get(text) or titles.get(text, said)


def count_understood(
    headings: Sequence[str], said: Iterable[str], titles: Mapping[str, str]
) -> int:
    """Return how many headings are understood, or were said to mean something.

    It is no list of people, so 0, where none of them tells who is meant.
    """
    wanted = {plain(heading) for heading in said}
    known = [h for h in headings if h and (plain(h) in wanted or _recognised(h, titles))]
    is_list = any(plain(h) in wanted or _MEANING_OF.get(plain(h)) in _OF_PERSON for h in known)
    return len(known) if is_list else 0


def words_in(table: Table, heading: str, most: int = 5) -> list[str]:
    """Return the commonest words in a column."""
    texts = (to_text(line.cells.get(heading)) for line in table.rows)
    return [text for text, _count in Counter(filter(None, texts)).most_common(most)]


def _counted(table: Table, heading: str) -> Counter[CellAnswer]:
    return Counter(answer_in(line.cells.get(heading)) for line in table.rows)


def _is_answer(value: CellValue) -> bool:
    """Return whether a cell says yes or no in words; numbers, as of a class, and dashes do not."""
    text = to_text(value)
    is_word = any(map(str.isalpha, text)) or isinstance(value, bool)
    return is_word and answer_in(value) in {CellAnswer.YES, CellAnswer.NO}


def _recognised(heading: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a heading means without being told: a meaning, or one channel or kind."""
    text = plain(heading)
    if text in _MEANING_OF:
        return (_MEANING_OF[text],)
    name = heading.partition(":")[0].strip().lower()
    if name in titles.values() or name in set(Channel):
        return (f"{_PREFIX}{name}",)
    return (f"{_PREFIX}{titles[text]}",) if text in titles else ()


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
    """Raise InputDataError for leaving out remarks that forbid something: no no is dropped."""
    meaning = _MEANING_OF.get(plain(heading))
    if meaning not in {Meaning.REMARKS, Meaning.BLOCK}:
        return
    stops = is_block if meaning is Meaning.BLOCK else (lambda text: forbids(text) or blocks(text))
    texts = (to_text(line.cells.get(heading)) for line in table.rows)
    found = next(filter(stops, texts), None)
    if found is not None:
        raise InputDataError(
            N_("the column {heading} cannot be left out: it refuses something (“{words}”)"),
            N_("Leave the column in; say of other words what they mean."),
            fields=("remark",),
            heading=heading,
            words=found,
        )


def _require_person(known: Mapping[Meaning, str]) -> None:
    by_parts = {Meaning.SURNAME, Meaning.FIRST_NAMES} <= known.keys()
    if not (by_parts or {Meaning.ID, Meaning.NAME} & known.keys()):
        raise InputDataError(
            N_("no column of the list tells who is meant"),
            N_("Say which column holds the name (or the surname and the first names), or the id."),
            fields=("column",),
        )
