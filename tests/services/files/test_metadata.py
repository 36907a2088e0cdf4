"""The register's rights in a photo's own file: what is written, recorded, refused and kept."""

import json
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
from tests.logged import logged
from tests.services.scenes import (
    MARKET,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError, NotAllowed, PhotoFileError, RegistryError
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.fields import Mining, Release
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.reading import Metadata
from photoreg.imaging.pictures.identity import file_hash
from photoreg.registry import ledger
from photoreg.registry.lookup import find_photo
from photoreg.rulebook.facts import Basis, LicenceTerm
from photoreg.services.application import Application
from photoreg.services.consents import permissions
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.files import metadata
from photoreg.services.files.rights import RightsOptions
from photoreg.services.organisation import policy

PLAIN = jpeg_with_exif(exif.ascii_entry(exif.ARTIST, ARTIST))
AtWork = Callable[[str], Application]


@pytest.fixture
def photo(application: Application, tmp_path: Path) -> Path:
    """P-1, an empty street whose file names its photographer."""
    add_photographer(application)
    register_photo(application, tmp_path, content=PLAIN)
    return tmp_path / "street.jpg"


def entries(application: Application) -> list[ledger.LogEntry]:
    with application.reading() as work:
        return list(logged(work.session))


def metadata_write(application: Application, wish: RightsOptions) -> metadata.MetadataResult:
    """Write the rights into the file of P-1."""
    [written] = metadata.write_metadata(application, ["P-1"], wish)
    return written


def metadata_plan(application: Application, wish: RightsOptions) -> metadata.MetadataResult:
    """Return what would be written into the file of P-1."""
    [planned] = metadata.plan_metadata(application, ["P-1"], wish)
    return planned


def said(path: Path) -> Metadata:
    return read_metadata(path.read_bytes())


def test_rights_of_the_register_are_written_and_the_new_hash_recorded(
    application: Application, photo: Path
) -> None:
    wish = RightsOptions("Vain viestintään", "https://kunta.example/ehdot")
    outcome = metadata_write(application, wish)
    read = said(photo)
    assert {name: read.text(name) for name in ("photographer", "copyright", "credit")} == {
        "photographer": ARTIST,
        "copyright": f"© {ARTIST}",
        "credit": f"Kuva: {ARTIST}",
    }
    assert (read.text("registry_id"), read.release) == ("P-1", Release.NOT_APPLICABLE)
    assert (read.text("terms"), read.licence_url) == (wish.terms, wish.licence_url)
    assert "Artist" not in {row.tag for row in outcome.rows}  # it was right already
    with application.reading() as work:
        row = find_photo(work.session, "P-1")
        assert (row.sha256, row.size) == (file_hash(photo.read_bytes()), photo.stat().st_size)
        assert row.file_copyright == ""  # what the file said when it was registered
    entry = entries(application)[-1]
    assert (entry.action, entry.subject) == ("photo.metadata_written", "P-1")
    assert json.loads(entry.details)["before"] == file_hash(PLAIN)
    assert ARTIST not in entry.details


def test_writing_again_changes_and_records_nothing(application: Application, photo: Path) -> None:
    metadata_write(application, RightsOptions())
    data, count = photo.read_bytes(), len(entries(application))
    assert metadata_write(application, RightsOptions()).rows == ()
    assert (photo.read_bytes(), len(entries(application))) == (data, count)


def test_plan_shows_the_same_and_changes_nothing(application: Application, photo: Path) -> None:
    before = len(entries(application))
    plan = metadata_plan(application, RightsOptions())
    assert (photo.read_bytes(), len(entries(application))) == (PLAIN, before)
    assert metadata_write(application, RightsOptions()).rows == plan.rows


def test_release_is_the_weakest_of_all_who_are_shown_and_names_nobody(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, MARKET, content=PLAIN)
    path = tmp_path / "street.jpg"

    def release() -> str:
        metadata_write(application, RightsOptions())
        return said(path).release

    assert release() == Release.NONE
    person = create_person(application, "Inkeri Näkymätön")
    tag_person(application, "P-1", person)
    assert release() == Release.NONE
    record_consent(application, person)
    assert release() == Release.LIMITED
    withdraw_consent(application, person)
    assert release() == Release.NONE
    assert b"Inkeri" not in path.read_bytes()


def test_what_somebody_else_is_named_in_is_not_written_over(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    data = jpeg_with_exif(exif.ascii_entry(exif.ARTIST, "Joku Muu"))
    register_photo(application, tmp_path, content=data)
    with pytest.raises(NotAllowed, match="names a different creator"):
        metadata_write(application, RightsOptions())
    assert (tmp_path / "street.jpg").read_bytes() == data


def test_content_credentials_are_broken_only_when_that_is_said(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path)  # holds content credentials
    data = (tmp_path / "street.jpg").read_bytes()
    with pytest.raises(NotAllowed, match="content credentials"):
        metadata_write(application, RightsOptions())
    assert (tmp_path / "street.jpg").read_bytes() == data
    assert metadata_plan(application, RightsOptions()).has_credentials
    metadata_write(application, RightsOptions(breaks_credentials=True))
    assert said(tmp_path / "street.jpg").text("registry_id") == "P-1"


def test_auditor_may_not_write(application_for: AtWork, photo: Path) -> None:
    with pytest.raises(NotAllowed, match="does not allow this"):
        metadata_write(application_for("tarja"), RightsOptions())
    rows = metadata_plan(application_for("tarja"), RightsOptions()).rows
    assert rows
    assert ARTIST not in str(rows)
    assert photo.read_bytes() == PLAIN


def test_changed_or_missing_file_is_refused(application: Application, photo: Path) -> None:
    for act in (metadata.plan_metadata, metadata.write_metadata):
        photo.write_bytes(PLAIN + b"more")
        with pytest.raises(PhotoFileError, match="changed since it was registered"):
            list(act(application, ["P-1"], RightsOptions()))
    photo.unlink()
    with pytest.raises(PhotoFileError, match="is missing"):
        metadata_write(application, RightsOptions())


def test_licence_that_is_no_address_is_refused(application: Application, photo: Path) -> None:
    with pytest.raises(InputDataError, match="not an address"):
        metadata_write(application, RightsOptions(licence_url="CC BY"))
    assert photo.read_bytes() == PLAIN


def test_file_is_as_it_was_when_the_record_fails(
    application: Application, photo: Path, refuse_statement: Callable[[str], None]
) -> None:
    refuse_statement("UPDATE ON photo")
    with pytest.raises(RegistryError, match="disk is full"):
        metadata_write(application, RightsOptions())
    assert photo.read_bytes() == PLAIN


def test_two_photos_never_become_the_same_file(application: Application, photo: Path) -> None:
    metadata_write(application, RightsOptions())
    changed = photo.read_bytes()
    # Somebody puts the old file back, and registers the changed one as another photo.
    with application.changing() as work:
        row = find_photo(work.session, "P-1")
        row.sha256, row.size = file_hash(PLAIN), len(PLAIN)
        row.picture_sha256 = None  # as it was before pictures were known again
    photo.write_bytes(PLAIN)
    register_photo(application, photo.parent, name="copy.jpg", content=changed)
    with pytest.raises(NotAllowed, match="the same as that of P-2"):
        metadata_write(application, RightsOptions())
    assert photo.read_bytes() == PLAIN


def test_licensor_documents_and_reservation_are_written(
    application: Application, application_for: AtWork, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, MARKET, content=PLAIN)
    person = create_person(application, "Inkeri Näkymätön")
    tag_person(application, "P-1", person)
    record_consent(application, person)
    path = tmp_path / "street.jpg"
    wish = RightsOptions(licensor_url="https://kunta.example/lupa")
    metadata_write(application, wish)
    read = said(path)
    assert (read.release, read.text("release_ids")) == (Release.LIMITED, "C-1")
    assert read.text("data_mining") == Mining.PROHIBITED
    assert read.text("licensor_url") == ""  # nobody but the photographer gives licences
    policy.set_policy(application_for("kaisa"), {"data_mining": "only_for_search"})
    metadata_write(application, wish)
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
    basis: Basis, owner: str, reserved: str, application: Application, tmp_path: Path
) -> None:
    person = create_person(application, ARTIST)
    permissions.record_permission(
        application,
        PermissionParties(photographer=person),
        granted_consent(),
        PermissionTerms(
            basis, licence=frozenset({LicenceTerm.BY} if basis is Basis.LICENCE_CC else ())
        ),
    )
    register_photo(application, tmp_path, content=PLAIN)
    metadata_write(application, RightsOptions(licensor_url="https://kunta.example/lupa"))
    read = said(tmp_path / "street.jpg")
    assert (read.text("licensor"), read.text("data_mining")) == (owner, reserved)
    assert bool(read.text("licensor_url")) == bool(owner)


def test_documents_of_somebody_else_stay_beside_ours(
    application: Application, tmp_path: Path
) -> None:
    ids = "<rdf:Bag><rdf:li>MR 2026/7</rdf:li><rdf:li>C-99</rdf:li></rdf:Bag>"
    held = xmp_segment(
        packet(rdf(description(f"<plus:ModelReleaseID>{ids}</plus:ModelReleaseID>")))
    )
    add_photographer(application)
    register_photo(application, tmp_path, MARKET, content=with_segments(PLAIN, held))
    person = create_person(application, "Inkeri Näkymätön")
    tag_person(application, "P-1", person)
    record_consent(application, person)
    metadata_write(application, RightsOptions())
    assert said(tmp_path / "street.jpg").text("release_ids") == "MR 2026/7; C-1"


def test_rights_of_a_heic_photo_go_beside_it_and_are_recorded(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, content=heif_file(), name="street.heic")
    outcome = metadata_write(application, RightsOptions())
    sidecar = tmp_path / "street.heic.xmp"
    assert outcome.sidecar == sidecar
    assert (tmp_path / "street.heic").read_bytes() == heif_file()
    entry = entries(application)[-1]
    assert json.loads(entry.details)["sidecar"] == file_hash(sidecar.read_bytes())
    count = len(entries(application))
    assert metadata_write(application, RightsOptions()).rows == ()
    assert len(entries(application)) == count


def test_sidecar_goes_again_when_the_record_fails(
    application: Application, refuse_statement: Callable[[str], None], tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, content=heif_file(), name="street.heic")
    refuse_statement("INSERT ON ledger WHEN NEW.action = 'photo.metadata_written'")
    with pytest.raises(RegistryError, match="disk is full"):
        metadata_write(application, RightsOptions())
    assert not (tmp_path / "street.heic.xmp").exists()
