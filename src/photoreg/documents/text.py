"""Pages as plain text: for a terminal, a message, or a printer that knows nothing else."""

import textwrap

from photoreg.documents.template import Block, Page, Part

_WIDTH = 78
_LABEL = 26


def text_of(page: Page) -> str:
    """Return the page as text of at most 78 characters a line."""
    return "\n".join(line for block in page.blocks for line in _lines(block)).strip() + "\n"


def _lines(block: Block) -> list[str]:
    match block.part:
        case Part.TITLE:
            lines = [block.text, "=" * len(block.text), ""]
        case Part.HEADING:
            lines = ["", block.text, "-" * len(block.text)]
        case Part.FACT:
            text = f"{block.label}: ".ljust(_LABEL) + block.text
            lines = textwrap.wrap(text, _WIDTH, subsequent_indent=" " * _LABEL)
        case Part.CHOICE:
            text = f"  - {block.text}"
            lines = textwrap.wrap(text, _WIDTH, subsequent_indent=" " * 4)
        case Part.CUT:
            lines = ["", "-" * _WIDTH]
        case _:
            lines = textwrap.wrap(block.text, _WIDTH)
            lines += [""] if block.part is Part.MARK else []
    return lines
