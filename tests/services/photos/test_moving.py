"""A photo that is moved to another event keeps what was said against it at the first one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.scenes import (
    MARKET,
    PAGE,
    AtWork,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    every,
    show_in,
    yes,
)

from photoreg.registry.tables.consents import ConsentKind
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights
from photoreg.services.decisions import evaluation
from photoreg.services.photos import answers, events
from photoreg.services.photos.answers import Answers
from photoreg.services.unit_of_work import Workplace

NO = Spoken(ConsentKind.WITHDRAWN, purposes=())
SAID = date(2026, 10, 20)
TODAY = date(2026, 11, 2)


@pytest.fixture
def feast(at_work: AtWork, tmp_path: Path) -> Workplace:
    """Elle (H-2), who consents to everything, is in P-1 of E-1; there is an E-2 as well."""
    anna = at_work("anna")
    a_photographer(anna)
    elle = a_person(anna, "Elle V")
    consents.record(anna, Whose(elle), replace(yes(), on=date(2026, 10, 1)))
    for name in ("Juhla", "Retki"):
        events.add_event(anna, name, on=date(2026, 10, 9))
    a_photo(anna, tmp_path, replace(MARKET, event="E-1"))
    show_in(anna, "P-1", elle)
    return anna


def codes(workplace: Workplace) -> tuple[str, ...]:
    [checked] = evaluation.check(workplace, ["P-1"], PAGE)
    return checked.verdict.codes


def move(workplace: Workplace, event: str) -> dict[int, list[str]]:
    return answers.answer(workplace, ["P-1"], Answers(event=event)).carried


def test_a_no_about_the_event_goes_on_counting_for_the_photo(feast: Workplace) -> None:
    consents.withdraw(feast, replace(NO, on=SAID), whose=Whose("H-2", event="E-1"))
    assert codes(feast) == ("CN_WITHDRAWN",)

    assert move(feast, "E-2") == {1: ["C-3"]}

    assert codes(feast) == ("CN_WITHDRAWN",)
    [word] = [c for c in every(consents.list_consents(feast)) if c["reach"] == "P-1"]
    assert word["day"] == SAID.isoformat()
    consents.record(feast, Whose("H-2", event="E-2"), yes())
    assert codes(feast) == ("CN_WITHDRAWN",)
    consents.record(feast, Whose("H-2", photo="P-1"), replace(yes(), on=TODAY))
    assert codes(feast) == ()


def test_a_no_to_one_channel_is_carried_as_that(feast: Workplace) -> None:
    on_page = replace(NO, channels=("kunta-public-page",), on=SAID)
    consents.withdraw(feast, on_page, whose=Whose("H-2", event="E-1"))
    before = codes(feast)
    assert before != ()
    move(feast, "E-2")
    assert codes(feast) == before
    [checked] = evaluation.check(feast, ["P-1"], replace(PAGE, channel="kunta-website"))
    assert checked.verdict.codes == ()


def test_a_photographers_no_about_the_event_is_carried(feast: Workplace) -> None:
    permissions.withdraw(feast, NO, rights=Rights("H-1", event="E-1"))
    assert codes(feast) == ("CR_PERMISSION_REVOKED",)
    assert move(feast, "E-2")
    assert codes(feast) == ("CR_PERMISSION_REVOKED",)


def test_a_no_that_was_taken_back_or_is_about_others_is_not_carried(feast: Workplace) -> None:
    other = a_person(feast, "Inga I")
    consents_to(feast, other)
    consents.withdraw(feast, NO, whose=Whose(other, event="E-1"))
    consents.withdraw(feast, replace(NO, on=SAID), whose=Whose("H-2", event="E-1"))
    consents.record(feast, Whose("H-2", photo="P-1"), replace(yes(), on=TODAY))
    assert codes(feast) == ()
    move(feast, "E-2")
    assert codes(feast) == ()


def test_a_whole_no_is_carried_beside_a_no_to_one_channel_of_the_photo(feast: Workplace) -> None:
    in_print = replace(NO, channels=("print",))
    consents.withdraw(feast, in_print, whose=Whose("H-2", photo="P-1"))
    consents.withdraw(feast, replace(NO, on=SAID), whose=Whose("H-2", event="E-1"))
    assert move(feast, "E-2")
    assert codes(feast) == ("CN_WITHDRAWN",)


def test_what_is_moved_to_and_fro_or_stays_is_carried_once(feast: Workplace) -> None:
    consents.withdraw(feast, replace(NO, on=SAID), whose=Whose("H-2", event="E-1"))
    assert move(feast, "E-1") == {}
    assert move(feast, "E-2") == {1: ["C-3"]}
    assert move(feast, "E-1") == {}
    assert move(feast, "E-2") == {}
    assert codes(feast) == ("CN_WITHDRAWN",)
