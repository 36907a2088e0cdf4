"""Receipts: what was agreed, told to the one whose word it is, and nobody's contact in it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.conftest import Clock
from tests.services.scenes import add_child, create_person, list_all

from photoreg.errors import NotAllowed, NotFound
from photoreg.presentation.data_subjects.receipts import receipt_json_ld
from photoreg.registry.tables.people import Language
from photoreg.rulebook.facts import Channel, ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, forms, receipts
from photoreg.services.consents.consent_events import ConsentState, ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.form_answers import FormMarks, record_form_answer
from photoreg.services.consents.forms import FormOrder
from photoreg.services.organisation import channels, policy
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events

UNTIL = date(2027, 12, 31)
YES = ConsentStatement(ConsentKind.GIVEN, ("public_page", "print"), paper="kansio 3", until=UNTIL)
Run = Callable[..., Result]


@pytest.fixture
def family(application: Application, tmp_path: Path) -> Application:
    """E-1 with Elle, of whom Máret (H-2, C-1) said yes on a form and Ánte (H-3, C-2) said no."""
    policy.set_policy(application, {"controller_contact": "viestinta@example.fi"})
    child = add_child(application, "Elle Đorđi", date(2018, 3, 2), ["Máret Đorđi", "Ánte Đorđi"])
    persons.change_person(application, "H-2", PersonDetails(contact="040 111"))
    persons.change_person(application, "H-3", PersonDetails(contact="040 222"))
    events.add_event(application, "Koulun juhla", on=date(2026, 10, 9), roster=[child])
    order = FormOrder(tmp_path / "forms", UNTIL, event="E-1", roster=True)
    mother, father = forms.print_forms(application, order).forms
    record_form_answer(application, mother.code, YES, FormMarks(may_be_named=True))
    record_form_answer(application, father.code, ConsentStatement(ConsentKind.REFUSED), FormMarks())
    return application


def told(application: Application, consent: str = "C-1", **how: Any) -> str:
    return receipts.receipt_text(application, consent, **how)[0]


def test_a_receipt_says_what_was_agreed_and_how_to_withdraw(family: Application) -> None:
    text = told(family)
    for part in (
        "C-1",
        "Elle Đorđi",
        "Máret Đorđi",
        "Koulun juhla, 9.10.2026",
        "2.11.2026",
        "31.12.2027",
        "public_page",
        "print",
        "tiedottamiseen",
        "Nimen saa kertoa",
        "peruuttaa milloin tahansa",
        "viestinta@example.fi",
        "täyttää 18 vuotta",
    ):
        assert part in text
    assert "markkinointiin" not in text
    assert "website" not in text
    assert max(map(len, text.splitlines())) <= 78


@pytest.mark.parametrize("consent", ["C-1", "C-2"])
def test_a_receipt_about_a_child_shows_one_guardian_nothing_of_the_other(
    family: Application, consent: str
) -> None:
    other = "Ánte" if consent == "C-1" else "Máret"
    for made in (
        told(family, consent),
        json.dumps(receipt_json_ld(receipts.receipt(family, consent))),
    ):
        assert "040" not in made
        assert other not in made.encode().decode("unicode_escape", "replace")
        assert json.dumps(other)[1:-1] not in made


@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("fi", "Kuitti suostumuksesta"),
        ("en", "Receipt for a consent"),
        ("sv", "Kvitto på samtycke"),
    ],
)
def test_a_receipt_is_in_the_language_of_the_person_who_consented(
    family: Application, language: str, part: str
) -> None:
    persons.change_person(family, "H-2", PersonDetails(language=Language(language)))
    assert part in told(family)


def test_northern_sami_waits_for_a_translator(family: Application) -> None:
    text, awaiting = receipts.receipt_text(family, "C-1", language=Language.NORTHERN_SAMI)
    assert awaiting is Language.NORTHERN_SAMI
    assert "ei ole vielä käännetty pohjoissaameksi" in text


def test_a_receipt_follows_what_is_said_later(family: Application, clock: Clock) -> None:
    assert "Vastaus on ei" in told(family, "C-2")
    only_print = ConsentStatement(ConsentKind.WITHDRAWN, ("print",), purposes=())
    consents.withdraw_consent(family, only_print, consent="C-1")
    assert "[x] print" not in told(family)
    assert "public_page" in told(family)
    consents.withdraw_consent(family, ConsentStatement(ConsentKind.WITHDRAWN), consent="C-1")
    assert "peruutettu" in told(family)
    other = create_person(family, "Inga")
    consents.record_consent(family, ConsentParties(other), YES)
    clock.now = clock.now.replace(year=2028)
    assert "päättyi 31.12.2027" in told(family, "C-3")


def test_a_receipt_for_one_channel_names_it_by_its_title(family: Application) -> None:
    channels.add_channel(
        family,
        name="fb",
        title="Kunta Facebookissa",
        kind=Channel.WEBSITE,
        controller=None,
        since=date(2020, 1, 1),
    )
    adult = create_person(family, "Inga")
    spoken = ConsentStatement(ConsentKind.GIVEN, ("fb",), open_ended=True, paper="k")
    consents.record_consent(family, ConsentParties(adult), spoken)
    text = told(family, "C-3")
    assert "Kunta Facebookissa" in text
    assert "kunnes se peruutetaan" in text
    assert "huoltaja" not in text.casefold()


@pytest.mark.usefixtures("family")
def test_an_auditor_s_receipt_names_nobody(application_for: Callable[[str], Application]) -> None:
    auditor = application_for("tarja")
    for made in (told(auditor), str(receipts.receipt(auditor, "C-1"))):
        assert "Đorđi" not in made


def test_the_linked_data_of_a_receipt_uses_the_terms_of_dpv(family: Application) -> None:
    consents.withdraw_consent(family, ConsentStatement(ConsentKind.WITHDRAWN), consent="C-1")
    data = receipt_json_ld(receipts.receipt(family, "C-1"))
    record = data["dpv:hasRecordOfActivity"]
    assert data["@type"] == "dpv:ConsentReceipt"
    assert record["@type"] == "dpv:ConsentRecord"
    assert record["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentWithdrawn"}
    assert record["dpv:hasLegalBasis"] == {"@id": "eu-gdpr:A6-1-a"}
    assert record["dpv:hasDataSubject"]["@type"] == ["dpv:DataSubject", "dpv:Child"]
    assert [part["@type"] for part in record["dct:hasPart"]] == [
        "dpv:ConsentGiven",
        "dpv:ConsentRefused",
        "dpv:ConsentRefused",
        "dpv:ConsentWithdrawn",
    ]
    unticked = record["dct:hasPart"][1]["dpv:hasRecipient"]
    assert {each["dct:title"] for each in unticked} == {"kunta-internal", "kunta-website"}
    by = {part["dpv:isIndicatedBy"]["@type"] for part in record["dct:hasPart"]}
    assert by == {"dpv:GuardianOfDataSubject"}
    assert record["dpv:hasNotice"]["dct:language"] == "fi"


def test_every_term_of_the_linked_data_is_explained_by_its_own_context(family: Application) -> None:
    data = receipt_json_ld(receipts.receipt(family, "C-1"))
    known = set(data.pop("@context"))

    def check(value: Any) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                assert key.startswith("@") or key.partition(":")[0] in known, key
                if key in {"@id", "@type"}:
                    terms = each if isinstance(each, list) else [each]
                    assert all(term.partition(":")[0] in {*known, "_"} for term in terms), terms
                check(each)
        elif isinstance(value, list):
            for each in value:
                check(each)

    check(data)
    assert json.loads(json.dumps(data)) == data


def test_a_consent_that_is_not_there_has_no_receipt(application: Application) -> None:
    with pytest.raises(NotFound):
        told(application, "C-77")


@pytest.mark.usefixtures("family")
def test_receipts_are_printed_as_text_and_as_json(run: Run) -> None:
    assert "Receipt for a consent" in run("consent", "receipt", "C-1", "--language", "en").stdout
    data = json.loads(run("consent", "receipt", "C-1", "--format", "jsonld").stdout)
    assert data["dct:identifier"] == "receipt-C-1"
    assert (
        "It is printed in another language"
        in run("consent", "receipt", "C-1", "--language", "se").stderr
    )


def test_the_receipt_of_somebody_who_may_not_be_shown_is_the_coordinators(
    family: Application, application_for: Callable[[str], Application]
) -> None:
    subject = list_all(consents.list_consents(family))[0].person
    blocks.block_person(family, subject)
    anna = application_for("anna")
    for made in (lambda: told(anna), lambda: receipts.receipt(anna, "C-1")):
        with pytest.raises(NotAllowed, match="the communications coordinator"):
            made()
    assert told(family)
    assert {row.status.state for row in list_all(consents.list_consents(anna))} == {
        ConsentState.ASK_COORDINATOR
    }
