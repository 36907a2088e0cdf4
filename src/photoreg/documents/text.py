"""Pages as plain text: for a terminal, a message, or a text-only printer."""

import textwrap

from photoreg.documents.template import Block, BlockKind, Page

_WIDTH = 78
_LABEL_WIDTH = 26


def render_text(page: Page) -> str:
    """Return the page as plain text with at most 78 characters per line."""
    return "\n".join(line for block in page.blocks for line in _lines(block)).strip() + "\n"


def _lines(block: Block) -> list[str]:
    match block.kind:
        case BlockKind.TITLE:
            lines = [block.text, "=" * len(block.text), ""]
        case BlockKind.HEADING:
            lines = ["", block.text, "-" * len(block.text)]
        case BlockKind.FACT:
            text = f"{block.label}: ".ljust(_LABEL_WIDTH) + block.text
            lines = textwrap.wrap(text, _WIDTH, subsequent_indent=" " * _LABEL_WIDTH)
        case BlockKind.CHOICE:
            text = f"  - {block.text}"
            lines = textwrap.wrap(text, _WIDTH, subsequent_indent=" " * 4)
        case BlockKind.CUT:
            lines = ["", "-" * _WIDTH]
        case _:
            lines = textwrap.wrap(block.text, _WIDTH)
            lines += [""] if block.kind is BlockKind.MARK else []
    return lines
