"""Charts as SVG inside a page: bars, drawn by pygal, without scripts and without colour alone."""

from collections.abc import Sequence
from typing import Any

from photoreg.errors import PhotoregError
from photoreg.texts import N_

WIDTH, BAR_HEIGHT, MARGIN = 660, 26, 60
"""Width of a chart, height of a bar, and height of what is around the bars, in pixels."""


def bars(name: str, labels: Sequence[str], values: Sequence[int]) -> str:
    """Return horizontal bars as an SVG element; `name` is its id. PhotoregError without pygal."""
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
    chart.uuid = name  # by itself it would be a new one each time
    chart.x_labels = list(reversed(labels))
    chart.add("", list(reversed(values)), formatter=str)
    chart.add_xml_filter(_without_scripts)
    svg: str = chart.render(is_unicode=True)
    return svg


def _pygal() -> tuple[Any, Any]:
    try:
        import pygal  # noqa: PLC0415 - an extra, and loaded only for reports
        from pygal.style import Style  # noqa: PLC0415
    except ImportError as error:
        raise PhotoregError(
            N_("the charting library is not installed"),
            N_("Install it with `pip install 'photoreg[report]'`."),
        ) from error
    return pygal, Style


def _without_scripts(root: Any) -> Any:
    """Take out scripts, comments and the tips that only a pointer shows."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return root
