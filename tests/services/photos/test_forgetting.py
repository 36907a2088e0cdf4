"""Photos that were registered by mistake: forgotten as long as nothing rests on them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select
from tests.conftest import Clock
from tests.logged import logged
from tests.services.decisions.test_stop_propagation import WHOLE, saved_anew
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    add_photographer,
    as_coordinator,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.errors import NotAllowed, NotFound
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.registry.record_hashes.checking import differences
from photoreg.registry.record_hashes.recording import NO_SALT, items_of
from photoreg.registry.tables.ledger import RecordHash
from photoreg.rulebook.facts import Basis, Confidentiality, ConsentKind, Photographer, Place
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.audits.verdict_cache import refresh_cache
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.photos import answers, listing, registration, versions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.forgetting import forget_photos
from photoreg.services.photos.pictures import thumbnails
from photoreg.services.photos.registration import LeftOut
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import export

UNANSWERED = PhotoAnswers()


@pytest.fixture
def street(application: Application, tmp_path: Path) -> str:
    """P-1: an empty street, answered completely as it was registered."""
    add_photographer(application)
    return register_photo(application, tmp_path)


def count_of(application: Application, table: str) -> int:
    with application.reading() as work:
        counted = sa.text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our names
        return int(work.session.connection().execute(counted).scalar_one())


def test_what_was_registered_by_mistake_is_gone_and_its_file_stays(
    application: Application, street: str, tmp_path: Path
) -> None:
    [forgotten] = forget_photos(application, [street])
    assert (forgotten.photo, forgotten.file_name) == ("P-1", "street.jpg")
    assert (tmp_path / "street.jpg").is_file()
    with pytest.raises(NotFound):
        checks.check(application, [street], PAGE_USE)
    for table in ("photo", "photo_photographer", "photo_likeness", "photo_series"):
        assert count_of(application, table) == 0


def test_the_same_file_is_registered_again_under_another_number(
    application: Application, street: str, tmp_path: Path
) -> None:
    forget_photos(application, [street])
    [again] = registration.register_files(application, [tmp_path / "street.jpg"], EMPTY_STREET)
    assert isinstance(again, RegisteredPhoto)
    assert (again.is_new, again.photo_id) == (True, 2)
    [checked] = checks.check(application, ["P-2"], PAGE_USE)
    assert checked.is_allowed


def test_the_log_keeps_number_and_file_hash_and_nobody_can_check_a_guess(
    application: Application, street: str
) -> None:
    forget_photos(application, [street])
    with application.reading() as work:
        of_photo = [e.action for e in logged(work.session) if e.subject == "P-1"]
        assert of_photo == ["photo.registered", "photo.forgotten"]
        rows = work.session.exec(select(RecordHash).where(RecordHash.kind == "photo"))
        salts = [
            [salt for number, _hash, salt in items_of(row.records, row.salts) if number == 1]
            for row in rows
        ]
        assert salts[0] == [NO_SALT]
        assert not list(differences(work.session, work.registry.store))


def test_the_state_of_an_earlier_day_leaves_it_out(
    application: Application, street: str, clock: Clock, tmp_path: Path
) -> None:
    register_photo(application, tmp_path, name="other.jpg")
    clock.now = clock.now.replace(day=20)
    forget_photos(application, [street])
    with state_as_of(application, clock.now.date().replace(day=3)) as then:
        assert [photo.photo for photo in listing.list_photos(then)] == ["P-2"]


@pytest.mark.usefixtures("street")
def test_cached_verdicts_and_likenesses_go_with_it(
    application: Application, tmp_path: Path
) -> None:
    whole = register_photo(application, tmp_path, name="whole.jpg", content=WHOLE)
    twin = register_photo(application, tmp_path, name="twin.jpg", content=saved_anew())
    third = register_photo(application, tmp_path, name="third.jpg", content=saved_anew(400))
    list(refresh_cache(as_coordinator(application)))
    forget_photos(application, [whole])
    assert count_of(application, "verdict_cache") == 1
    with application.reading() as work:
        rows = work.session.connection().execute(
            sa.text("SELECT photo_id, series_id FROM photo_series")
        )
        assert sorted(map(tuple, rows)) == [(3, 3), (4, 3)]
    forget_photos(application, [third])
    assert count_of(application, "photo_series") == 0
    assert twin == "P-3"


def _tagged(application: Application, photo: str) -> None:
    create_person(application, "Elle")
    tag_person(application, photo, "Elle")


def _refused(application: Application, photo: str) -> None:
    create_person(application, "Elle")
    no = ConsentStatement(ConsentKind.REFUSED)
    consents.record_consent(application, ConsentParties("Elle", photo=photo), no)


def _made_version(application: Application, photo: str) -> None:
    file = Path(application.registry.evidence_folder).parent / "crop.jpg"
    register = register_photo(application, file.parent, name="crop.jpg")
    forget_photos(application, [register])
    versions.add_version(application, photo, file)


WAYS: dict[str, tuple[Callable[[Application, str], object], str]] = {
    "answered": (
        lambda a, p: answers.answer(a, [p], PhotoAnswers(place=Place.OFFICE_LOBBY)),
        "something recorded about it",
    ),
    "tagged": (_tagged, "the people named"),
    "refused": (_refused, "what somebody has said"),
    "flagged": (
        lambda a, p: flags.raise_flag(a, p, reason="A number plate."),
        "what somebody has said",
    ),
    "approved": (lambda a, p: approval.approve(a, [p], PAGE_USE), "a decision"),
    "version": (_made_version, "a version"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_anything_rests_on_is_not_forgotten(
    application: Application, street: str, tmp_path: Path, way: str
) -> None:
    act, told = WAYS[way]
    act(application, street)
    other = register_photo(application, tmp_path, name="other.jpg")
    with pytest.raises(NotAllowed) as refused:
        forget_photos(application, [other, street])
    obstacles = refused.value.values["obstacles"]
    assert isinstance(obstacles, Sequence)
    assert any(told in str(each) for each in obstacles)
    assert refused.value.values["photos"] == ("P-1",)
    checks.check(application, [street, other], PAGE_USE)


def test_forgetting_is_no_door_past_a_photographers_no(
    application: Application, street: str
) -> None:
    permissions.record_permission(
        application,
        PermissionParties(photographer=PHOTOGRAPHER_NAME),
        ConsentStatement(ConsentKind.REFUSED),
        PermissionTerms(),
    )
    with pytest.raises(NotAllowed, match="In the way"):
        forget_photos(application, [street])


def test_forgetting_is_no_door_past_an_unknown_photographer(
    application: Application, tmp_path: Path
) -> None:
    said = replace(EMPTY_STREET, photographers=(), photographer=Photographer.UNKNOWN)
    photo = register_photo(application, tmp_path, said)
    with pytest.raises(NotAllowed, match="In the way"):
        forget_photos(application, [photo])


@pytest.mark.parametrize(
    "said",
    [
        MARKET,
        replace(EMPTY_STREET, confidentiality=Confidentiality.INTERNAL),
        replace(EMPTY_STREET, basis=Basis.WEB_FOUND),
        replace(EMPTY_STREET, place=Place.PRIVATE_HOME),
    ],
    ids=["people", "secrecy", "basis", "place"],
)
def test_forgetting_is_no_door_past_what_was_said_at_registration(
    application: Application, tmp_path: Path, said: PhotoAnswers
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path, said)
    with pytest.raises(NotAllowed, match="In the way"):
        forget_photos(application, [photo])


def test_a_file_whose_rights_were_taken_out_is_not_forgotten(
    application: Application, tmp_path: Path
) -> None:
    create_person(application, PHOTOGRAPHER_NAME)
    photo = register_photo(application, tmp_path, UNANSWERED)
    file = tmp_path / "street.jpg"
    name = PHOTOGRAPHER_NAME.encode()
    file.write_bytes(file.read_bytes().replace(name, b" " * len(name)))
    with pytest.raises(NotAllowed):
        forget_photos(application, [photo])


# --- what photoreg wrote itself is no new photo ------------------------------------------------


def test_copies_and_thumbnails_that_photoreg_wrote_are_left_out(
    application: Application, street: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    small = CopyOptions(longest_side=20)
    list(export.export_photos(application, [street], PAGE_USE, out, options=small))
    (out / "P-1.jpg").rename(out / "news.jpg")
    thumbnails.write_thumbnails(application, [street], out)
    found = list(registration.register_files(application, [out], UNANSWERED))
    assert [type(each) for each in found] == [LeftOut, LeftOut]
    assert {each.copy_of for each in found if isinstance(each, LeftOut)} == {"P-1"}
    assert count_of(application, "photo") == 1
