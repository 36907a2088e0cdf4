"""The register's rights in a photo's own file: what is written, recorded, refused and kept."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.imaging.builders import (
    ARTIST,
    description,
    heif_file,
    jpeg_with_exif,
    packet,
    rdf,
    with_segments,
    xmp_segment,
)
from tests.services.scenes import (
    MARKET,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    refuses,
    show_in,
    yes,
)

from photoreg.errors import InputDataError, NotAllowed, PhotoFileError, RegistryError
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.fields import Mining, Release
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.reading import Metadata
from photoreg.imaging.pictures.identity import file_hash
from photoreg.registry import ledger
from photoreg.registry.lookup import the_photo
from photoreg.rulebook.facts import Basis
from photoreg.services.consents import permissions
from photoreg.services.consents.permissions import Rights, Terms
from photoreg.services.files import metadata
from photoreg.services.files.rights import Wish
from photoreg.services.organisation import policy
from photoreg.services.unit_of_work import Workplace

PLAIN = jpeg_with_exif(exif.ascii_entry(exif.ARTIST, ARTIST))
AtWork = Callable[[str], Workplace]


@pytest.fixture
def photo(workplace: Workplace, tmp_path: Path) -> Path:
    """P-1, an empty street whose file names its photographer."""
    a_photographer(workplace)
    a_photo(workplace, tmp_path, content=PLAIN)
    return tmp_path / "street.jpg"


def entries(workplace: Workplace) -> list[ledger.Entry]:
    with workplace.reading() as desk:
        return list(ledger.entries(desk.session))


def said(path: Path) -> Metadata:
    return read_metadata(path.read_bytes())


def test_rights_of_the_register_are_written_and_the_new_hash_recorded(
    workplace: Workplace, photo: Path
) -> None:
    wish = Wish("Vain viestintään", "https://kunta.example/ehdot")
    outcome = metadata.write_metadata(workplace, "P-1", wish)
    read = said(photo)
    assert {name: read.text(name) for name in ("photographer", "copyright", "credit")} == {
        "photographer": ARTIST,
        "copyright": f"© {ARTIST}",
        "credit": f"Kuva: {ARTIST}",
    }
    assert (read.text("registry_id"), read.release) == ("P-1", Release.NOT_APPLICABLE)
    assert (read.text("terms"), read.licence_url) == (wish.terms, wish.licence_url)
    assert "Artist" not in {row["tag"] for row in outcome.rows}  # it was right already
    with workplace.reading() as desk:
        row = the_photo(desk.session, "P-1")
        assert (row.sha256, row.size) == (file_hash(photo.read_bytes()), photo.stat().st_size)
        assert row.file_copyright == ""  # what the file said when it was registered
    entry = entries(workplace)[-1]
    assert (entry.action, entry.subject) == ("photo.metadata_written", "P-1")
    assert json.loads(entry.details)["before"] == file_hash(PLAIN)
    assert ARTIST not in entry.details


def test_writing_again_changes_and_records_nothing(workplace: Workplace, photo: Path) -> None:
    metadata.write_metadata(workplace, "P-1", Wish())
    data, count = photo.read_bytes(), len(entries(workplace))
    assert metadata.write_metadata(workplace, "P-1", Wish()).rows == ()
    assert (photo.read_bytes(), len(entries(workplace))) == (data, count)


def test_plan_shows_the_same_and_changes_nothing(workplace: Workplace, photo: Path) -> None:
    before = len(entries(workplace))
    plan = metadata.plan_metadata(workplace, "P-1", Wish())
    assert (photo.read_bytes(), len(entries(workplace))) == (PLAIN, before)
    assert metadata.write_metadata(workplace, "P-1", Wish()).rows == plan.rows


def test_release_is_the_weakest_of_all_who_are_shown_and_names_nobody(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    a_photo(workplace, tmp_path, MARKET, content=PLAIN)
    path = tmp_path / "street.jpg"

    def release() -> str:
        metadata.write_metadata(workplace, "P-1", Wish())
        return said(path).release

    assert release() == Release.NONE
    person = a_person(workplace, "Inkeri Näkymätön")
    show_in(workplace, "P-1", person)
    assert release() == Release.NONE
    consents_to(workplace, person)
    assert release() == Release.LIMITED
    refuses(workplace, person)
    assert release() == Release.NONE
    assert b"Inkeri" not in path.read_bytes()


def test_what_somebody_else_is_named_in_is_not_written_over(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    data = jpeg_with_exif(exif.ascii_entry(exif.ARTIST, "Joku Muu"))
    a_photo(workplace, tmp_path, content=data)
    with pytest.raises(NotAllowed, match="names somebody else"):
        metadata.write_metadata(workplace, "P-1", Wish())
    assert (tmp_path / "street.jpg").read_bytes() == data


def test_content_credentials_are_broken_only_when_that_is_said(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    a_photo(workplace, tmp_path)  # holds content credentials
    data = (tmp_path / "street.jpg").read_bytes()
    with pytest.raises(NotAllowed, match="content credentials"):
        metadata.write_metadata(workplace, "P-1", Wish())
    assert (tmp_path / "street.jpg").read_bytes() == data
    assert metadata.plan_metadata(workplace, "P-1", Wish()).has_credentials
    metadata.write_metadata(workplace, "P-1", Wish(breaks_credentials=True))
    assert said(tmp_path / "street.jpg").text("registry_id") == "P-1"


def test_auditor_may_not_write(at_work: AtWork, photo: Path) -> None:
    with pytest.raises(NotAllowed, match="may not do this"):
        metadata.write_metadata(at_work("tarja"), "P-1", Wish())
    rows = metadata.plan_metadata(at_work("tarja"), "P-1", Wish()).rows
    assert rows
    assert ARTIST not in str(rows)
    assert photo.read_bytes() == PLAIN


def test_changed_or_missing_file_is_refused(workplace: Workplace, photo: Path) -> None:
    for act in (metadata.plan_metadata, metadata.write_metadata):
        photo.write_bytes(PLAIN + b"more")
        with pytest.raises(PhotoFileError, match="changed since it was registered"):
            act(workplace, "P-1", Wish())
    photo.unlink()
    with pytest.raises(PhotoFileError, match="is not there any more"):
        metadata.write_metadata(workplace, "P-1", Wish())


def test_licence_that_is_no_address_is_refused(workplace: Workplace, photo: Path) -> None:
    with pytest.raises(InputDataError, match="not an address"):
        metadata.write_metadata(workplace, "P-1", Wish(licence_url="CC BY"))
    assert photo.read_bytes() == PLAIN


def test_file_is_as_it_was_when_the_record_fails(
    workplace: Workplace, photo: Path, registry_path: Path
) -> None:
    with sqlite3.connect(registry_path) as connection:
        connection.execute(
            "CREATE TRIGGER fails BEFORE UPDATE ON photo BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    connection.close()
    with pytest.raises(RegistryError):
        metadata.write_metadata(workplace, "P-1", Wish())
    assert photo.read_bytes() == PLAIN


def test_two_photos_never_become_the_same_file(workplace: Workplace, photo: Path) -> None:
    metadata.write_metadata(workplace, "P-1", Wish())
    changed = photo.read_bytes()
    # Somebody puts the old file back, and registers the changed one as another photo.
    with workplace.changing() as desk:
        row = the_photo(desk.session, "P-1")
        row.sha256, row.size = file_hash(PLAIN), len(PLAIN)
        row.picture_sha256 = None  # as it was before pictures were known again
    photo.write_bytes(PLAIN)
    a_photo(workplace, photo.parent, name="copy.jpg", content=changed)
    with pytest.raises(NotAllowed, match="the same as that of P-2"):
        metadata.write_metadata(workplace, "P-1", Wish())
    assert photo.read_bytes() == PLAIN


def test_licensor_documents_and_reservation_are_written(
    workplace: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    a_photographer(workplace)
    a_photo(workplace, tmp_path, MARKET, content=PLAIN)
    person = a_person(workplace, "Inkeri Näkymätön")
    show_in(workplace, "P-1", person)
    consents_to(workplace, person)
    path = tmp_path / "street.jpg"
    wish = Wish(licensor_url="https://kunta.example/lupa")
    metadata.write_metadata(workplace, "P-1", wish)
    read = said(path)
    assert (read.release, read.text("release_ids")) == (Release.LIMITED, "C-1")
    assert read.text("data_mining") == Mining.PROHIBITED
    assert read.text("licensor_url") == ""  # nobody but the photographer gives licences
    policy.set_policy(at_work("kaisa"), {"data_mining": "only_for_search"})
    metadata.write_metadata(workplace, "P-1", wish)
    assert said(path).text("data_mining") == Mining.ONLY_FOR_SEARCH
    assert not any(word in path.read_bytes() for word in (b"Inkeri", b"PersonInImage"))


@pytest.mark.parametrize(
    ("basis", "owner", "reserved"),
    [
        (Basis.TRANSFERRED, "Enontekiön kunta", Mining.PROHIBITED),
        (Basis.LICENCE_CC, "", ""),
        (Basis.PHOTOGRAPHER_PERMISSION, "", Mining.PROHIBITED),
    ],
)
def test_who_may_give_licences_depends_on_the_basis(
    basis: Basis, owner: str, reserved: str, workplace: Workplace, tmp_path: Path
) -> None:
    person = a_person(workplace, ARTIST)
    permissions.record(workplace, Rights(photographer=person), yes(), Terms(basis=basis))
    a_photo(workplace, tmp_path, content=PLAIN)
    metadata.write_metadata(workplace, "P-1", Wish(licensor_url="https://kunta.example/lupa"))
    read = said(tmp_path / "street.jpg")
    assert (read.text("licensor"), read.text("data_mining")) == (owner, reserved)
    assert bool(read.text("licensor_url")) == bool(owner)


def test_documents_of_somebody_else_stay_beside_ours(workplace: Workplace, tmp_path: Path) -> None:
    ids = "<rdf:Bag><rdf:li>MR 2026/7</rdf:li><rdf:li>C-99</rdf:li></rdf:Bag>"
    held = xmp_segment(
        packet(rdf(description(f"<plus:ModelReleaseID>{ids}</plus:ModelReleaseID>")))
    )
    a_photographer(workplace)
    a_photo(workplace, tmp_path, MARKET, content=with_segments(PLAIN, held))
    person = a_person(workplace, "Inkeri Näkymätön")
    show_in(workplace, "P-1", person)
    consents_to(workplace, person)
    metadata.write_metadata(workplace, "P-1", Wish())
    assert said(tmp_path / "street.jpg").text("release_ids") == "MR 2026/7; C-1"


def test_rights_of_a_heic_photo_go_beside_it_and_are_recorded(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    a_photo(workplace, tmp_path, content=heif_file(), name="street.heic")
    outcome = metadata.write_metadata(workplace, "P-1", Wish())
    sidecar = tmp_path / "street.heic.xmp"
    assert outcome.sidecar == sidecar
    assert (tmp_path / "street.heic").read_bytes() == heif_file()
    entry = entries(workplace)[-1]
    assert json.loads(entry.details)["sidecar"] == file_hash(sidecar.read_bytes())
    count = len(entries(workplace))
    assert metadata.write_metadata(workplace, "P-1", Wish()).rows == ()
    assert len(entries(workplace)) == count


def test_sidecar_goes_again_when_the_record_fails(
    workplace: Workplace, registry_path: Path, tmp_path: Path
) -> None:
    a_photographer(workplace)
    a_photo(workplace, tmp_path, content=heif_file(), name="street.heic")
    with sqlite3.connect(registry_path) as connection:
        connection.execute(
            "CREATE TRIGGER fails BEFORE INSERT ON ledger "
            "WHEN NEW.action = 'photo.metadata_written' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    connection.close()
    with pytest.raises(RegistryError):
        metadata.write_metadata(workplace, "P-1", Wish())
    assert not (tmp_path / "street.heic.xmp").exists()
