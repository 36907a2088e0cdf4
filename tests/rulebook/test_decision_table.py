"""The acceptance tables pass, and the project's own; an unreadable table says where and why."""

import csv
import io
from pathlib import Path

import pytest

from photoreg.rulebook.decision_table import (
    COLUMNS,
    MAX_FACES,
    NEWER_COLUMNS,
    RowResult,
    TableError,
    run_table,
)
from photoreg.rulebook.facts import Channel

TABLE = Path(__file__).with_name("decision_table.csv")
NEWER = Path(__file__).with_name("decision_table_3.csv")
OWN = Path(__file__).with_name("decision_table_own.csv")
SOURCES = {
    copy: Path(__file__).parents[3] / "shared" / name
    for copy, name in ((TABLE, "decision-table.csv"), (NEWER, "decision-table-3.csv"))
}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = _read(TABLE)
_CHILD = next(row for row in ROWS if row["id"] == "D67")
_ADULT = next(row for row in ROWS if row["id"] == "D46")
_VIEW = next(row for row in ROWS if row["id"] == "D01")
_FREE = {
    "copyright_basis": "public_domain",
    "taken_year": "1931",
    "photographer_died_year": "1950",
}
"""A photo that needs nobody's permission, so that only the consents of people matter."""
_NEWER_EMPTY = dict.fromkeys(NEWER_COLUMNS, "")


def _table(row: dict[str, str], **cells: str) -> io.StringIO:
    """Return a table of this one row, with some cells changed."""
    assert set(cells) <= set(row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow({**row, **cells})
    return io.StringIO(text.getvalue(), newline="")


def _run(row: dict[str, str], **cells: str) -> RowResult:
    (result,) = run_table(_table(row, **cells))
    return result


def _error(row: dict[str, str], **cells: str) -> TableError:
    with pytest.raises(TableError) as caught:
        list(run_table(_table(row, **cells)))
    return caught.value


def _results(path: Path) -> list[RowResult]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(run_table(lines))


@pytest.mark.parametrize(
    "result",
    [result for table in (TABLE, NEWER, OWN) for result in _results(table)],
    ids=lambda result: result.id,
)
def test_row_of_a_table_passes(result: RowResult) -> None:
    assert result.actual == result.expected


@pytest.mark.parametrize(
    ("table", "number"), [(TABLE, 60), (NEWER, 28), (OWN, 56)], ids=lambda value: str(value)[-20:]
)
def test_every_row_of_a_table_is_run(table: Path, number: int) -> None:
    results = _results(table)
    assert [r.id for r in results] == [row["id"] for row in _read(table)]
    assert len(results) == number
    assert all(r.is_as_expected for r in results)


@pytest.mark.parametrize("copy", SOURCES, ids=lambda copy: copy.stem)
def test_copy_of_an_acceptance_table_equals_its_source(copy: Path) -> None:
    source = SOURCES[copy]
    if not source.exists():
        pytest.skip("the source of the table is not beside the project")
    assert copy.read_bytes() == source.read_bytes()


def test_own_table_has_every_newer_column_filled_somewhere() -> None:
    rows = _read(OWN)
    assert set(rows[0]) >= {*COLUMNS, *NEWER_COLUMNS}
    for column in NEWER_COLUMNS:
        assert any(row[column] for row in rows), column


def test_results_give_the_expected_cells_and_not_what_the_rules_said() -> None:
    for row, result in zip(ROWS, _results(TABLE), strict=True):
        assert result.expected.outcome == row["expected_outcome"]
        assert result.expected.reasons == set(filter(None, row["expected_reasons"].split(";")))
        assert result.expected.notices == set(filter(None, row["expected_notices"].split(";")))


@pytest.mark.parametrize(
    "cells",
    [
        {"expected_outcome": "refused"},
        {"expected_reasons": "CN_REFUSED"},
        {"expected_notices": "NT_CARE_PREMISES"},
    ],
    ids=lambda cells: next(iter(cells)),
)
def test_differing_row_is_reported_with_expected_and_got(cells: dict[str, str]) -> None:
    result = _run(_CHILD, **cells)
    assert not result.is_as_expected
    assert result.line == 2
    assert result.id == "D67"
    assert result.actual == _run(_CHILD).expected
    assert result.expected != result.actual


def test_empty_lines_are_passed_over_and_lines_are_counted() -> None:
    lines = _table(_CHILD).read().splitlines(keepends=True)
    results = list(run_table([lines[0], "\r\n", lines[1], "," * lines[0].count(","), lines[1]]))
    assert [result.line for result in results] == [3, 5]


def test_further_columns_are_allowed_and_not_read() -> None:
    assert _run({**_CHILD, "remark": "anything"}).is_as_expected


def test_order_of_the_columns_does_not_matter() -> None:
    assert _run(dict(reversed(_CHILD.items()))).is_as_expected


def test_spaces_around_a_value_do_not_matter() -> None:
    spaced = _run(_CHILD, place=" school_or_daycare ", consent_scope=" public_page ; print ")
    assert spaced.is_as_expected


_ENUMERATED = """
    channel use_mode use_purpose photographer copyright_basis permission_state permission_scope
    permission_purpose credit commissioner exif_rights place place_permission shot people
    context_identifies person person_role capacity consent consent_evidence consent_scope
    consent_purpose consenter_verified child_view others sensitive confidentiality
    confidential_release terms_changed policy_guardians policy_closed_group expected_outcome
    expected_reasons expected_notices
"""
_DATES = "as_of permission_valid_until consent_valid_until"
_NUMBERS = """
    taken_year photographer_died_year age guardians_total guardians_granted guardians_refused
    guardians_withdrawn guardians_excused
"""


def test_every_column_is_an_enumeration_a_date_a_number_or_the_id() -> None:
    known = ["id", *_ENUMERATED.split(), *_DATES.split(), *_NUMBERS.split()]
    assert sorted(known) == sorted(COLUMNS)


@pytest.mark.parametrize("column", _ENUMERATED.split())
@pytest.mark.parametrize("value", ["nonsense", "no\0ne", "Public_Page"])
def test_unknown_value_names_line_column_value_and_choices(column: str, value: str) -> None:
    error = _error(_CHILD, **{column: value})
    assert (error.line, error.column, error.value) == (2, column, value)
    assert error.allowed
    assert str(error) == f"line 2, column {column}: {value}"


@pytest.mark.parametrize(
    "column",
    [
        "permission_scope",
        "permission_purpose",
        "consent_scope",
        "consent_purpose",
        "expected_reasons",
        "expected_notices",
    ],
)
def test_one_unknown_value_in_a_list_is_an_error(column: str) -> None:
    word = {
        "scope": "print",
        "purpose": "any",
        "reasons": "CN_REFUSED",
        "notices": "NT_CARE_PREMISES",
    }
    known = word[column.rpartition("_")[2]]
    assert _run(_CHILD, **{column: f"{known};"}).line == 2
    error = _error(_CHILD, **{column: f"{known};nonsense"})
    assert (error.line, error.column) == (2, column)


@pytest.mark.parametrize(
    ("column", "code", "known"),
    [
        ("expected_reasons", "CN_NO_SUCH_CODE", "CN_NO_CONSENT"),
        ("expected_reasons", "NT_CARE_PREMISES", "CN_NO_CONSENT"),
        ("expected_notices", "CN_NO_CONSENT", "NT_CARE_PREMISES"),
    ],
)
def test_unknown_expected_code_is_an_error(column: str, code: str, known: str) -> None:
    error = _error(_CHILD, **{column: code})
    assert (error.line, error.column, error.value) == (2, column, code)
    assert known in error.allowed


def test_list_may_name_everything() -> None:
    assert _run(_ADULT, permission_scope=";".join(Channel)).is_as_expected


def test_choices_are_reported_one_after_the_other() -> None:
    assert _error(_CHILD, policy_guardians="both").allowed == "all, one"


def test_nonsense_about_nobody_is_an_error_too() -> None:
    error = _error(_VIEW, consent_scope="zzz")
    assert (error.line, error.column) == (2, "consent_scope")


@pytest.mark.parametrize("column", _DATES.split())
@pytest.mark.parametrize(
    "value", ["2026-02-29", "2.3.2026", "tomorrow", "2026-3-2", "2026-03-02T1"]
)
def test_bad_date_names_line_and_column(column: str, value: str) -> None:
    error = _error(_CHILD, **{column: value})
    assert (error.line, error.column, error.value) == (2, column, value)
    assert error.allowed == "2026-03-02, open"


@pytest.mark.parametrize("value", ["", "open", "unknown"])
def test_day_of_use_must_be_a_day(value: str) -> None:
    error = _error(_CHILD, as_of=value)
    assert (error.line, error.column, error.value) == (2, "as_of", value)
    assert error.allowed == "2026-03-02"


@pytest.mark.parametrize("column", _NUMBERS.split())
@pytest.mark.parametrize(
    "value", ["-1", "10000", "9" * 5000, "two", "1.5", "0x10"], ids=lambda value: value[:9]
)
def test_impossible_number_names_line_and_column(column: str, value: str) -> None:
    error = _error(_CHILD, **{column: value})
    assert (error.line, error.column, error.value) == (2, column, value)
    assert error.allowed.startswith("0-")


@pytest.mark.parametrize(("column", "highest"), [("age", 150), ("guardians_total", 20)])
def test_highest_number_is_allowed_and_the_next_is_not(column: str, highest: int) -> None:
    assert _run(_CHILD, **{column: str(highest)}).line == 2
    assert _error(_CHILD, **{column: str(highest + 1)}).column == column


@pytest.mark.parametrize("column", COLUMNS)
def test_missing_column_is_named(column: str) -> None:
    row = {name: cell for name, cell in _CHILD.items() if name != column}
    error = _error(row)
    assert (error.line, error.column, error.value, error.allowed) == (1, column, "", "")


@pytest.mark.parametrize("text", ["", "\n", "\0", "id", "id\n"])
def test_table_without_its_columns_is_an_error_in_the_first_line(text: str) -> None:
    with pytest.raises(TableError) as caught:
        list(run_table(io.StringIO(text)))
    assert caught.value.line == 1
    assert caught.value.column in COLUMNS


def test_row_with_too_few_cells_names_the_first_column_without_one() -> None:
    header, line = _table(_CHILD).read().splitlines()
    with pytest.raises(TableError) as caught:
        list(run_table([header, line, line.rpartition(",")[0]]))
    assert (caught.value.line, caught.value.column) == (3, "clause")
    assert (caught.value.value, caught.value.allowed) == ("", "")


def test_row_with_too_many_cells_names_the_cell_beyond_the_header() -> None:
    header, line = _table(_CHILD).read().splitlines()
    with pytest.raises(TableError) as caught:
        list(run_table([header, line, line + ",surplus,more"]))
    assert (caught.value.line, caught.value.value) == (3, "surplus")
    assert (caught.value.column, caught.value.allowed) == (str(len(_CHILD) + 1), "-")


def test_unterminated_quote_names_the_line() -> None:
    lines = [*_table(_CHILD).read().splitlines(keepends=True), 'D99,"unterminated']
    with pytest.raises(TableError) as caught:
        list(run_table(lines))
    assert (caught.value.line, caught.value.column, caught.value.allowed) == (3, "-", "CSV")
    assert "unexpected end of data" in caught.value.value


def test_rows_before_an_error_are_given() -> None:
    header, line = _table(_CHILD).read().splitlines()
    results = run_table([header, line, "one cell"])
    assert next(results).is_as_expected
    with pytest.raises(TableError):
        next(results)


@pytest.mark.parametrize(
    ("row", "cells", "reasons"),
    [
        pytest.param(_CHILD, {"place": "not_recorded"}, "RG_INCOMPLETE", id="not recorded"),
        pytest.param(_CHILD, {"place": ""}, "RG_INCOMPLETE", id="empty"),
        pytest.param(_ADULT, {"consent": "pending"}, "CN_NO_CONSENT", id="pending"),
        pytest.param(_ADULT, {"consent": "refused"}, "CN_REFUSED", id="refused"),
        pytest.param(_ADULT, {"person": "deceased"}, "PE_DECEASED", id="deceased"),
        pytest.param(_ADULT, {"channel": "website"}, "CN_SCOPE_CHANNEL", id="channel"),
        pytest.param(_ADULT, {"use_purpose": "marketing"}, "CN_SCOPE_PURPOSE", id="purpose"),
        pytest.param(_ADULT, {"others": "all_valid"}, "", id="others consent"),
        pytest.param(_ADULT, {"others": "one_missing"}, "CN_NO_CONSENT", id="another does not"),
        pytest.param(
            _ADULT, {"others": "one_unregistered"}, "PE_UNREGISTERED_PERSON", id="unregistered"
        ),
        pytest.param(_CHILD, {"guardians_refused": "1"}, "MI_GUARDIAN_REFUSED", id="guardian's no"),
        pytest.param(
            _CHILD, {"guardians_withdrawn": "1"}, "MI_GUARDIAN_WITHDRAWN", id="taken back"
        ),
        pytest.param(_CHILD, {"guardians_total": "3"}, "MI_GUARDIAN_PARTIAL", id="a third one"),
        pytest.param(
            _CHILD, {"guardians_total": "3", "guardians_excused": "1"}, "", id="third excused"
        ),
        pytest.param(
            _CHILD, {"guardians_total": "4", "guardians_excused": "2"}, "", id="two are excused"
        ),
        pytest.param(
            _CHILD,
            {"guardians_total": "3", "policy_guardians": ""},
            "MI_GUARDIAN_PARTIAL",
            id="all guardians, unless said otherwise",
        ),
        pytest.param(
            _ADULT,
            {"channel": "closed_group", "policy_closed_group": ""},
            "",
            id="a closed group as a public page, unless said otherwise",
        ),
        pytest.param(_CHILD, {"guardians_total": ""}, "MI_GUARDIANS_UNKNOWN", id="total unknown"),
        pytest.param(
            _CHILD,
            {"guardians_total": "1", "guardians_granted": "0", "consenter_verified": "no"},
            "MI_CONSENTER_NOT_GUARDIAN;MI_GUARDIAN_CONSENT_MISSING",
            id="an outsider signed",
        ),
        pytest.param(
            _CHILD,
            {"consenter_verified": "no"},
            "MI_CONSENTER_NOT_GUARDIAN;MI_GUARDIAN_PARTIAL",
            id="one of two signers is an outsider",
        ),
        pytest.param(_CHILD, {"child_view": "opposes"}, "MI_CHILD_OPPOSES", id="the child's no"),
        pytest.param(_CHILD, {"age": "15"}, "MI_CHILD_VIEW_MISSING", id="fifteen"),
        pytest.param(_CHILD, {"age": "15", "child_view": "agrees"}, "", id="fifteen, agrees"),
        pytest.param(
            _CHILD, {"age": "15", "child_view": "na"}, "MI_CHILD_VIEW_MISSING", id="view na"
        ),
        pytest.param(_CHILD, {"age": "unknown"}, "MI_CHILD_VIEW_MISSING", id="a minor of no age"),
        pytest.param(
            _CHILD,
            {"as_of": "2024-02-29", "age": "15"},
            "MI_CHILD_VIEW_MISSING",
            id="fifteen on a leap day",
        ),
        pytest.param(_ADULT, {"as_of": "2024-02-29", "age": "18"}, "", id="of age on a leap day"),
        pytest.param(_ADULT, {"consent_valid_until": "2026-03-02"}, "", id="last day"),
        pytest.param(_ADULT, {"permission_valid_until": "2026-03-02"}, "", id="its last day"),
        pytest.param(
            _ADULT, {"permission_state": "revoked"}, "CR_PERMISSION_REVOKED", id="revoked"
        ),
        pytest.param(_ADULT, {"permission_state": "na"}, "CR_NO_PERMISSION", id="no state"),
        pytest.param(
            _ADULT, {"permission_state": "na", "copyright_basis": "stock"}, "", id="no person's"
        ),
        pytest.param(_ADULT, {"copyright_basis": "transferred"}, "", id="transferred"),
        pytest.param(_ADULT, {"commissioner": "consented"}, "", id="commissioner agreed"),
        *(
            pytest.param(
                _ADULT,
                {"commissioner": word},
                "CR_COMMISSIONER_CONSENT_MISSING",
                id=f"commissioner {word}",
            )
            for word in ("not_consented", "not_asked", "missing", "none", "pending", "refused")
        ),
        pytest.param(
            _ADULT,
            {"place": "restricted_area", "place_permission": "no"},
            "PL_NOT_PUBLIC",
            id="the holder's no",
        ),
        pytest.param(
            _ADULT, {"place": "restricted_area", "place_permission": "yes"}, "", id="holder's yes"
        ),
    ],
)
def test_values_of_the_table_have_their_meaning(
    row: dict[str, str], cells: dict[str, str], reasons: str
) -> None:
    outcome = _run(row, **cells).actual
    assert outcome.reasons == set(filter(None, reasons.split(";")))


@pytest.mark.parametrize(
    "column", ["commissioner", "exif_rights", "capacity", "sensitive", "terms_changed"]
)
def test_empty_cell_of_what_may_not_apply_is_an_answer(column: str) -> None:
    assert _run(_ADULT, **{column: ""}).is_as_expected


def test_without_an_answer_about_it_the_context_identifies_nobody() -> None:
    unseen = _run(_ADULT, people="unrecognisable", context_identifies="", consent="none")
    assert not unseen.actual.reasons


def test_open_end_of_a_consent_is_noticed() -> None:
    assert _run(_ADULT, consent_valid_until="open").actual.notices == {"NT_OPEN_ENDED_CONSENT"}


def test_age_that_reaches_before_the_calendar_is_an_error_of_the_table() -> None:
    try:
        list(run_table(_table(_CHILD, as_of="0026-03-02", age="40")))
    except TableError as error:
        assert error.column in {"as_of", "age"}  # noqa: PT017 - TableError is a ValueError
    else:
        pytest.fail("a person of forty in the year 26 was accepted")


def test_age_that_reaches_the_year_nought_is_an_error_that_shows_the_highest() -> None:
    error = _error(_CHILD, as_of="0040-03-02", age="40")
    assert (error.line, error.column, error.allowed) == (2, "age", "0-39")


# --- The newer columns, which a table may leave out. ----------------------------------------------

_NEWER_ENUMERATED = """
    controller version licence_terms photographer_minor depicted_work digital_source second_look
    copy_differs people_named child_view_scope child_view_purpose child_view_evidence evidence
    deceased_said
"""
_NEWER_NUMBERS = "file_taken_year faces_found people_count"


def test_every_newer_column_is_an_enumeration_a_date_or_a_number() -> None:
    known = [*_NEWER_ENUMERATED.split(), *_NEWER_NUMBERS.split(), "child_view_until"]
    assert sorted(known) == sorted(NEWER_COLUMNS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_empty_newer_columns_mean_the_same_as_none(row: dict[str, str]) -> None:
    assert _run({**row, **_NEWER_EMPTY}).actual == _run(row).actual


@pytest.mark.parametrize("column", NEWER_COLUMNS)
def test_a_table_may_have_one_newer_column_without_the_others(column: str) -> None:
    assert _run({**_CHILD, column: ""}).is_as_expected


@pytest.mark.parametrize("column", NEWER_COLUMNS)
def test_newer_column_given_twice_is_an_error(column: str) -> None:
    header, line = _table({**_CHILD, column: ""}).read().splitlines()
    with pytest.raises(TableError) as caught:
        list(run_table([f"{header},{column}", f"{line},"]))
    assert (caught.value.line, caught.value.column) == (1, column)
    assert (caught.value.value, caught.value.allowed) == (column, "1")


@pytest.mark.parametrize("column", _NEWER_ENUMERATED.split())
@pytest.mark.parametrize("value", ["nonsense", "no\0ne", "Own"])
def test_unknown_value_of_a_newer_column_names_the_choices(column: str, value: str) -> None:
    error = _error({**_CHILD, **_NEWER_EMPTY}, **{column: value})
    assert (error.line, error.column, error.value) == (2, column, value)
    assert error.allowed


@pytest.mark.parametrize(
    ("column", "known"),
    [("licence_terms", "by"), ("child_view_scope", "print"), ("child_view_purpose", "any")],
)
def test_one_unknown_value_in_a_newer_list_is_an_error(column: str, known: str) -> None:
    row = {**_CHILD, **_NEWER_EMPTY}
    assert _run(row, **{column: f"{known};"}).line == 2
    error = _error(row, **{column: f"{known};nonsense"})
    assert (error.line, error.column) == (2, column)


@pytest.mark.parametrize("column", _NEWER_NUMBERS.split())
@pytest.mark.parametrize("value", ["-1", "1" * 9, "two", "1.5"])
def test_impossible_number_of_a_newer_column_is_an_error(column: str, value: str) -> None:
    error = _error({**_CHILD, **_NEWER_EMPTY}, **{column: value})
    assert (error.line, error.column, error.value) == (2, column, value)
    assert error.allowed.startswith("0-")


@pytest.mark.parametrize("column", ["faces_found", "people_count"])
def test_highest_number_of_faces_is_allowed_and_the_next_is_not(column: str) -> None:
    row = {**_CHILD, **_NEWER_EMPTY}
    assert _run(row, **{column: str(MAX_FACES)}).line == 2
    assert _error(row, **{column: str(MAX_FACES + 1)}).column == column


@pytest.mark.parametrize("value", ["2026-02-29", "2.3.2026", "tomorrow"])
def test_bad_end_of_the_childs_own_yes_is_an_error(value: str) -> None:
    error = _error({**_CHILD, **_NEWER_EMPTY}, child_view_until=value)
    assert (error.line, error.column, error.value) == (2, "child_view_until", value)


@pytest.mark.parametrize(
    ("column", "wrong"), [("licence_terms", "licence_term"), ("controller", " CONTROLLER ")]
)
def test_newer_column_that_is_named_wrongly_is_named(column: str, wrong: str) -> None:
    error = _error({**_CHILD, wrong: "x"})
    assert (error.line, error.column, error.value, error.allowed) == (1, wrong, wrong, column)


def test_further_column_may_have_a_name_somewhat_like_a_newer_one() -> None:
    assert _run({**_CHILD, "version_note": "x"}).is_as_expected


@pytest.mark.parametrize(
    ("row", "cells", "reasons"),
    [
        pytest.param(
            _ADULT, {"controller": "other"}, "CN_SCOPE_CHANNEL;CR_SCOPE_CHANNEL", id="another's"
        ),
        pytest.param(
            _CHILD,
            {"controller": "other", "age": "16", "child_view": "agrees"},
            "CN_SCOPE_CHANNEL;CR_SCOPE_CHANNEL",
            id="another's, the child's yes is as wide as asked",
        ),
        pytest.param(_ADULT, {"controller": "own"}, "", id="own"),
        pytest.param(_ADULT, {"second_look": "needed"}, "RG_SECOND_LOOK", id="second look"),
        pytest.param(_ADULT, {"second_look": "done"}, "", id="looked"),
        pytest.param(_ADULT, {"copy_differs": "yes"}, "RG_COPY_DIFFERS", id="copy"),
        pytest.param(_ADULT, {"people_named": "contradicts"}, "RG_PEOPLE_NAMED", id="named"),
        pytest.param(_ADULT, {"faces_found": "2"}, "RG_FACES_FOUND", id="faces"),
        pytest.param(_ADULT, {"faces_found": "1"}, "", id="one face: one registered"),
        pytest.param(
            _ADULT,
            {"faces_found": "2", "people_count": "2"},
            "PE_UNREGISTERED_PERSON",
            id="people count",
        ),
        pytest.param(_ADULT, {"evidence": "damaged"}, "RG_EVIDENCE_DAMAGED", id="damaged"),
        pytest.param(
            _ADULT, {"copyright_basis": "licence_cc", "licence_terms": "nd"}, "", id="no version"
        ),
        pytest.param(_VIEW, {"evidence": "damaged"}, "RG_EVIDENCE_DAMAGED", id="photographer's"),
        pytest.param(
            _ADULT, {**_FREE, "evidence": "damaged"}, "RG_EVIDENCE_DAMAGED", id="the person's"
        ),
        pytest.param(
            _CHILD, {**_FREE, "evidence": "damaged"}, "RG_EVIDENCE_DAMAGED", id="guardians'"
        ),
        pytest.param(
            _CHILD,
            {
                **_FREE,
                "age": "16",
                "child_view": "agrees",
                "evidence": "damaged",
                "guardians_granted": "0",
                "guardians_refused": "2",
            },
            "MI_GUARDIAN_REFUSED;RG_EVIDENCE_DAMAGED",
            id="the child's",
        ),
        pytest.param(
            _CHILD,
            {"age": "16", "child_view": "agrees", "child_view_evidence": "no"},
            "MI_CHILD_VIEW_MISSING",
            id="undocumented view",
        ),
        pytest.param(
            _ADULT,
            {"person": "deceased", "consent": "na", "deceased_said": "refused"},
            "PE_DECEASED;CN_REFUSED",
            id="had refused",
        ),
        pytest.param(
            _ADULT,
            {"person": "deceased", "consent": "na", "deceased_said": "guardian_refused"},
            "PE_DECEASED;MI_GUARDIAN_REFUSED",
            id="a guardian had",
        ),
    ],
)
def test_values_of_the_newer_columns_have_their_meaning(
    row: dict[str, str], cells: dict[str, str], reasons: str
) -> None:
    outcome = _run({**row, **_NEWER_EMPTY}, **cells).actual
    assert outcome.reasons == set(filter(None, reasons.split(";")))
