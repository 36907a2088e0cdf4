"""ICC profiles: genuine ones are copied unchanged, and hidden data between tags are refused."""

import struct
import zlib
from importlib import resources
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from tests.imaging.builders import (
    JPEG_VARIANTS,
    colour_profile,
    encoded,
    jpeg_file,
    png_chunk,
    png_with,
    segment,
    webp_with,
    with_segments,
)
from tests.imaging.writing.test_embedding import RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.icc import SEGMENT_SIGNATURE, is_valid
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable

SECRET = b"Hetta, 6014237"


def sized(profile: bytes) -> bytes:
    """Return a profile with its actual length in the header."""
    return struct.pack(">I", len(profile)) + profile[4:]


def with_shared_data(profile: bytes, tag: bytes) -> bytes:
    """Return a profile whose entry for a tag points to the data of the first tag."""
    at = profile.index(tag, 132)
    return profile[: at + 4] + profile[136:144] + profile[at + 12 :]


def with_profile(kind: str, profile: bytes) -> bytes:
    """Return a photo with a profile."""
    return encoded(kind, icc_profile=profile)


def pieces(*numbered: tuple[int, int, bytes]) -> bytes:
    """Return a JPEG with profile parts (number, count, content)."""
    parts = (SEGMENT_SIGNATURE + bytes([number, of]) + part for number, of, part in numbered)
    return with_segments(jpeg_file(), *(segment(0xE2, part) for part in parts))


def refused(data: bytes) -> bool:
    """Whether the copy is refused because of the profile."""
    with pytest.raises(PhotoFileError, match="colour profile"):
        make_publishable(data, RIGHTS, file="kuva")
    return True


@pytest.mark.parametrize("space", ["sRGB", "XYZ", "LAB"])
def test_profiles_from_programs_are_valid(space: str) -> None:
    assert is_valid(ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes())  # type: ignore[arg-type]


def test_profile_from_the_icc_is_valid() -> None:
    files = resources.files("fpdf") / "data" / "color_profiles"
    assert is_valid((files / "sRGB2014.icc").read_bytes())


def test_profile_may_end_with_padding() -> None:
    """The profile in the Debian package icc-profiles-free ends with a line feed."""
    assert is_valid(sized(colour_profile() + b"\n"))
    assert is_valid(sized(colour_profile() + bytes(500)))
    assert not is_valid(sized(colour_profile() + SECRET))


def test_tags_may_share_data() -> None:
    profile = colour_profile()
    red, green = (profile.index(name, 132) for name in (b"rTRC", b"gTRC"))
    assert profile[red + 4 : red + 12] == profile[green + 4 : green + 12]
    assert is_valid(profile)


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        bytes(131),
        colour_profile()[:-1],
        colour_profile() + bytes(4),
        colour_profile().replace(b"acsp", b"ACSP"),
        colour_profile()[:100] + SECRET + colour_profile()[114:],
        colour_profile()[:128] + bytes(4) + colour_profile()[132:],
        colour_profile()[:128] + b"\xff" * 4 + colour_profile()[132:],
        colour_profile(*[(b"cprt", b"text")] * 100),
    ],
    ids=[
        *("nothing", "no table", "cut off", "longer", "signature", "reserved"),
        *("no tags", "tags without end", "many tags"),
    ],
)
def test_malformed_profile_is_not_valid(profile: bytes) -> None:
    assert not is_valid(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_valid_profile_is_preserved_exactly(kind: str) -> None:
    profile = colour_profile((b"cprt", b"text\0\0\0\0CC0\0"))
    copy = make_publishable(with_profile(kind, profile), RIGHTS)
    with Image.open(BytesIO(copy.content)) as image:
        assert image.info["icc_profile"] == profile


def test_profile_in_several_segments_is_preserved_exactly() -> None:
    data = JPEG_VARIANTS["colour profile"]()
    assert data.count(SEGMENT_SIGNATURE) > 2
    copy = make_publishable(data, RIGHTS).content
    with Image.open(BytesIO(copy)) as image, Image.open(BytesIO(data)) as original:
        assert image.info["icc_profile"] == original.info["icc_profile"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("hidden", ["behind", "behind, counted", "between"])
def test_photo_with_hidden_data_in_its_profile_is_refused(kind: str, hidden: str) -> None:
    profile = {
        "behind": colour_profile() + SECRET,
        "behind, counted": sized(colour_profile() + SECRET),
        "between": with_shared_data(
            colour_profile((b"targ", SECRET), (b"wtpt", bytes(20))), b"targ"
        ),
    }[hidden]
    assert SECRET in profile
    assert refused(with_profile(kind, profile))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_reencoded_copy_has_its_own_profile(kind: str) -> None:
    data = with_profile(kind, sized(colour_profile() + SECRET))
    copy = make_publishable(data, RIGHTS, CopyOptions(48))
    assert is_valid_copy(copy.content, copy, "")
    assert SECRET not in copy.content


def test_profile_parts_are_joined_by_their_numbers() -> None:
    profile = colour_profile()
    copy = make_publishable(pieces((2, 2, profile[300:]), (1, 2, profile[:300])), RIGHTS)
    assert is_valid_copy(copy.content, copy, "")


@pytest.mark.parametrize(
    "numbers",
    [
        [(1, 2)],
        [(1, 1), (1, 1)],
        [(0, 1)],
        [(1, 1), (2, 2)],
        [(number % 256, 255) for number in range(300)],
    ],
    ids=["one is missing", "two profiles", "number nought", "counts that differ", "too many"],
)
def test_profile_parts_with_inconsistent_numbers_are_refused(
    numbers: list[tuple[int, int]],
) -> None:
    assert refused(pieces(*((number, of, colour_profile()) for number, of in numbers)))


def test_data_after_a_profile_in_a_png_chunk_are_refused() -> None:
    packed = b"ICC\0\0" + zlib.compress(colour_profile())
    copy = make_publishable(png_with(png_chunk(b"iCCP", packed)), RIGHTS)
    assert is_valid_copy(copy.content, copy, "")
    assert refused(png_with(png_chunk(b"iCCP", packed + SECRET)))
    assert refused(png_with(png_chunk(b"iCCP", packed), png_chunk(b"iCCP", packed)))
    assert refused(png_with(png_chunk(b"iCCP", packed.replace(b"ICC\0\0", b"ICC\0\1"))))


def test_profile_that_decompresses_without_limit_is_refused() -> None:
    bomb = zlib.compress(bytes(64 * 1024 * 1024))
    assert refused(png_with(png_chunk(b"iCCP", b"ICC\0\0" + bomb)))


def test_second_profile_of_a_webp_is_refused() -> None:
    data = with_profile("WEBP", colour_profile())
    assert refused(webp_with((b"ICCP", colour_profile()), data=data))


def test_copy_with_hidden_data_in_its_profile_is_not_valid() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        copy = make_publishable(with_profile(kind, colour_profile()), RIGHTS)
        hidden = with_profile(kind, sized(colour_profile() + SECRET))
        assert not is_valid_copy(hidden, copy, "")


def uncovered(profile: bytes) -> bytes:
    """Return the non-zero bytes that neither the header, the tag table nor a tag covers."""
    count = int.from_bytes(profile[128:132], "big")
    left = bytearray(profile)
    left[: 132 + 12 * count] = bytes(132 + 12 * count)
    for number in range(count):
        start, size = struct.unpack_from(">II", profile, 136 + 12 * number)
        left[start : start + size] = bytes(size)
    assert len(left) == len(profile)
    return bytes(left.replace(b"\0", b""))


changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "insert"]), st.binary(max_size=8)),
    max_size=6,
)


@given(damage=changes, tells_its_length=st.booleans())
def test_no_valid_profile_hides_bytes_whatever_was_changed(
    damage: list[tuple[float, str, bytes]], *, tells_its_length: bool
) -> None:
    data = bytearray(colour_profile((b"cprt", b"text\0\0\0\0CC0\0")))
    for share, how, new in damage:
        place = int(share * len(data))
        width = {"set": len(new), "cut": 4, "insert": 0}[how]
        data[place : place + width] = new
    profile = sized(bytes(data)) if tells_its_length else bytes(data)
    if is_valid(profile):
        assert len(uncovered(profile)) <= 3


@given(secret=st.binary(min_size=4, max_size=60).filter(lambda s: len(s.replace(b"\0", b"")) > 3))
def test_data_after_the_tags_are_always_found(secret: bytes) -> None:
    assert not is_valid(sized(colour_profile() + secret))


@given(data=st.binary(max_size=400))
def test_any_bytes_can_be_checked_as_a_profile(data: bytes) -> None:
    is_valid(sized(data))
    is_valid(sized(colour_profile()[:132] + data))
