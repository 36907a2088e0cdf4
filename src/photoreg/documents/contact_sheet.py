"""A contact sheet as HTML for A4: six small pictures to a page, with the words below each."""

import html
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

TO_A_PAGE = 6

_MARK = '<meta name="generator" content="photoreg contact-sheet">'
"""What tells a page of ours, in its head."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
@page { size: A4; margin: 12mm; }
* { box-sizing: border-box; }
body { font: 8.5pt/1.3 "Noto Sans", "DejaVu Sans", sans-serif; color: #000; background: #fff;
  max-width: 186mm; margin: auto; }
h1 { font-size: 13pt; margin: 0; }
header p { margin: 0 0 2mm; color: #444; }
section { display: grid; grid-template-columns: 1fr 1fr; gap: 3mm; }
section + section { break-before: page; }
figure { margin: 0; height: 84mm; padding: 2mm; border: .5pt solid #999; overflow: hidden;
  break-inside: avoid; display: flex; flex-direction: column; }
figure img, figure .none { flex: 1 1 0; min-height: 0; max-width: 100%; object-fit: contain; }
figure .none { color: #444; text-align: center; padding-top: 18mm; }
figcaption { flex: none; padding-top: 1mm; }
figcaption b { font-size: 11pt; }
figcaption span { display: block; }
"""


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A picture with what stands below it; without `content`, `missing` says why there is none."""

    number: str
    file: str
    lines: Sequence[str]
    content: bytes = b""
    media_type: str = ""
    missing: str = ""


def contact_sheet_page(
    language: str, title: str, subtitle: str, pictures: Iterable[SmallPicture]
) -> Iterator[str]:
    """Yield the parts of a self-contained page that loads nothing; all text is escaped."""
    yield (
        f'<!DOCTYPE html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'{_MARK}\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{html.escape(title)}</h1><p>{html.escape(subtitle)}</p></header>\n"
    )
    waiting = iter(pictures)
    while page := list(islice(waiting, TO_A_PAGE)):
        yield f"<section>\n{''.join(map(_figure, page))}</section>\n"
    yield "</body>\n</html>\n"


def is_contact_sheet(content: bytes) -> bool:
    """Return whether this is a page that `contact_sheet_page` made."""
    return _MARK.encode() in content.partition(b"<title>")[0]


def _figure(picture: SmallPicture) -> str:
    lines = "".join(f"<span>{html.escape(line)}</span>" for line in picture.lines)
    return (
        f"<figure>{_image(picture)}<figcaption><b>{html.escape(picture.number)}</b> "
        f"{html.escape(picture.file)}{lines}</figcaption></figure>\n"
    )


def _image(picture: SmallPicture) -> str:
    if not picture.content:
        return f'<div class="none">{html.escape(picture.missing)}</div>'
    data = b64encode(picture.content).decode("ascii")
    return f'<img alt="" src="data:{picture.media_type};base64,{data}">'
