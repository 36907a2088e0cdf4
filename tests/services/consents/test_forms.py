"""Consent forms on paper: who gets one, what stands on it, and what its code leads back to."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.conftest import ROOT
from tests.services.scenes import add_child, create_person, list_all

from photoreg.documents.codes import new_code
from photoreg.documents.template import TemplateSpec
from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.ids import id_of
from photoreg.registry.ledger_check import require_intact_chain
from photoreg.registry.queries.forms import form_replies
from photoreg.registry.tables.people import Language
from photoreg.rulebook.facts import Channel, ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents import consents, document_texts, forms, receipts
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.form_answers import FormMarks, find_form, record_form_answer
from photoreg.services.consents.forms import FormKind, FormOrder, Layout, NoFormReason, PrintResult
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.organisation import channels, policy
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import end_guardian, excuse_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events, roster_consents

UNTIL = date(2027, 12, 31)
YES = ConsentStatement(ConsentKind.GIVEN, ("kunta-public-page",), paper="kansio 3")
NO = ConsentStatement(ConsentKind.REFUSED, paper="kansio 3")
AtWork = Callable[[str], Application]


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with Elle (8, two guardians), Niillas (16, one guardian) and Inga, an adult."""
    policy.set_policy(
        application,
        {"controller_contact": "viestinta@example.fi", "data_protection_officer": "tietosuoja"},
    )
    elle = add_child(application, "Elle Đorđi", date(2018, 3, 2), ["Máret Đorđi", "Ánte Đorđi"])
    niillas = add_child(application, "Niillas Ŋiitu", date(2010, 3, 2), ["Risten Ŋiitu"])
    inga = create_person(application, "Inga Boine")
    events.add_event(
        application, "Koulun juhla", on=date(2026, 11, 9), roster=[elle, niillas, inga]
    )
    return application


def printed(application: Application, folder: Path, **order: object) -> PrintResult:
    asked: dict[str, object] = {"event": "E-1", "roster": True, "until": UNTIL, **order}
    return forms.print_forms(application, FormOrder(folder=folder / "forms", **asked))  # type: ignore[arg-type]


def texts(printing: PrintResult) -> list[str]:
    return [each.file.read_text("utf-8") for each in printing.forms]


def code_of(printing: PrintResult, person: str, by: str) -> str:
    return next(f.code for f in printing.forms if (f.person, f.by) == (person, by))


def test_everybody_who_decides_gets_a_form(feast: Application, tmp_path: Path) -> None:
    made = printed(feast, tmp_path).forms
    assert [(form.person, form.by, form.kind) for form in made] == [
        ("H-1", "H-2", FormKind.GUARDIAN),
        ("H-1", "H-3", FormKind.GUARDIAN),
        ("H-6", "H-6", FormKind.ADULT),
        ("H-4", "H-5", FormKind.GUARDIAN),
        ("H-4", "H-4", FormKind.CHILD),
    ]


def test_a_form_says_what_a_free_consent_needs(feast: Application, tmp_path: Path) -> None:
    first = texts(printed(feast, tmp_path))[0]
    for said in (
        "Elle Đorđi",
        "Máret Đorđi",
        "Koulun juhla, 9.11.2026",
        "Enontekiön kunta",
        "viestinta@example.fi",
        "tietosuoja",
        "31.12.2027",
        "Vastaaminen on vapaaehtoista",
        "nimen saa kertoa",
        "Tiedottamiseen",
        "Markkinointiin",
        "peruuttaa milloin tahansa",
        "päättävät kaikki huoltajat",
        "Lapsi ei halua",
        "6 artiklan",
        "Verkkosivuilla: website",
    ):
        assert said in first
    assert "kunta-closed" not in first
    assert "Päätät itse" not in first


def test_a_guardian_s_form_names_no_other_guardian_and_no_contact(
    feast: Application, tmp_path: Path
) -> None:
    persons.change_person(feast, "H-2", PersonDetails(contact="040 111"))
    persons.change_person(feast, "H-3", PersonDetails(contact="040 222"))
    mother, father, *_rest = texts(printed(feast, tmp_path))
    assert "Ánte" not in mother
    assert "Máret" not in father
    assert "040" not in mother + father


def test_each_gets_the_form_in_their_own_language(feast: Application, tmp_path: Path) -> None:
    persons.change_person(feast, "H-2", PersonDetails(language=Language.SWEDISH))
    persons.change_person(feast, "H-6", PersonDetails(language=Language.ENGLISH))
    made = printed(feast, tmp_path)
    assert [form.language for form in made.forms] == ["sv", "fi", "en", "fi", "fi"]
    mother, _father, inga, *_rest = texts(made)
    assert "Får bilden publiceras?" in mother
    assert "until 2027-12-31" in inga


def test_northern_sami_waits_for_a_translator_and_says_so(
    feast: Application, tmp_path: Path
) -> None:
    made = printed(feast, tmp_path, language=Language.NORTHERN_SAMI)
    assert made.untranslated == (Language.NORTHERN_SAMI,)
    assert {form.language for form in made.forms} == {"fi"}
    assert all("ei ole vielä käännetty pohjoissaameksi" in text for text in texts(made))


@pytest.mark.parametrize("language", list(Language))
def test_each_form_is_one_sheet_of_a4(
    feast: Application, tmp_path: Path, language: Language
) -> None:
    made = printed(feast, tmp_path, layout=Layout.PDF, language=language)
    for form in made.forms:
        reader = PdfReader(io.BytesIO(form.file.read_bytes()))
        assert len(reader.pages) == 1
        assert form.code in reader.pages[0].extract_text()
    assert made.combined_file is not None
    assert len(PdfReader(made.combined_file).pages) == len(made.forms)


def test_blank_forms_have_codes_of_their_own(feast: Application, tmp_path: Path) -> None:
    made = printed(feast, tmp_path, roster=False, blank=3)
    assert len({form.code for form in made.forms}) == 3
    assert {(form.person, form.by) for form in made.forms} == {(None, None)}


def test_somebody_whose_age_is_not_known_gets_a_form_that_leaves_open_who_decides(
    feast: Application, tmp_path: Path
) -> None:
    person = create_person(feast, "Joavnna", None)
    [form] = printed(feast, tmp_path, roster=False, persons=[person]).forms
    assert (form.kind, form.person, form.by) == (FormKind.BLANK, person, None)


def test_who_cannot_be_asked_is_named(feast: Application, tmp_path: Path) -> None:
    orphan = create_person(feast, "Sárá", date(2019, 1, 1))
    persons.change_person(feast, "H-6", PersonDetails(deceased=True))
    made = printed(feast, tmp_path, roster=False, persons=[orphan, "H-6"])
    assert made.omitted == ((orphan, NoFormReason.NO_GUARDIAN), ("H-6", NoFormReason.DECEASED))
    assert made.forms == ()


def test_an_excused_guardian_is_not_asked(feast: Application, tmp_path: Path) -> None:
    excuse_guardian(feast, "H-1", "H-3", ground="abroad")
    made = printed(feast, tmp_path, roster=False, persons=["H-1"])
    assert [form.by for form in made.forms] == ["H-2"]


def test_somebody_who_is_blocked_gets_a_form_like_everybody(
    feast: Application, tmp_path: Path
) -> None:
    before = len(printed(feast, tmp_path / "a").forms)
    blocks.block_person(feast, "H-6")
    assert len(printed(feast, tmp_path / "b").forms) == before


def test_the_log_holds_ids_only(feast: Application, tmp_path: Path) -> None:
    made = printed(feast, tmp_path)
    with feast.reading() as work:
        entries = [e for e in ledger.entries(work.session) if e.action == "consent_form.printed"]
        require_intact_chain(work.session)
    assert len(entries) == len(made.forms)
    told = " ".join(entry.details for entry in entries)
    assert not re.search("Elle|Đorđi|Inga", told)
    assert not any(form.code.replace("-", "") in told for form in made.forms)


def test_without_a_contact_there_is_a_line_to_write_on(
    application: Application, tmp_path: Path
) -> None:
    made = printed(application, tmp_path, event=None, roster=False, blank=1)
    assert made.missing_settings == ("controller_contact", "data_protection_officer")
    assert "________" in texts(made)[0]


def test_the_municipality_s_own_text_is_used_and_its_version_kept(
    feast: Application, tmp_path: Path
) -> None:
    for file in document_texts.write_texts(tmp_path / "texts"):
        text = file.read_text("utf-8").replace("Saako kuvan julkaista?", "Kuvalupa")
        file.write_text(text, "utf-8")
    own = printed(feast, tmp_path / "a", texts=tmp_path / "texts")
    shipped = printed(feast, tmp_path / "b")
    assert "Kuvalupa" in texts(own)[0]
    assert own.forms[0].version != shipped.forms[0].version


def test_a_wrong_text_prints_and_records_nothing(feast: Application, tmp_path: Path) -> None:
    [*_others, finnish] = [
        file
        for file in document_texts.write_texts(tmp_path / "texts")
        if file.name == "form.fi.txt"
    ]
    finnish.write_text(finnish.read_text("utf-8") + "\n$nonsense\n", "utf-8")
    with pytest.raises(InputDataError, match=r"form\.fi\.txt, line \d+: there is no field"):
        printed(feast, tmp_path, texts=tmp_path / "texts")
    assert not (tmp_path / "forms").exists()
    with feast.reading() as work:
        actions = {entry.action for entry in ledger.entries(work.session)}
    assert "consent_form.printed" not in actions


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"until": date(2026, 1, 1)}, "has passed already"),
        ({"roster": False}, "nobody to make a form for"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    feast: Application, tmp_path: Path, order: dict[str, object], said: str
) -> None:
    with pytest.raises(InputDataError, match=said):
        printed(feast, tmp_path, **order)


def test_no_form_promises_more_than_the_settings_allow(feast: Application, tmp_path: Path) -> None:
    policy.set_policy(feast, {"max_consent_age_months": 12})
    with pytest.raises(InputDataError, match="2027-11-02 at the latest"):
        printed(feast, tmp_path)


def test_a_folder_that_cannot_be_is_refused_and_nothing_recorded(
    feast: Application, tmp_path: Path
) -> None:
    (tmp_path / "forms").write_text("a file")
    with pytest.raises(InputDataError, match="cannot be created"):
        printed(feast, tmp_path)


def test_auditors_print_no_forms(application_for: AtWork, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        printed(application_for("tarja"), tmp_path)


def test_the_code_of_a_form_is_enough_to_record_the_answer(
    feast: Application, tmp_path: Path
) -> None:
    made = printed(feast, tmp_path)
    code = code_of(made, "H-1", "H-2").lower().replace("-", " ")
    [told] = record_form_answer(feast, code, YES, FormMarks(may_be_named=True))
    [row] = list_all(consents.list_consents(feast, "H-1"))
    assert (row.by, row.reach, row.status.until) == ("H-2", "E-1", "2027-12-31")
    assert (row.status.documented, row.status.channels) == (True, ["kunta-public-page"])
    assert told.recorded.record_id == "C-1"


def test_all_forms_of_a_child_make_the_photo_allowed(feast: Application, tmp_path: Path) -> None:
    made = printed(feast, tmp_path)
    for by in ("H-2", "H-3"):
        record_form_answer(feast, code_of(made, "H-1", by), YES, FormMarks())
    [elle, *_others] = roster_consents.roster_consents(feast, "E-1")
    assert "kunta-public-page" in elle.channels


def test_a_guardian_s_tick_records_the_child_s_own_no(feast: Application, tmp_path: Path) -> None:
    made = printed(feast, tmp_path)
    told = record_form_answer(
        feast, code_of(made, "H-1", "H-2"), YES, FormMarks(child_says_no=True)
    )
    assert [each.child_view for each in told] == [False, True]
    rows = {row.by: row.status.state for row in list_all(consents.list_consents(feast, "H-1"))}
    assert rows == {"H-2": "granted", "H-1": "refused"}


def test_a_mistyped_code_is_found_before_anything_is_recorded(
    feast: Application, tmp_path: Path
) -> None:
    code = code_of(printed(feast, tmp_path), "H-1", "H-2")
    wrong = ("0" if code[0] != "0" else "2") + code[1:]
    with pytest.raises(InputDataError, match="a character is wrong"):
        record_form_answer(feast, wrong, YES, FormMarks())
    with pytest.raises(NotFound, match="printed from this registry"):
        record_form_answer(feast, new_code(), YES, FormMarks())
    assert list_all(consents.list_consents(feast)) == []


def test_a_paper_recorded_twice_cannot_end_a_withdrawal(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-1", "H-2")
    record_form_answer(feast, code, YES, FormMarks())
    consents.withdraw_consent(feast, ConsentStatement(ConsentKind.WITHDRAWN), consent="C-1")
    with pytest.raises(NotAllowed, match="is already recorded, on 2026-11-02"):
        record_form_answer(feast, code, YES, FormMarks())
    assert list_all(consents.list_consents(feast, "H-1"))[0].status.state == "withdrawn"


def test_a_form_may_be_renewed_and_a_no_is_always_recorded(
    feast: Application, tmp_path: Path
) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    record_form_answer(feast, code, YES, FormMarks())
    record_form_answer(feast, code, NO, FormMarks())
    assert list_all(consents.list_consents(feast, "H-6"))[0].status.state == "refused"
    renewed = ConsentStatement(ConsentKind.RENEWED, ("public_page",), paper="kansio 4")
    with pytest.raises(InputDataError, match="a refusal or withdrawal is recorded on 2026-11-02"):
        record_form_answer(feast, code, renewed, FormMarks())
    renewed = replace(renewed, on=date(2026, 11, 2))
    record_form_answer(feast, code, renewed, FormMarks())
    assert list_all(consents.list_consents(feast, "H-6"))[0].status.state == "granted"


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        (
            ConsentStatement(ConsentKind.GIVEN, ("print", "press")),
            "not ask about the channel press",
        ),
        (ConsentStatement(ConsentKind.GIVEN, ("kunta-closed-group",)), "not ask about the channel"),
        (
            ConsentStatement(ConsentKind.GIVEN, ("website",), until=date(2030, 1, 1)),
            "and the consent ends then at the latest",
        ),
        (
            ConsentStatement(ConsentKind.GIVEN, ("website",), open_ended=True),
            "and the consent ends then at the latest",
        ),
        (ConsentStatement(ConsentKind.GIVEN, ("website",), on=date(2026, 11, 1)), "was printed on"),
        (ConsentStatement(ConsentKind.GIVEN, ("website",), on=date(2026, 11, 3)), "in the future"),
    ],
)
def test_an_answer_that_the_form_cannot_hold_is_refused(
    feast: Application, tmp_path: Path, spoken: ConsentStatement, said: str
) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    with pytest.raises(InputDataError, match=said):
        record_form_answer(feast, code, spoken, FormMarks())
    assert list_all(consents.list_consents(feast)) == []


def replies(application: Application, code: str) -> list[tuple[str, list[str], list[str]]]:
    """Return what was recorded from a form: kind, channels and purposes."""
    with application.reading() as work:
        form = find_form(work, code)
        return [
            (each.kind, sorted(each.channels), sorted(each.purposes))
            for each in form_replies(work.session, id_of(form))
        ]


ASKED = ["kunta-internal", "kunta-print", "kunta-public-page", "kunta-website"]
BOTH = ["information", "marketing"]


def test_what_is_not_ticked_is_a_no_to_just_that(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    ticked = replace(YES, channels=("kunta-public-page", "kunta-website"))
    [told] = record_form_answer(feast, code, ticked, FormMarks())
    assert replies(feast, code) == [
        ("given", ["kunta-public-page", "kunta-website"], ["information"]),
        ("refused", ["kunta-internal", "kunta-print"], BOTH),
        ("refused", ASKED, ["marketing"]),
    ]
    assert [no.purposes for no in told.unticked] == [("information", "marketing"), ("marketing",)]


def test_all_ticked_leaves_no_no(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    ticked = replace(YES, channels=ASKED, purposes=tuple(Purpose))
    [told] = record_form_answer(feast, code, ticked, FormMarks())
    assert replies(feast, code) == [("given", ASKED, BOTH)]
    assert told.unticked == ()


@pytest.mark.parametrize("unticked", ["channels", "purposes"])
def test_signed_without_a_tick_is_a_no_to_all_that_was_asked(
    feast: Application, tmp_path: Path, unticked: str
) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    record_form_answer(feast, code, replace(YES, **{unticked: ()}), FormMarks())  # type: ignore[arg-type]
    assert replies(feast, code) == [("refused", ASKED, BOTH)]


def test_no_is_a_no_to_everything(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    record_form_answer(feast, code, NO, FormMarks())
    assert replies(feast, code) == [("refused", [], [])]


def test_a_kind_means_the_channels_of_the_kind_on_the_paper(
    feast: Application, tmp_path: Path
) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    later = {"title": "Uusi", "kind": Channel.PUBLIC_PAGE, "controller": None}
    channels.add_channel(feast, name="uusi", **later)  # type: ignore[arg-type]
    ticked = replace(YES, channels=("public_page",), purposes=tuple(Purpose))
    record_form_answer(feast, code, ticked, FormMarks())
    assert replies(feast, code)[0] == ("given", ["kunta-public-page"], BOTH)


def test_a_renewal_from_the_same_paper_adds_no_no(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    ticked = replace(YES, channels=ASKED, purposes=tuple(Purpose))
    record_form_answer(feast, code, ticked, FormMarks())
    renewed = replace(YES, kind=ConsentKind.RENEWED, on=date(2026, 11, 2))
    record_form_answer(feast, code, renewed, FormMarks())
    assert [kind for kind, *_rest in replies(feast, code)] == ["given", "renewed"]


def test_each_channel_of_the_municipality_is_asked_about_by_its_title(
    feast: Application, tmp_path: Path
) -> None:
    for name in ("fb", "ig"):
        channels.add_channel(
            feast, name=name, title=f"Kunta, {name}", kind=Channel.PUBLIC_PAGE, controller=None
        )
    made = printed(feast, tmp_path)
    first = texts(made)[0]
    for title in ("public_page", "Kunta, fb", "Kunta, ig"):
        assert f"Julkisella sivulla sosiaalisessa mediassa: {title}<" in first
    for title in ("closed_group", "press", "subsidiary_page", "personal_profile"):
        assert f": {title}" not in first
    assert [(each.channel, each.can_be_asked) for each in made.not_asked] == [
        ("kunta-closed-group", True),
        ("kunta-closed-work-group", False),
    ]
    assert printed(feast, tmp_path / "some", channels=["kunta-print"]).not_asked == ()


def test_another_s_channel_is_asked_about_by_name_and_printed_with_who_controls_it(
    feast: Application, tmp_path: Path
) -> None:
    made = printed(feast, tmp_path, channels=["kunta-press", "kunta-print"])
    assert "tiedotusvälineelle: press (Lapin lehti)" in texts(made)[0]
    assert "Verkkosivuilla" not in texts(made)[0]
    code = code_of(made, "H-6", "H-6")
    record_form_answer(feast, code, replace(YES, channels=("press",)), FormMarks())
    assert replies(feast, code)[0] == ("given", ["kunta-press"], ["information"])


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("kunta-closed-group", "ask about the page"),
        ("kunta-closed-work-group", "Nothing may be published"),
    ],
)
def test_a_form_asks_about_no_channel_that_a_yes_cannot_be_given_for(
    feast: Application, tmp_path: Path, channel: str, said: str
) -> None:
    with pytest.raises(InputDataError, match=f"not ask about the channel {channel}") as caught:
        printed(feast, tmp_path, channels=[channel])
    assert said in caught.value.hint


def test_a_text_without_a_choice_for_a_channel_prints_nothing(
    feast: Application, tmp_path: Path
) -> None:
    for file in document_texts.write_texts(tmp_path / "texts"):
        lines = file.read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("[ ] website")]
        file.write_text("\n".join(kept), "utf-8")
    with pytest.raises(InputDataError, match="no choice for the channel kunta-website"):
        printed(feast, tmp_path, texts=tmp_path / "texts")
    some = ["kunta-print", "kunta-public-page"]
    assert printed(feast, tmp_path, texts=tmp_path / "texts", channels=some).forms


def test_a_purpose_that_the_text_does_not_print_is_not_asked_about(
    feast: Application, tmp_path: Path
) -> None:
    for file in document_texts.write_texts(tmp_path / "texts"):
        lines = file.read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("[ ] marketing")]
        file.write_text("\n".join(kept), "utf-8")
    made = printed(feast, tmp_path, texts=tmp_path / "texts")
    code = code_of(made, "H-6", "H-6")
    with pytest.raises(InputDataError, match="does not ask about the purpose"):
        record_form_answer(feast, code, replace(YES, purposes=tuple(Purpose)), FormMarks())
    record_form_answer(feast, code, replace(YES, channels=ASKED), FormMarks())
    assert replies(feast, code) == [("given", ASKED, ["information"])]


def test_a_blank_form_is_recorded_with_the_names_on_it(feast: Application, tmp_path: Path) -> None:
    [form] = printed(feast, tmp_path, roster=False, blank=1).forms
    with pytest.raises(InputDataError, match="printed without a name"):
        record_form_answer(feast, form.code, YES, FormMarks())
    with pytest.raises(NotAllowed, match="not recorded as a guardian"):
        record_form_answer(feast, form.code, YES, FormMarks(person="H-1", by="H-5"))
    record_form_answer(feast, form.code, YES, FormMarks(person="H-1", by="H-2"))
    assert [row.by for row in list_all(consents.list_consents(feast, "H-1"))] == ["H-2"]


def test_a_form_with_names_takes_no_other_names(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-6", "H-6")
    with pytest.raises(InputDataError, match="already states who answers for whom"):
        record_form_answer(feast, code, YES, FormMarks(person="H-1"))


def test_a_guardian_who_is_none_any_more_cannot_answer(feast: Application, tmp_path: Path) -> None:
    code = code_of(printed(feast, tmp_path), "H-1", "H-2")
    end_guardian(feast, "H-1", "H-2", on=date(2026, 10, 1))
    with pytest.raises(NotAllowed, match="was not a guardian"):
        record_form_answer(feast, code, YES, FormMarks())


def test_a_form_of_an_erased_guardian_allows_nothing_and_a_no_on_it_is_recorded(
    feast: Application, tmp_path: Path
) -> None:
    code = code_of(printed(feast, tmp_path), "H-1", "H-2")
    erasure.erase(feast, "H-2", ErasureGround.REQUEST)
    with pytest.raises(NotAllowed, match="nothing more can be recorded"):
        record_form_answer(feast, code, YES, FormMarks())
    assert list_all(consents.list_consents(feast, "H-1")) == []
    record_form_answer(feast, code, NO, FormMarks())
    assert list_all(consents.list_consents(feast, "H-1"))[0].status.state == "refused"


def test_an_erased_guardian_gets_no_form(feast: Application, tmp_path: Path) -> None:
    erasure.erase(feast, "H-2", ErasureGround.REQUEST)
    assert [f.by for f in printed(feast, tmp_path).forms if f.person == "H-1"] == ["H-3"]


@pytest.mark.parametrize("page", ["forms.md", "lomakkeet.md"])
@pytest.mark.parametrize("kit", [forms.KIT, receipts.KIT])
def test_the_page_for_those_who_write_texts_names_all_that_may_be_used_in_one(
    page: str, kit: TemplateSpec
) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = {f"${field}" for field in kit.fields} | {*kit.choices, *kit.tags}
    assert [name for name in sorted(named) if f"`{name}`" not in text] == []
