"""Codes on paper: read aloud, mistyped, scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.documents.codes import format_code, new_code, parse_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_is_read_however_it_is_written() -> None:
    code = new_code()
    assert len(code) == 12
    for written in (
        code,
        format_code(code),
        code.lower(),
        f" {format_code(code).replace('-', ' ')}\t",
    ):
        assert parse_code(written) == code


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    code = next(code for code in (new_code() for _ in range(10_000)) if {"0", "1"} <= set(code))
    assert parse_code(code.replace("0", "O").replace("1", "l")) == code
    assert parse_code(code.replace("0", "o").replace("1", "I")) == code


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_found(place: int, typed: str) -> None:
    code = new_code()
    mistyped = code[:place] + typed + code[place + 1 :]
    assert parse_code(mistyped) == (code if mistyped == code else None)


@pytest.mark.parametrize("rubbish", ["", "U" * 12, "C-77", "ÅÄÖ", "7" * 13, "\x00" * 12])
def test_what_is_no_code_is_none(rubbish: str) -> None:
    assert parse_code(rubbish) is None


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000
