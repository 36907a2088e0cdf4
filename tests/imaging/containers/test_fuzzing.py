"""A few hundred damaged files of every format; `make fuzz` tries many more."""

from pathlib import Path

from tests.imaging.builders import encoded
from tests.imaging.containers.fuzzing import Counts, attack, mutants


def test_damaged_files_raise_our_error_or_give_valid_files(tmp_path: Path) -> None:
    counts = Counts()
    for name, data in mutants(first=0, count=250):
        attack(name, data, tmp_path, counts)
    assert counts.faults == []
    assert counts.outcomes["read: refused"] > 50
    assert counts.outcomes["write: done"] > 50
    assert counts.outcomes["small copy: done"] > 20


def test_simple_webp_with_a_zero_dimension_is_refused(tmp_path: Path) -> None:
    """Found by `make fuzz`: no VP8X header can be built for it."""
    data = bytearray(encoded("WEBP"))
    place = data.index(b"\x9d\x01\x2a") + 3
    data[place : place + 2] = b"\0\0"
    counts = Counts()
    attack("no width", bytes(data), tmp_path, counts)
    assert counts.faults == []
    assert counts.outcomes["write: refused"] == 1
