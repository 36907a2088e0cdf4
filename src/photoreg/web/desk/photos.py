"""One photo: the picture as large as the page, its verdict with every reason, who is shown."""

from dataclasses import asdict
from typing import Any

import flask

from photoreg.presentation.labels import question_in_words
from photoreg.presentation.next_steps import next_step
from photoreg.presentation.photos import named_in_statements, photo_parts
from photoreg.presentation.verdicts import both_sides, finding_sources, remedy_of
from photoreg.rulebook.channels import OBJECTION
from photoreg.rulebook.reasons import Finding
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.photos.details import show_photo
from photoreg.steps import NextAction
from photoreg.web.names import names_shown
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, has_right
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("photos", __name__)


@pages.get("/photos/<photo>")
def show(photo: str) -> str:
    """Show a photo with its verdict."""
    application = current()
    details = show_photo(application, photo)
    data = asdict(details)
    names = names_shown(application, named_in_statements(data))
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    checked = check(application, [details.photo], asked)[0] if asked else None
    return render(
        "photo.html",
        photo=details,
        parts=list(photo_parts(data, names)),
        asked=asked,
        channels=channels,
        checked=checked,
        findings=findings_shown(checked) if checked else [],
        may_name=has_right(NextAction.PHOTO_TAG),
    )


def findings_shown(checked: Checked) -> list[dict[str, Any]]:
    """Return the reasons of a verdict with all that is told about each."""
    every = (*checked.verdict.findings, *checked.verdict.notices)
    return [_shown(each, checked) for each in every]


def _shown(finding: Finding, checked: Checked) -> dict[str, Any]:
    open_ = [question_in_words(name) for name in finding.detail if name != OBJECTION]
    return {
        "finding": finding,
        "person": finding.person,
        "name": checked.names.get(finding.person or ""),
        "said_by": [(each, checked.names.get(each)) for each in finding.said_by],
        "open": open_,
        "sides": list(both_sides(finding, checked)),
        "sources": finding_sources(finding),
        "remedy": remedy_of(finding, checked),
        "step": None if checked.is_allowed else next_step(finding, checked),
    }
