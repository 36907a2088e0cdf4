"""Inline SVG bar charts drawn by pygal, without scripts and readable without colour."""

from collections.abc import Sequence
from typing import Any

from photoreg.errors import PhotoregError
from photoreg.installation import install_command
from photoreg.texts import N_

WIDTH, BAR_HEIGHT, MARGIN = 660, 26, 60
"""Width of a chart, height per bar, and height around the bars, in pixels."""


def bars(name: str, labels: Sequence[str], values: Sequence[int]) -> str:
    """Return a horizontal bar chart as an SVG element with the id `name`.

    PhotoregError if pygal is not installed.
    """
    pygal, style = _pygal()
    chart = pygal.HorizontalBar(
        style=style(
            background="transparent",
            plot_background="transparent",
            colors=("#3b5b7a",),
            font_family="Noto Sans, DejaVu Sans, sans-serif",
            label_font_size=11,
            value_font_size=11,
            value_colors=("#000",),
        ),
        js=(),
        disable_xml_declaration=True,
        explicit_size=True,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        truncate_label=60,
        width=WIDTH,
        height=len(labels) * BAR_HEIGHT + MARGIN,
        margin=10,
    )
    chart.uuid = name  # pygal's default is random, and the output should be reproducible
    chart.x_labels = list(reversed(labels))
    chart.add("", list(reversed(values)), formatter=str)
    chart.add_xml_filter(_without_scripts)
    svg: str = chart.render(is_unicode=True)
    return svg


def _pygal() -> tuple[Any, Any]:
    try:
        import pygal  # noqa: PLC0415 - optional, and loaded only for reports
        from pygal.style import Style  # noqa: PLC0415
    except ImportError as error:
        raise PhotoregError(
            N_("the charting library is not installed"),
            N_("Install it with: {command}"),
            command=install_command("pygal"),
        ) from error
    return pygal, Style


def _without_scripts(root: Any) -> Any:
    """Remove scripts, comments and the tooltips that appear only on hover."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return root
