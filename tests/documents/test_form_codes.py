"""Codes on paper: read aloud, mistyped, scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.documents.codes import code_typed, grouped, new_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_is_read_however_it_is_written() -> None:
    code = new_code()
    assert len(code) == 12
    for written in (code, grouped(code), code.lower(), f" {grouped(code).replace('-', ' ')}\t"):
        assert code_typed(written) == code


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    code = next(code for code in (new_code() for _ in range(10_000)) if {"0", "1"} <= set(code))
    assert code_typed(code.replace("0", "O").replace("1", "l")) == code
    assert code_typed(code.replace("0", "o").replace("1", "I")) == code


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_found(place: int, typed: str) -> None:
    code = new_code()
    mistyped = code[:place] + typed + code[place + 1 :]
    assert code_typed(mistyped) == (code if mistyped == code else None)


@pytest.mark.parametrize("rubbish", ["", "U" * 12, "C-77", "ÅÄÖ", "7" * 13, "\x00" * 12])
def test_what_is_no_code_is_none(rubbish: str) -> None:
    assert code_typed(rubbish) is None


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000
