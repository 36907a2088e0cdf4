"""A registry with something of everything, for tests that try every command."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from tests.cli.furnished import furnished, two_units, walk
from tests.services.scenes import (
    MARKET,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.services.application import Application

__all__ = ["furnished", "two_units", "walk"]  # fixtures

Run = Callable[..., Result]
PAGE = "--channel kunta-public-page"


@pytest.fixture
def town(anna: Application, run: Run, tmp_path: Path) -> Path:
    """P-1 may be published and is, as J-1; K-1 about P-2 is open and was shown; H-7 cares for H-3.

    On the list doubtful.csv it is doubtful who H-3 is.
    """
    add_photographer(anna)
    register_photo(anna, tmp_path)
    elle = create_person(anna, "Elle Valkeapää")
    add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga", "Niila Magga"])
    record_consent(anna, elle)
    buyer = create_person(anna, "Niila Keskitalo")
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "market.jpg"), buyer)
    run("approve", "P-2", *PAGE.split(), exit_code=4)
    run("case", "show", "K-1")
    create_person(anna, "Hetan lastensuojelu")
    run("guardian", "add", "H-3", "H-7", "--basis", "care_decision", "--verified", "decision")
    run("event", "add", "Juhla", "--on", "2026-05-30", "--person", elle)
    run("photo", "answer", "P-1", "--event", "E-1")
    run("publication", "add", "P-1", *PAGE.split(), "--url", "https://kunta.example/1")
    (tmp_path / "doubtful.csv").write_text("nimi\nAile Magga\n", "utf-8")
    return tmp_path
