"""The copy that may go out, where it went, and taking it down again."""

import hashlib
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import piexif
import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.imaging.builders import (
    COPYRIGHT,
    HIDDEN_BYTES,
    encoded,
    full_jpeg,
    jpeg_file,
    jpeg_named,
)
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound, PhotoFileError, RegistryError
from photoreg.imaging.metadata.fields import Mining, Release
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.reading import describe_metadata
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.rulebook.facts import Basis, ConsentKind, Mode, Photographer
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.files.rights import RightsOptions, web_address
from photoreg.services.organisation import policy
from photoreg.services.photos import events
from photoreg.services.photos.answers import PhotoAnswers, answer
from photoreg.services.publications import export as exporting
from photoreg.services.publications import publishing, takedown_tasks
from photoreg.services.publications.export import ExportResult
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.publications.takedown import open_take_downs
from photoreg.services.publications.takedown_tasks import ClosedTask

URL = "https://kunta.example/uutiset/1"
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN)


@pytest.fixture
def street(anna: Application, tmp_path: Path) -> str:
    """A photo that may be published everywhere."""
    add_photographer(anna)
    return register_photo(anna, tmp_path)


@pytest.fixture
def portrait(anna: Application, tmp_path: Path) -> str:
    """A photo that shows Elle Valkeapää, who has agreed to everything."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "portrait.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    return photo


def export(
    application: Application, photo: str, folder: Path, asked: AskedUse = PAGE_USE, **more: Any
) -> ExportResult:
    [exported] = exporting.export_photos(application, [photo], asked, folder, **more)
    return exported


def publish(
    application: Application, photo: str, asked: AskedUse = PAGE_USE, address: str = URL
) -> str:
    recorded = publishing.add_publication(application, [photo], asked, address=address)
    assert recorded.publication is not None, recorded.checked[0].verdict.codes
    return recorded.publication


def rows(registry: Registry, statement: str) -> list[Any]:
    """Return what a query finds, days and times as both engines write them."""
    with registry.reading() as session:
        found = session.connection().execute(sa.text(statement)).all()
    return [
        tuple(str(v).removesuffix("+00:00") if isinstance(v, date) else v for v in row)
        for row in found
    ]


# --- the copy ------------------------------------------------------------------------------------


def test_export_writes_a_copy_with_the_rights_and_without_anything_hidden(
    anna: Application, street: str, tmp_path: Path
) -> None:
    exported = export(anna, street, tmp_path / "copies")

    assert exported.path == tmp_path / "copies" / "P-1.jpg"
    copy = exported.path.read_bytes()
    assert not [secret for secret in HIDDEN_BYTES if secret in copy]
    found = describe_metadata(exported.path)
    assert {name for name in found if name not in {"XMP", "IPTC"}} == {"Artist", "Copyright"}
    assert (found["Artist"], found["Copyright"]) == (PHOTOGRAPHER_NAME, f"© {PHOTOGRAPHER_NAME}")
    assert {"GPS", "BodySerialNumber", "Thumbnail"} <= set(exported.removed)


def test_export_is_a_decision_and_is_logged_with_the_hash_of_the_copy(
    anna: Application, street: str, tmp_path: Path, registry: Registry
) -> None:
    exported = export(anna, street, tmp_path / "copies")

    assert exported.path is not None
    sha256 = hashlib.sha256(exported.path.read_bytes()).hexdigest()
    assert rows(registry, "SELECT made_for, outcome FROM decision") == [("export", "publishable")]
    [(subject, details)] = rows(
        registry, "SELECT subject, details FROM ledger WHERE action = 'photo.exported'"
    )
    assert subject == "P-1"
    assert sha256 in details


def test_export_names_photographers_without_a_credit_by_their_names(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    second = create_person(anna, "Đorđe Ŋuŋu")
    permissions.record_permission(
        anna,
        PermissionParties(photographer=second),
        granted_consent(),
        PermissionTerms(credit_waived=True),
    )
    both = replace(EMPTY_STREET, photographers=(PHOTOGRAPHER_NAME, second))

    exported = export(anna, register_photo(anna, tmp_path, both), tmp_path / "copies")

    assert exported.path is not None
    found = describe_metadata(exported.path)
    assert found["Artist"] == f"{PHOTOGRAPHER_NAME}; Đorđe Ŋuŋu"
    assert found["Copyright"] == f"© {PHOTOGRAPHER_NAME}; Đorđe Ŋuŋu"


def test_export_prefers_the_credit_of_the_photo_itself(
    anna: Application, street: str, tmp_path: Path
) -> None:
    answer(anna, [street], PhotoAnswers(credit="Á. Näkkäläjärvi / Enontekiö"))

    exported = export(anna, street, tmp_path / "copies")

    assert exported.path is not None
    assert describe_metadata(exported.path)["Artist"] == "Á. Näkkäläjärvi / Enontekiö"


def test_export_names_the_municipality_as_owner_of_a_transferred_copyright(
    anna: Application, tmp_path: Path
) -> None:
    person = create_person(anna, PHOTOGRAPHER_NAME)
    permissions.record_permission(
        anna,
        PermissionParties(photographer=person),
        granted_consent(),
        PermissionTerms(basis=Basis.TRANSFERRED, credit=PHOTOGRAPHER_NAME),
    )

    exported = export(anna, register_photo(anna, tmp_path), tmp_path / "copies")

    assert exported.path is not None
    found = describe_metadata(exported.path)
    assert (found["Artist"], found["Copyright"]) == (PHOTOGRAPHER_NAME, "© Enontekiön kunta")


def test_export_names_an_agency_where_nobody_knows_the_photographer(
    anna: Application, tmp_path: Path
) -> None:
    bought = replace(
        EMPTY_STREET, photographers=(), photographer=Photographer.UNKNOWN, basis=Basis.STOCK
    )
    photo = register_photo(anna, tmp_path, bought, content=jpeg_file())
    permissions.record_permission(
        anna,
        PermissionParties(licensor="Kuvapörssi Oy", photos=[photo]),
        granted_consent(),
        PermissionTerms(basis=Basis.STOCK, credit="Kuvapörssi / Lehtikuva"),
    )

    exported = export(anna, photo, tmp_path / "copies")

    assert exported.path is not None, exported.checked.verdict.codes
    found = describe_metadata(exported.path)
    assert (found["Artist"], found["Copyright"]) == ("Kuvapörssi / Lehtikuva", "© Kuvapörssi Oy")


def test_export_claims_no_copyright_where_there_is_none_any_more(
    anna: Application, tmp_path: Path
) -> None:
    create_person(anna, PHOTOGRAPHER_NAME)
    old = replace(
        EMPTY_STREET, basis=Basis.PUBLIC_DOMAIN, taken_year=1931, photographer_died_year=1944
    )

    scanned = full_jpeg(jpeg_named("old.jpg")).replace(b"2026:10", b"1931:10")
    scanned = scanned.replace(COPYRIGHT.encode(), b" " * len(COPYRIGHT.encode()))
    photo = register_photo(anna, tmp_path, old, content=scanned)
    exported = export(anna, photo, tmp_path / "copies")

    assert exported.path is not None, exported.checked.verdict.codes
    found = describe_metadata(exported.path)
    assert (found["Artist"], found.get("Copyright")) == (PHOTOGRAPHER_NAME, None)


def test_export_leaves_the_name_of_who_is_shown_out_of_the_file_name(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "ELLE 8v kesä.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)

    exported = export(anna, photo, tmp_path / "copies")

    assert exported.path is not None
    assert exported.path.name == "P-1.jpg"


def test_export_makes_a_strange_file_name_harmless(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, EMPTY_STREET, "-rf $(x) Áŋŋel;'.v2.jpg")

    exported = export(anna, photo, tmp_path / "copies")

    assert exported.path is not None
    assert exported.path.name == "P-1.jpg"


def test_export_of_a_photo_that_is_refused_writes_nothing(
    anna: Application, portrait: str, tmp_path: Path, registry: Registry
) -> None:
    withdraw_consent(anna, "Elle Valkeapää")

    exported = export(anna, portrait, tmp_path / "copies")

    assert (exported.path, exported.checked.outcome) == (None, Outcome.REFUSED)
    assert not (tmp_path / "copies").exists()
    assert rows(registry, "SELECT id FROM decision") == []


def test_export_of_a_refused_photo_mentions_the_copy_that_was_made_before(
    anna: Application, portrait: str, tmp_path: Path
) -> None:
    made = export(anna, portrait, tmp_path / "copies")
    withdraw_consent(anna, "Elle Valkeapää")

    refused = export(anna, portrait, tmp_path / "copies")

    assert (refused.path, refused.older_copies) == (None, (made.path,))
    assert made.path is not None
    assert made.path.exists()
    assert made.older_copies == ()
    assert export(anna, portrait, tmp_path / "elsewhere").older_copies == ()


@pytest.mark.parametrize("lies_there", [Path.mkdir, os.mkfifo, lambda p: p.write_bytes(b"mine")])
def test_export_of_a_refused_photo_names_no_file_that_is_not_its_copy(
    lies_there: Callable[[Path], object], anna: Application, portrait: str, tmp_path: Path
) -> None:
    copy = export(anna, portrait, tmp_path / "copies").path
    assert copy is not None
    copy.unlink()
    lies_there(copy)
    withdraw_consent(anna, "Elle Valkeapää")

    assert export(anna, portrait, tmp_path / "copies").older_copies == ()


def test_earlier_copies_of_many_refused_photos_cost_no_query_each(
    anna: Application, portrait: str, tmp_path: Path
) -> None:
    photos = [portrait]
    for number in range(11):
        photos.append(register_photo(anna, tmp_path, MARKET, f"{number}.jpg"))
        tag_person(anna, photos[-1], "Elle Valkeapää")
    list(exporting.export_photos(anna, photos, PAGE_USE, tmp_path / "copies"))
    withdraw_consent(anna, "Elle Valkeapää")
    counted: list[int] = []
    sa.event.listen(
        anna.registry.store.engine, "before_cursor_execute", lambda *_: counted.append(1)
    )
    needed = []
    for some in (photos[:1], photos[1:]):
        counted.clear()
        told = list(exporting.export_photos(anna, some, PAGE_USE, tmp_path / "copies"))
        assert [len(each.older_copies) for each in told] == [1] * len(some)
        needed.append(len(counted))
    assert needed[1] - needed[0] <= 2


def test_export_goes_on_past_what_may_not_be_published(
    anna: Application, portrait: str, tmp_path: Path
) -> None:
    street = register_photo(anna, tmp_path)
    withdraw_consent(anna, "Elle Valkeapää")

    exported = exporting.export_photos(anna, [portrait, street], PAGE_USE, tmp_path / "copies")

    assert [each.path is not None for each in exported] == [False, True]


def test_export_of_a_file_that_is_gone_or_changed_shows_how_to_go_on(
    anna: Application, street: str, tmp_path: Path, registry: Registry
) -> None:
    original = tmp_path / "street.jpg"
    moved = original.rename(tmp_path / "moved.jpg")

    error = export(anna, street, tmp_path / "copies").error
    assert isinstance(error, PhotoFileError)
    assert error.fields == ("file",)

    assert export(anna, street, tmp_path / "copies", file=moved).path is not None

    original.write_bytes(moved.read_bytes() + b"changed")
    error = export(anna, street, tmp_path / "copies").error
    assert isinstance(error, PhotoFileError)
    assert "changed" in error.message
    assert len(rows(registry, "SELECT id FROM decision")) == 1


@pytest.mark.parametrize("lies_there", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_but_has_a_copys_name_keeps_that_copy_off_alone(
    lies_there: Callable[[Path], None], anna: Application, street: str, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    other = register_photo(anna, tmp_path, name="other.jpg")
    lies_there(copies / f"{street}.jpg")

    [refused, made] = exporting.export_photos(anna, [street, other], PAGE_USE, copies)

    assert isinstance(refused.error, PhotoFileError)
    assert "already" in refused.error.message
    assert made.path == copies / f"{other}.jpg"


@pytest.mark.parametrize("folder", ["a_file", "missing/folder"])
def test_export_into_no_folder_is_reported_and_nothing_is_recorded(
    folder: str, anna: Application, street: str, tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "a_file").write_text("not a folder")

    assert isinstance(export(anna, street, tmp_path / folder).error, PhotoFileError)
    assert rows(registry, "SELECT id FROM decision") == []


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "P-1.png"), ("WEBP", "P-1.webp"), ("TIFF", "P-1.jpg")]
)
def test_export_of_every_format_names_the_rights(
    kind: str, name: str, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    exported = export(
        anna, register_photo(anna, tmp_path, content=encoded(kind)), tmp_path / "copies"
    )

    assert exported.path == tmp_path / "copies" / name
    assert exported.copy is not None
    assert exported.copy.is_derived == (kind == "TIFF")
    read = read_metadata(exported.path.read_bytes())
    assert read.text("photographer") == PHOTOGRAPHER_NAME
    assert read.text("copyright") == f"© {PHOTOGRAPHER_NAME}"
    assert read.text("credit") == f"Kuva: {PHOTOGRAPHER_NAME}"
    assert read.text("registry_id") == "P-1"
    assert read.text("data_mining") == Mining.PROHIBITED


def test_copy_holds_what_policy_and_wish_say_but_nobody_who_is_shown(
    anna: Application, application_for: ApplicationFor, portrait: str, tmp_path: Path
) -> None:
    policy.set_policy(application_for("kaisa"), {"data_mining": "only_for_search"})
    wish = RightsOptions(
        "Vain tiedotukseen", "https://kunta.example/ehdot", "https://kunta.example/lupa"
    )

    exported = export(anna, portrait, tmp_path / "copies", options=CopyOptions(48), wish=wish)

    assert exported.path is not None, exported.checked.verdict.codes
    content = exported.path.read_bytes()
    read = read_metadata(content)
    assert (read.text("terms"), read.text("licence_url")) == (wish.terms, wish.licence_url)
    assert read.text("data_mining") == Mining.ONLY_FOR_SEARCH
    assert read.release == Release.LIMITED
    assert read.text("release_ids") == "C-1"
    assert b"Elle" not in content
    assert exported.copy is not None
    assert exported.copy.size == (48, 32)


def test_who_is_credited_by_another_name_is_not_named(anna: Application, tmp_path: Path) -> None:
    person = create_person(anna, PHOTOGRAPHER_NAME)
    permissions.record_permission(
        anna,
        PermissionParties(photographer=person),
        granted_consent(),
        PermissionTerms(credit="Kuva: Noaidi"),
    )

    exported = export(
        anna, register_photo(anna, tmp_path, content=jpeg_file()), tmp_path / "copies"
    )

    assert exported.path is not None, exported.checked.verdict.codes
    assert PHOTOGRAPHER_NAME.encode() not in exported.path.read_bytes()
    found = describe_metadata(exported.path)
    assert (found["Artist"], found["Copyright"]) == ("Kuva: Noaidi", "© Kuva: Noaidi")


EXPORTS = "INSERT ON ledger WHEN NEW.action = 'photo.exported'"


def test_export_that_cannot_be_recorded_leaves_no_copy(
    anna: Application, street: str, tmp_path: Path, refuse_statement: Callable[[str], None]
) -> None:
    refuse_statement(EXPORTS)

    with pytest.raises(RegistryError):
        export(anna, street, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_copy_that_was_recorded_stays_when_exporting_it_again_fails(
    anna: Application, street: str, tmp_path: Path, refuse_statement: Callable[[str], None]
) -> None:
    copy = export(anna, street, tmp_path / "copies").path
    assert copy is not None
    content = copy.read_bytes()
    refuse_statement(EXPORTS)

    with pytest.raises(RegistryError):
        export(anna, street, tmp_path / "copies")
    assert copy.read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="processes are forked there only")
def test_ctrl_c_twice_leaves_no_copy_that_is_not_recorded(
    anna: Application, street: str, tmp_path: Path
) -> None:
    others = [register_photo(anna, tmp_path, name=f"{number}.jpg") for number in range(15)]
    copies = tmp_path / "copies"
    anna.registry.close()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(BaseException):
            list(exporting.export_photos(anna, [street, *others], PAGE_USE, copies))
            os._exit(0)
        os._exit(1)
    while not copies.exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
        pass  # it has not begun to write
    os.kill(child, signal.SIGINT)
    os.kill(child, signal.SIGINT)

    _, status = os.waitpid(child, 0)
    assert list(copies.iterdir()) == [] or status == 0


def test_many_photos_are_exported_by_hardly_more_queries_than_one(
    anna: Application, street: str, tmp_path: Path
) -> None:
    photos = [street, *(register_photo(anna, tmp_path, name=f"{n}.jpg") for n in range(17))]
    counted: list[int] = []
    engine = anna.registry.store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *_: counted.append(1))
    needed = []
    for some in (photos[:1], photos[1:11]):
        counted.clear()
        exported = list(exporting.export_photos(anna, some, PAGE_USE, tmp_path / "copies"))
        assert all(each.path and each.path.exists() for each in exported)
        needed.append(len(counted))
    assert needed[1] - needed[0] <= 9  # the decision is stored once a photo; nothing else is
    across = list(exporting.export_photos(anna, photos, PAGE_USE, tmp_path / "all"))
    assert [each.checked.photo_id for each in across] == list(range(1, 19))
    with anna.reading() as work:
        assert first_broken_entry(work.session) is None


def test_the_log_is_read_once_for_the_earlier_copies_of_many_photos(
    anna: Application, street: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH_SIZE", 2)
    photos = [street, *(register_photo(anna, tmp_path, name=f"{n}.jpg") for n in range(5))]
    list(exporting.export_photos(anna, photos, PAGE_USE, tmp_path / "copies"))
    read_from = []

    def remember(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        if "WHERE ledger.seq >" in sql:
            read_from.append(values[0] if isinstance(values, tuple) else values["seq_1"])

    sa.event.listen(anna.registry.store.engine, "before_cursor_execute", remember)
    again = list(exporting.export_photos(anna, photos, PAGE_USE, tmp_path / "copies"))
    assert all(each.path and each.error is None for each in again)
    assert len(read_from) == 3
    assert read_from[0] == 0
    assert min(read_from[1:]) > len(photos)


def test_export_is_not_for_auditors_and_writes_nothing(
    street: str, application_for: ApplicationFor, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        export(application_for("tarja"), street, tmp_path / "copies")
    assert not (tmp_path / "copies").exists()


def test_export_never_touches_the_original(anna: Application, street: str, tmp_path: Path) -> None:
    original = tmp_path / "street.jpg"
    before = original.read_bytes()
    assert piexif.load(before)["GPS"]

    export(anna, street, tmp_path)

    assert original.read_bytes() == before


# --- publications --------------------------------------------------------------------------------


def test_publication_rests_on_a_decision_made_at_that_moment(
    anna: Application, street: str, registry: Registry
) -> None:
    publication = publish(anna, street)

    assert publication == "J-1"
    assert rows(
        registry,
        "SELECT made_for, decision.day, published_on FROM published_photo"
        " JOIN decision ON decision.id = decision_id",
    ) == [("publication", "2026-11-02", "2026-11-02")]
    [row] = list_all(publishing.list_publications(anna))
    assert (row.photo, row.address, row.state) == ("P-1", URL, PublicationState.ONLINE)


def test_publication_is_recorded_by_an_administrator_of_the_channel_only(
    street: str, application_for: ApplicationFor
) -> None:
    with pytest.raises(NotAllowed, match="not an administrator"):
        publish(application_for("ville"), street)


def test_publication_of_what_may_not_be_published_is_not_recorded(
    anna: Application, portrait: str, registry: Registry
) -> None:
    withdraw_consent(anna, "Elle Valkeapää")

    recorded = publishing.add_publication(anna, [portrait], PAGE_USE, address=URL)

    assert recorded.publication is None
    assert recorded.checked[0].verdict.codes == ("CN_WITHDRAWN",)
    assert rows(registry, "SELECT id FROM publication") == []


def test_publication_at_the_same_address_is_a_duplicate_until_it_is_taken_down(
    anna: Application, street: str
) -> None:
    publication = publish(anna, street)

    with pytest.raises(NotAllowed, match="already"):
        publish(anna, street)
    takedown_tasks.take_down(anna, [publication], proof="Gone.")
    assert publish(anna, street) == "J-2"


def test_publication_in_the_future_is_refused(anna: Application, street: str) -> None:
    with pytest.raises(InputDataError, match="future"):
        publishing.add_publication(anna, [street], PAGE_USE, address=URL, on=date(2026, 11, 3))


def test_a_photo_was_not_published_before_it_was_taken(anna: Application, street: str) -> None:
    with pytest.raises(InputDataError, match="is before P-1 was taken: 2026-10-21"):
        publishing.add_publication(anna, [street], PAGE_USE, address=URL, on=date(2026, 10, 20))
    taken = publishing.add_publication(anna, [street], PAGE_USE, address=URL, on=date(2026, 10, 21))
    assert taken.publication


def test_its_event_says_better_than_the_camera_when_a_photo_was_taken(
    anna: Application, street: str
) -> None:
    events.add_event(anna, "Market", on=date(2026, 10, 18), until=date(2026, 10, 19))
    answer(anna, [street], PhotoAnswers(event="E-1"))
    with pytest.raises(InputDataError, match="is before the beginning of E-1"):
        publishing.add_publication(anna, [street], PAGE_USE, address=URL, on=date(2026, 10, 17))
    during = publishing.add_publication(
        anna, [street], PAGE_USE, address=URL, on=date(2026, 10, 18)
    )
    assert during.publication


def test_a_camera_whose_clock_somebody_corrected_stops_no_publication(
    anna: Application, street: str
) -> None:
    answer(anna, [street], PhotoAnswers(taken_year=2020))
    old = publishing.add_publication(anna, [street], PAGE_USE, address=URL, on=date(2020, 5, 1))
    assert old.publication


@pytest.mark.parametrize(
    "url",
    ["", "kunta.example/1", "ftp://kunta.example/1", "javascript:alert(1)", "https://", "http://[",
     "https://kunta.example/a b", "https://kunta.example/\x1b[31m"],
)  # fmt: skip
def test_an_address_that_is_not_on_the_web_is_refused(url: str) -> None:
    with pytest.raises(InputDataError, match="not an address on the web"):
        web_address(url)


def test_publication_list_can_be_narrowed_and_hides_what_is_gone(
    anna: Application, street: str, tmp_path: Path
) -> None:
    other = register_photo(anna, tmp_path, name="other.jpg")
    publish(anna, street)
    publish(anna, other)
    publish(anna, street, PRINT_USE, "Kuntatiedote 4/2026 p. 3")
    takedown_tasks.take_down(anna, ["J-1"], proof="Gone.")

    def listed(**narrowed: Any) -> list[tuple[str, PublicationState]]:
        found = list_all(publishing.list_publications(anna, **narrowed))
        return [(row.publication, row.state) for row in found]

    online, printed = ("J-2", PublicationState.ONLINE), ("J-3", PublicationState.PRINTED)
    assert listed() == [online, printed]
    assert listed(photo=other) == [online]
    assert listed(channel="kunta-print") == [printed]
    assert listed(everything=True) == [("J-1", PublicationState.TAKEN_DOWN), online, printed]


# --- taking down ---------------------------------------------------------------------------------


def test_withdrawal_opens_one_task_for_each_publication_and_lists_print(
    anna: Application, portrait: str, registry: Registry, clock: Clock
) -> None:
    publish(anna, portrait)
    publish(anna, portrait, replace(PAGE_USE, channel="kunta-website"), URL)
    publish(anna, portrait, PRINT_USE, "Kuntatiedote 4/2026")

    consents.withdraw_consent(anna, WITHDRAWN, parties=ConsentParties("Elle Valkeapää"))

    listed = anna.reacted.publications
    assert [(t.publication, t.recallable, t.task, t.codes) for t in listed] == [
        ("J-1", True, "T-1", ("CN_WITHDRAWN",)),
        ("J-2", True, "T-2", ("CN_WITHDRAWN",)),
        ("J-3", False, None, ("CN_WITHDRAWN",)),
    ]
    due = clock.now + timedelta(hours=24)
    assert [
        datetime.fromisoformat(f"{due_at}+00:00")
        for (due_at,) in rows(registry, "SELECT due_at FROM take_down")
    ] == [due, due]
    assert rows(registry, "SELECT subject FROM ledger WHERE action = 'take_down.opened'") == [
        ("T-1",),
        ("T-2",),
    ]


def test_withdrawal_for_one_channel_touches_that_channel_only(
    anna: Application, portrait: str
) -> None:
    publish(anna, portrait)
    publish(anna, portrait, replace(PAGE_USE, channel="kunta-website"), URL)

    partly = ConsentStatement(ConsentKind.WITHDRAWN, ("website",))
    consents.withdraw_consent(anna, partly, parties=ConsentParties("Elle Valkeapää"))

    assert [t.publication for t in anna.reacted.publications] == ["J-2"]


def test_a_publication_is_judged_by_the_use_it_was_decided_for(
    anna: Application, portrait: str
) -> None:
    publish(anna, portrait, replace(PAGE_USE, mode=Mode.LINK), URL)
    publish(anna, portrait, PAGE_USE, URL + "0")

    consents.withdraw_consent(anna, WITHDRAWN, parties=ConsentParties("Elle Valkeapää"))

    assert [t.publication for t in anna.reacted.publications] == ["J-2"]


def test_looking_again_opens_no_second_task_and_reveals_nothing_twice(
    anna: Application, portrait: str, registry: Registry
) -> None:
    publish(anna, portrait)
    withdraw_consent(anna, "Elle Valkeapää")

    with anna.changing() as work:
        work.touch([1])
    assert work.reacted.publications == []

    assert len(rows(registry, "SELECT id FROM take_down")) == 1


def test_what_is_in_print_is_reported_once_for_the_same_reasons(
    anna: Application, portrait: str
) -> None:
    publish(anna, portrait, PRINT_USE, "4/2026")

    def told(answers: PhotoAnswers) -> list[tuple[str, bool]]:
        application_for = replace(anna)
        answer(application_for, [portrait], answers)
        return [
            (each.publication, each.recallable) for each in application_for.reacted.publications
        ]

    assert told(PhotoAnswers(sensitive=True)) == [("J-1", False)]
    assert told(PhotoAnswers(credit="Kuva: Áile")) == []
    assert told(PhotoAnswers(basis=Basis.WEB_FOUND)) == [("J-1", False)]
    assert told(PhotoAnswers(credit="Áile")) == []


def test_looking_costs_the_same_few_queries_for_many_publications(
    anna: Application, portrait: str
) -> None:
    def cost() -> int:
        statements: list[str] = []
        with anna.reading() as work:
            connection = work.session.connection()
            sa.event.listen(
                connection, "before_cursor_execute", lambda *args: statements.append(args[2])
            )
            open_take_downs(work, [1])
            assert work.reacted.publications == []
        return len(statements)

    publish(anna, portrait)
    once = cost()
    for number in range(12):
        publish(anna, portrait, PAGE_USE, f"{URL}/{number}")
    assert cost() == once


def test_taking_down_resolves_the_task_with_proof_that_is_not_logged(
    anna: Application, portrait: str, registry: Registry
) -> None:
    publication = publish(anna, portrait)
    withdraw_consent(anna, "Elle Valkeapää")
    [row] = list_all(publishing.list_publications(anna))
    assert (row.state, row.task) == (PublicationState.TAKE_DOWN_OPEN, "T-1")

    done = takedown_tasks.take_down(anna, [publication], proof="Elle looked herself.")
    assert done == [ClosedTask(publication, portrait, "T-1", left=0)]

    assert list_all(publishing.list_publications(anna)) == []
    assert rows(registry, "SELECT proof, done_by FROM take_down") == [("Elle looked herself.", 2)]
    [(details,)] = rows(registry, "SELECT details FROM ledger WHERE action = 'take_down.done'")
    assert "Elle" not in details


def test_taking_down_unasked_is_recorded_with_its_proof(
    anna: Application, street: str, registry: Registry
) -> None:
    takedown_tasks.take_down(anna, [publish(anna, street)], proof="Replaced by a newer photo.")

    assert rows(registry, "SELECT codes, proof FROM take_down WHERE done_at IS NOT NULL") == [
        ("", "Replaced by a newer photo.")
    ]


def test_taking_down_twice_or_from_print_is_refused(anna: Application, street: str) -> None:
    publication = publish(anna, street)
    printed = publish(anna, street, PRINT_USE, "Kuntatiedote 4/2026")
    takedown_tasks.take_down(anna, [publication], proof="Gone.")

    with pytest.raises(NotAllowed, match="already"):
        takedown_tasks.take_down(anna, [publication], proof="Gone.")
    with pytest.raises(NotAllowed, match="cannot be recalled"):
        takedown_tasks.take_down(anna, [printed], proof="Gone.")


@pytest.mark.parametrize(
    ("on", "proof"),
    [(date(2026, 11, 1), "Gone."), (date(2026, 11, 3), "Gone."), (None, " ")],
)
def test_taking_down_needs_a_day_that_can_be_and_a_proof(
    on: date | None, proof: str, anna: Application, street: str, registry: Registry
) -> None:
    publication = publish(anna, street)

    with pytest.raises(InputDataError):
        takedown_tasks.take_down(anna, [publication], proof=proof, on=on)
    assert rows(registry, "SELECT removed_on FROM published_photo") == [(None,)]


def test_taking_down_what_is_not_there(anna: Application) -> None:
    with pytest.raises(NotFound):
        takedown_tasks.take_down(anna, ["J-9"], proof="Gone.")
