"""Everything about one photo, printed as text."""

from collections.abc import Mapping
from typing import Any

import click

from photoreg.presentation.cells import safe
from photoreg.presentation.photos import photo_parts


def print_photo(photo: Mapping[str, Any]) -> None:
    """Print what `services.showing.show_photo` returns."""
    click.echo(f"{photo['photo']} {safe(photo['file'])}")
    for part in photo_parts(photo):
        if part.title:
            click.echo(f"{part.title}:")
        for line in part.lines:
            click.echo(f"  {line}")
