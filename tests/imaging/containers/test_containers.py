"""Every format has one container with consistent capabilities; nothing else names a format."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.imaging.builders import KINDS
from tests.imaging.writing.test_embedding import RIGHTS

import photoreg
from photoreg.documents.scans import page_copies, worker
from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import formats
from photoreg.imaging.containers.container import Container
from photoreg.imaging.containers.detection import CONTAINERS
from photoreg.imaging.containers.formats import PHOTO_EXTENSIONS, PhotoFormat
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import divided, read_metadata
from photoreg.imaging.metadata.rights_blocks import has_rights
from photoreg.imaging.metadata.sidecar import read_with_sidecar, sidecar_path
from photoreg.imaging.pictures.identity import file_hash, picture_hash
from photoreg.imaging.reading import read_photo
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable
from photoreg.imaging.writing.rewriting import plan_rights_in_file, write_rights

Photo = Callable[..., Path]
SOURCE = Path(photoreg.__file__).parent
TOOL = SOURCE.parent.parent / "tools" / "generate.py"
NAMES = {*get_args(PhotoFormat), *(container.pillow_name for container in CONTAINERS.values())}


def file_of(module: str) -> Path:
    return Path(str(sys.modules[module].__file__))


MAY_NAME_FORMATS = {
    file_of(formats.__name__),
    *(file_of(type(container).__module__) for container in CONTAINERS.values()),
    *(file_of(module.__name__) for module in (worker, page_copies)),
}
"""The module that enumerates the formats, the container modules, and those of scanned papers."""


def named(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and node.value in NAMES:
            yield f"{module.name}:{node.lineno} {node.value!r}"


def test_only_containers_and_the_enumeration_name_a_format() -> None:
    others = {*SOURCE.rglob("*.py"), TOOL} - MAY_NAME_FORMATS
    assert [found for module in sorted(others) for found in named(module)] == []
    assert all(any(named(module)) for module in MAY_NAME_FORMATS)


def test_all_formats_have_a_container() -> None:
    assert [*CONTAINERS] == [*get_args(PhotoFormat)] == [c.format for c in CONTAINERS.values()]
    assert {*KINDS} == {*CONTAINERS}


@pytest.fixture(params=CONTAINERS)
def container(request: pytest.FixtureRequest) -> Container[Any]:
    return CONTAINERS[request.param]


def test_a_file_is_recognised_by_exactly_one_container(container: Container[Any]) -> None:
    data = KINDS[container.format]()
    assert [c.format for c in CONTAINERS.values() if c.recognises(data)] == [container.format]
    assert divided(data, "kuva").container is container


def test_capabilities_are_consistent(container: Container[Any]) -> None:
    copied_as = container.copied_as
    assert CONTAINERS[copied_as.format] is copied_as is copied_as.copied_as
    assert copied_as.extension in PHOTO_EXTENSIONS
    assert Standard.XMP in container.standards
    assert container.metadata_places[0] == "Exif"
    # A sidecar holds only an XMP packet.
    assert container.rights_go_beside == (container.standards == {Standard.XMP})
    assert container.rights_go_beside == ("its sidecar" in container.metadata_places)


def test_written_rights_are_read_back_and_the_picture_is_unchanged(
    container: Container[Any], photo: Photo
) -> None:
    data = KINDS[container.format]()
    path = photo(data)
    written = write_rights(path, RIGHTS, expected_sha256=file_hash(data))
    assert written.target == (sidecar_path(path) if container.rights_go_beside else path)
    wanted = RIGHTS.with_other_releases(read_metadata(data))
    assert has_rights(read_with_sidecar(path), wanted, container.standards)
    before, after = divided(data, "kuva"), divided(path.read_bytes(), "kuva")
    assert container.keeps_all_else(before, after)
    assert picture_hash(before) == picture_hash(after)
    assert plan_rights_in_file(path.read_bytes(), RIGHTS, path).changes == ()


def test_rights_are_embedded_in_every_file_or_the_cause_is_reported(
    container: Container[Any], photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    data = KINDS[container.format]()
    if container.rights_go_beside:
        with pytest.raises(PhotoFileError, match="needs the program exiftool"):
            plan_rights_in_file(data, RIGHTS, photo(data), embeds=True)
        return
    content = plan_rights_in_file(data, RIGHTS, photo(data), embeds=True).content
    wanted = RIGHTS.with_other_releases(read_metadata(data))
    assert has_rights(read_metadata(content), wanted, container.standards)


def test_a_copy_has_the_format_declared_by_the_container(container: Container[Any]) -> None:
    data = KINDS[container.format]()
    copy = make_publishable(data, RIGHTS, file="kuva")
    assert copy.format == container.copied_as.format
    assert copy.extension == container.copied_as.extension
    assert copy.is_derived == (container.copied_as is not container)
    assert is_valid_copy(copy.content, copy, "kuva")
    assert has_rights(read_metadata(copy.content), RIGHTS, container.copied_as.standards)
    if not copy.is_derived:
        assert picture_hash(divided(copy.content, "")) == picture_hash(divided(data, ""))


def test_the_container_returns_the_stored_size(container: Container[Any], photo: Photo) -> None:
    data = KINDS[container.format]()
    for look in (True, False):
        reading = read_photo(photo(data), decode=look)
        assert divided(data, "kuva").size == (reading.width, reading.height)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_file_is_refused_with_its_cause(
    container: Container[Any], share: float, photo: Photo
) -> None:
    data = KINDS[container.format]()
    with pytest.raises(PhotoFileError) as refusal:
        read_photo(photo(data[: int(share * len(data))]))
    assert refusal.value.hint
