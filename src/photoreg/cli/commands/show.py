"""Everything about one photo, printed as text."""

from collections.abc import Mapping
from typing import Any

from photoreg.cli.output import print_line
from photoreg.cli.printing.next_steps import names_shown
from photoreg.presentation.cells import safe
from photoreg.presentation.photos import named_in_statements, photo_parts


def print_photo(photo: Mapping[str, Any]) -> None:
    """Print what `services.showing.show_photo` returns."""
    print_line(f"{photo['photo']} {safe(photo['file'])}")
    for part in photo_parts(photo, names_shown(named_in_statements(photo))):
        if part.title:
            print_line(f"{part.title}:")
        for line in part.lines:
            print_line(f"  {line}")
