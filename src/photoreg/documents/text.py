"""Pages as plain text: for a terminal, a message, or a printer that knows nothing else."""

import textwrap

from photoreg.documents.template import Block, Page, Part

_WIDTH = 78
_LABEL = 22


def text_of(page: Page) -> str:
    """Return the page as text of at most 78 characters a line."""
    return "\n".join(line for block in page.blocks for line in _lines(block)).strip() + "\n"


def _lines(block: Block) -> list[str]:
    if block.part is Part.TITLE:
        return [block.text, "=" * len(block.text), ""]
    if block.part is Part.HEADING:
        return ["", block.text, "-" * len(block.text)]
    if block.part is Part.FACT:
        label = f"{block.label}: ".ljust(_LABEL)
        return textwrap.wrap(f"{label}{block.text}", _WIDTH, subsequent_indent=" " * _LABEL)
    if block.part is Part.CHOICE:
        return textwrap.wrap(block.text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    if block.part is Part.CUT:
        return ["", "-" * _WIDTH]
    return [*textwrap.wrap(block.text, _WIDTH)]
