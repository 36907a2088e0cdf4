"""The perceptual hash: reference values, and robustness."""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from PIL import Image
from tests.imaging.builders import KINDS

from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.pictures.likeness import (
    MAX_DISTANCE,
    Likeness,
    compute_likeness,
    request_draft,
)

PUBLISHED = {
    (1, (256, 256)): ("d148118bded9a3d7ac5c1b871a719f1f36da440a1d71f49ef0c393888f0ef0c3", 100),
    (2, (320, 240)): ("dfae933f54da7d28da824201b6610eda20c9f5be6e25de6cf99ec3213a847a01", 100),
    (3, (200, 300)): ("e8c7a345b3c4ae0b4ab6b5e206a66dfa1ba9219eba0c5a63c6d7c8b43a23a279", 100),
    (4, (97, 131)): ("2712061a2a8ac08b42508aff331d4a3ad9b57208cf9dcbe9f6e84dfb55f9686e", 100),
    (5, (64, 64)): ("f3a84f008895d95066920789dc6771c76b1c59dd21dbadca83ca62d267f66f34", 100),
    (6, (40, 30)): ("328ea17c23f5aecf749e65f25ba2b44a81fde62990264a13661a6ca68ec0edb3", 100),
    (7, (500, 257)): ("fe5c28ff08d3397b0112db11b858837b3f3870bbe2781ef1159407701837b537", 100),
}
"""Hash and quality of `scene(seed, size)` by pdqhash 0.2.8, which wraps Meta's reference code
(github.com/faustomorales/pdqhash-python); computed once."""

ROUNDING = 4
"""How many of 256 bits may differ: those of coefficients close to the median."""


@cache
def scene(seed: int, size: tuple[int, int]) -> Image.Image:
    """Return a picture with coarse and fine detail, reproducible by its seed."""
    chance = hashlib.shake_128(str(seed).encode())
    layers = [
        Image.frombytes("RGB", (k, k), chance.digest(k * k * 3)[::-1]).resize(
            size, Image.Resampling.BICUBIC
        )
        for k in (3, 6, 12, 24, 48)
    ]
    whole = layers[0]
    for layer in layers[1:]:
        whole = Image.blend(whole, layer, 0.35)
    return whole


def read(image: Image.Image, kind: PhotoFormat = "JPEG", **options: object) -> Likeness:
    content = BytesIO()
    image.save(content, kind, **options)
    with Image.open(content) as saved:
        request_draft(saved)
        return compute_likeness(saved)


@pytest.mark.parametrize("picture", PUBLISHED, ids=str)
def test_the_hash_equals_the_reference(picture: tuple[int, tuple[int, int]]) -> None:
    published, quality = PUBLISHED[picture]
    found = compute_likeness(scene(*picture))
    assert found.distance(bytes.fromhex(published)) <= ROUNDING
    assert found.quality == quality


@pytest.mark.parametrize(
    "change",
    {
        "smaller": lambda image: read(image.resize((640, 480))),
        "strongly compressed": lambda image: read(image, quality=40),
        "WebP": lambda image: read(image, "WEBP", quality=60),
        "PNG": lambda image: read(image, "PNG", compress_level=1),
        "cut at the edges": lambda image: read(image.crop((20, 12, 1_580, 1_188))),
        "grey": lambda image: read(image.convert("L")),
    }.items(),
    ids=lambda change: change[0],
)
def test_copies_are_near_duplicates(change: tuple[str, Callable[[Image.Image], Likeness]]) -> None:
    for seed in range(5):
        image = scene(seed, (1_600, 1_200))
        assert compute_likeness(image).distance(change[1](image).pdq) <= MAX_DISTANCE


def test_other_pictures_are_not_near_duplicates() -> None:
    hashes = [compute_likeness(scene(seed, (320, 240))) for seed in range(12)]
    for number, one in enumerate(hashes):
        for other in hashes[number + 1 :]:
            assert one.distance(other.pdq) > 2 * MAX_DISTANCE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_upright_picture_is_hashed(orientation: int) -> None:
    upright = scene(1, (320, 240))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = upright
    if orientation in back:
        turned = upright.transpose(Image.Transpose(back[orientation]))
    found = compute_likeness(turned, orientation)
    assert found.distance(compute_likeness(upright).pdq) <= ROUNDING


def test_a_picture_without_detail_is_not_compared() -> None:
    assert not compute_likeness(Image.new("RGB", (300, 200), "white")).is_comparable
    assert not compute_likeness(Image.linear_gradient("L")).is_comparable
    assert compute_likeness(scene(1, (300, 200))).is_comparable


def test_transparency_is_composited_on_white() -> None:
    image = scene(1, (320, 240)).convert("RGBA")
    image.putalpha(Image.radial_gradient("L").resize(image.size))
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image)
    assert compute_likeness(image).distance(compute_likeness(page.convert("RGB")).pdq) <= ROUNDING


def test_bright_16_bit_pixels_are_not_clipped() -> None:
    grey = scene(1, (320, 240)).convert("L")
    deep = Image.frombytes("I;16", grey.size, b"".join(bytes((n, n)) for n in grey.tobytes()))
    assert compute_likeness(deep).distance(compute_likeness(grey).pdq) <= ROUNDING


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "F", "I", "RGBA"])
def test_every_pixel_mode_can_be_hashed(mode: str) -> None:
    assert len(compute_likeness(scene(1, (320, 240)).convert("L").convert(mode)).pdq) == 32


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"HEIC"})
)  # which no library in use can encode
@pytest.mark.parametrize("size", [(1, 1), (1, 3_000), (3_000, 2), (63, 65)])
def test_every_format_and_size_can_be_hashed(kind: PhotoFormat, size: tuple[int, int]) -> None:
    assert len(read(scene(1, size), kind).pdq) == 32
