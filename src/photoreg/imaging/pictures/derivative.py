"""Re-encode a photo as an upright sRGB picture without metadata, optionally smaller.

Colours are converted to sRGB (from the photo's ICC profile, with black point compensation) because
services ignore other profiles; the copy embeds a small sRGB profile. Transparency is kept in PNG
and WebP and composited on white in JPEG, as web pages display it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import CopyContainer
from photoreg.imaging.containers.detection import CONTAINERS, detect_format
from photoreg.imaging.containers.formats import PhotoFormat, changed_since_error, read_bytes
from photoreg.imaging.pictures.decoding import open_image, upright
from photoreg.imaging.pictures.identity import file_hash
from photoreg.texts import N_

_DATE: Final = slice(24, 36)
_PROFILE_ID: Final = slice(84, 100)


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """Options for a copy: the maximum of its longest side in pixels, and the quality, 1 to 95."""

    longest_side: int | None = None
    quality: int = 90


def small_picture(
    path: str, *, sha256: str, orientation: int, options: CopyOptions
) -> tuple[bytes, PhotoFormat]:
    """Return an upright copy of a photo without hidden data, and its format.

    Raises PhotoFileError unless the file is readable and still has this hash.
    """
    name = Path(path).name
    data = read_bytes(Path(path))
    if file_hash(data) != sha256:
        raise changed_since_error(name)
    content, made, _count = make_derivative(
        data, detect_format(data, name), orientation, options, name
    )
    return content, made


def make_derivative(
    data: bytes, kind: PhotoFormat, orientation: int, options: CopyOptions, file: str
) -> tuple[bytes, PhotoFormat, int]:
    """Return the encoded picture, its format, and the number of pictures in the photo's file.

    The first picture is used; formats without publishable copies become JPEG. Raises
    PhotoFileError when the photo cannot be decoded or its pixel mode is not supported.
    """
    target = CONTAINERS[kind].copied_as
    with open_image(data, kind, file) as image:
        count = getattr(image, "n_frames", 1)
        if options.longest_side:  # the JPEG decoder can scale down
            image.draft(None, (options.longest_side, options.longest_side))
        image.load()
        profile = image.info.get("icc_profile") or b""
        plain, alpha = _to_8_bit(image, options.longest_side, file)
        picture = _with_alpha(_to_srgb(plain, profile), alpha, is_kept=target.keeps_transparency)
        picture = upright(picture, kind, orientation)
        coded = _coded(picture, target, target.encoder_options(data, options.quality))
        return coded, target.format, count


def _to_8_bit(
    image: Image.Image, longest_side: int | None, file: str
) -> tuple[Image.Image, Image.Image | None]:
    """Return the image scaled, with 8-bit channels, and its alpha channel if any."""
    has_alpha = "A" in image.mode or "a" in image.mode or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
    elif image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 257), "F").convert("L")
    elif image.mode in {"1", "P", "YCbCr"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    if image.mode not in {"L", "RGB", "RGBA", "CMYK", "LAB"}:
        raise PhotoFileError(
            N_("{file}: no copy can be made of pixels of this kind ({mode})"),
            N_("Save it as JPEG in an image program and register that file."),
            file=file,
            mode=image.mode,
        )
    image = _resized(image, longest_side)  # first, to save work later
    return (image.convert("RGB"), image.getchannel("A")) if has_alpha else (image, None)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert colours to sRGB; without a usable profile they are assumed to be sRGB."""
    try:
        if profile:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
        elif image.mode == "LAB":
            source = ImageCms.createProfile("LAB")  # type: ignore[assignment]
        else:
            return image if image.mode in {"L", "RGB"} else image.convert("RGB")
        converted = ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # damaged, or for another pixel mode
        return image if image.mode in {"L", "RGB"} else image.convert("RGB")
    return converted or image


def _with_alpha(colours: Image.Image, alpha: Image.Image | None, *, is_kept: bool) -> Image.Image:
    """Return the picture with its alpha channel, or composited on white."""
    if alpha is None:
        return colours
    colours = colours.convert("RGB")
    if is_kept:
        colours.putalpha(alpha)
        return colours
    return Image.composite(colours, Image.new("RGB", colours.size, "white"), alpha)


def _resized(image: Image.Image, longest_side: int | None) -> Image.Image:
    longest = max(image.size)
    if not longest_side or longest <= longest_side:
        return image
    size = tuple(max(1, round(side * longest_side / longest)) for side in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3)


def _coded(
    image: Image.Image, target: CopyContainer[Any], encoder_options: Mapping[str, Any]
) -> bytes:
    content = BytesIO()
    profile = b"" if image.mode == "L" else srgb_profile()
    image.save(content, target.pillow_name, icc_profile=profile, **encoder_options)
    return content.getvalue()


@cache
def srgb_profile() -> bytes:
    """Return an sRGB profile with a fixed date, so that copies are reproducible."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes.fromhex("07ea00010001000000000000")  # 1 January 2026 (ICC.1, 7.2.10)
    profile[_PROFILE_ID] = bytes(16)
    return bytes(profile)
