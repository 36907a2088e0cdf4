"""A photo that is moved to another event keeps what was said against it at the first one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import checks
from photoreg.services.photos import answers, events
from photoreg.services.photos.answers import PhotoAnswers

NO = ConsentStatement(ConsentKind.WITHDRAWN, purposes=())
SAID = date(2026, 10, 20)
TODAY = date(2026, 11, 2)


@pytest.fixture
def feast(application_for: ApplicationFor, tmp_path: Path) -> Application:
    """Elle (H-2), who consents to everything, is in P-1 of E-1; there is an E-2 as well."""
    anna = application_for("anna")
    add_photographer(anna)
    elle = create_person(anna, "Elle V")
    consents.record_consent(
        anna, ConsentParties(elle), replace(granted_consent(), on=date(2026, 10, 1))
    )
    for name in ("Juhla", "Retki"):
        events.add_event(anna, name, on=date(2026, 10, 9))
    register_photo(anna, tmp_path, replace(MARKET, event="E-1"))
    tag_person(anna, "P-1", elle)
    return anna


def codes(application: Application) -> tuple[str, ...]:
    [checked] = checks.check(application, ["P-1"], PAGE_USE)
    return checked.verdict.codes


def move(application: Application, event: str) -> dict[int, list[str]]:
    return answers.answer(application, ["P-1"], PhotoAnswers(event=event)).carried_over


def test_a_no_about_the_event_goes_on_counting_for_the_photo(feast: Application) -> None:
    consents.withdraw_consent(
        feast, replace(NO, on=SAID), parties=ConsentParties("H-2", event="E-1")
    )
    assert codes(feast) == ("CN_WITHDRAWN",)

    assert move(feast, "E-2") == {1: ["C-3"]}

    assert codes(feast) == ("CN_WITHDRAWN",)
    [word] = [c for c in list_all(consents.list_consents(feast)) if c.reach == "P-1"]
    assert word.status.day == SAID.isoformat()
    consents.record_consent(feast, ConsentParties("H-2", event="E-2"), granted_consent())
    assert codes(feast) == ("CN_WITHDRAWN",)
    consents.record_consent(
        feast, ConsentParties("H-2", photo="P-1"), replace(granted_consent(), on=TODAY)
    )
    assert codes(feast) == ()


def test_a_no_to_one_channel_is_carried_as_that(feast: Application) -> None:
    on_page = replace(NO, channels=("kunta-public-page",), on=SAID)
    consents.withdraw_consent(feast, on_page, parties=ConsentParties("H-2", event="E-1"))
    before = codes(feast)
    assert before != ()
    move(feast, "E-2")
    assert codes(feast) == before
    [checked] = checks.check(feast, ["P-1"], replace(PAGE_USE, channel="kunta-website"))
    assert checked.verdict.codes == ()


def test_a_photographers_no_about_the_event_is_carried(feast: Application) -> None:
    permissions.withdraw_permission(feast, NO, rights=PermissionParties("H-1", event="E-1"))
    assert codes(feast) == ("CR_PERMISSION_REVOKED",)
    assert move(feast, "E-2")
    assert codes(feast) == ("CR_PERMISSION_REVOKED",)


def test_a_no_that_was_taken_back_or_is_about_others_is_not_carried(feast: Application) -> None:
    other = create_person(feast, "Inga I")
    record_consent(feast, other)
    consents.withdraw_consent(feast, NO, parties=ConsentParties(other, event="E-1"))
    consents.withdraw_consent(
        feast, replace(NO, on=SAID), parties=ConsentParties("H-2", event="E-1")
    )
    consents.record_consent(
        feast, ConsentParties("H-2", photo="P-1"), replace(granted_consent(), on=TODAY)
    )
    assert codes(feast) == ()
    move(feast, "E-2")
    assert codes(feast) == ()


def test_a_whole_no_is_carried_beside_a_no_to_one_channel_of_the_photo(feast: Application) -> None:
    in_print = replace(NO, channels=("print",))
    consents.withdraw_consent(feast, in_print, parties=ConsentParties("H-2", photo="P-1"))
    consents.withdraw_consent(
        feast, replace(NO, on=SAID), parties=ConsentParties("H-2", event="E-1")
    )
    assert move(feast, "E-2")
    assert codes(feast) == ("CN_WITHDRAWN",)


def test_what_is_moved_to_and_fro_or_stays_is_carried_once(feast: Application) -> None:
    consents.withdraw_consent(
        feast, replace(NO, on=SAID), parties=ConsentParties("H-2", event="E-1")
    )
    assert move(feast, "E-1") == {}
    assert move(feast, "E-2") == {1: ["C-3"]}
    assert move(feast, "E-1") == {}
    assert move(feast, "E-2") == {}
    assert codes(feast) == ("CN_WITHDRAWN",)
