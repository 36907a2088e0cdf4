"""A few hundred damaged files of every format; `make fuzz` tries many more."""

from pathlib import Path

from tests.photos.fuzzing import Counts, attack, mutants


def test_damaged_files_end_in_our_error_or_in_a_right_file(tmp_path: Path) -> None:
    counts = Counts()
    for name, data in mutants(first=0, count=250):
        attack(name, data, tmp_path, counts)
    assert counts.faults == []
    assert counts.outcomes["read: refused"] > 50
    assert counts.outcomes["write: done"] > 50
    assert counts.outcomes["small copy: done"] > 20
