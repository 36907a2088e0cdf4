"""The terminal that photoreg is used on."""

import os
import sys


def terminal_width() -> int:
    """Return the width of the terminal in characters; 80 if there is no terminal."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80
