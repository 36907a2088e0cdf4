"""The acceptance table passes; a table that cannot be read says where and why."""

import csv
import io
from pathlib import Path

import pytest

from photoreg.rulebook.decision_table import COLUMNS, RowResult, TableError, run_table

TABLE = Path(__file__).with_name("decision_table.csv")
SOURCE = Path(__file__).parents[3] / "shared" / "decision-table.csv"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = _read(TABLE)
_CHILD = next(row for row in ROWS if row["id"] == "D67")
_ADULT = next(row for row in ROWS if row["id"] == "D46")
_VIEW = next(row for row in ROWS if row["id"] == "D01")


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


@pytest.mark.parametrize("result", _results(TABLE), ids=lambda result: result.id)
def test_row_of_the_acceptance_table_passes(result: RowResult) -> None:
    assert result.actual == result.expected


def test_every_row_of_the_acceptance_table_is_run() -> None:
    results = _results(TABLE)
    assert [r.id for r in results] == [row["id"] for row in ROWS]
    assert len(results) == 60
    assert all(r.is_as_expected for r in results)


@pytest.mark.skipif(not SOURCE.exists(), reason="the source of the table is not beside the project")
def test_copy_of_the_acceptance_table_equals_its_source() -> None:
    assert TABLE.read_bytes() == SOURCE.read_bytes()


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
def test_one_unknown_word_in_a_list_is_an_error(column: str) -> None:
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
    assert "2026-03-02" in error.allowed


@pytest.mark.parametrize("value", ["", "open", "unknown"])
def test_day_of_use_must_be_a_day(value: str) -> None:
    error = _error(_CHILD, as_of=value)
    assert (error.line, error.column, error.value) == (2, "as_of", value)


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
    assert (error.line, error.column) == (1, column)


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


def test_row_with_too_many_cells_names_the_cell_beyond_the_header() -> None:
    header, line = _table(_CHILD).read().splitlines()
    with pytest.raises(TableError) as caught:
        list(run_table([header, line, line + ",surplus,more"]))
    assert (caught.value.line, caught.value.value) == (3, "surplus")
    assert caught.value.column == str(len(_CHILD) + 1)


def test_unterminated_quote_names_the_line() -> None:
    lines = [*_table(_CHILD).read().splitlines(keepends=True), 'D99,"unterminated']
    with pytest.raises(TableError) as caught:
        list(run_table(lines))
    assert caught.value.line == 3
    assert caught.value.value


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
def test_words_of_the_table_mean_what_they_say(
    row: dict[str, str], cells: dict[str, str], reasons: str
) -> None:
    outcome = _run(row, **cells).actual
    assert outcome.reasons == set(filter(None, reasons.split(";")))


def test_open_end_of_a_consent_is_noticed() -> None:
    assert _run(_ADULT, consent_valid_until="open").actual.notices == {"NT_OPEN_ENDED_CONSENT"}


def test_age_that_reaches_before_the_calendar_is_an_error_of_the_table() -> None:
    try:
        list(run_table(_table(_CHILD, as_of="0026-03-02", age="40")))
    except TableError as error:
        assert error.column in {"as_of", "age"}  # noqa: PT017 - TableError is a ValueError
    else:
        pytest.fail("a person of forty in the year 26 was accepted")
