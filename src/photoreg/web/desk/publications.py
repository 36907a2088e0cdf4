"""Publications: what is published where and since when."""

import flask

from photoreg.services.publications.publishing import (
    PublicationState,
    page_of_publications,
    show_publication,
)
from photoreg.steps import NextAction
from photoreg.web.forms.all import FORMS
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("publications", __name__)

MOST_ROWS = 60
"""How many photos of a publication a page shows."""


@pages.get("/publications")
def index() -> str:
    """List the publications, the newest first; of one photo or channel, if the address says so."""
    asked = flask.request.args
    wanted = {
        "photo": asked.get("photo", "").strip(),
        "channel": asked.get("channel", ""),
        "everything": asked.get("everything", ""),
    }
    page = page_of_publications(
        current(),
        photo=wanted["photo"] or None,
        channel=wanted["channel"] or None,
        everything=bool(wanted["everything"]),
        before=asked.get("before", ""),
    )
    older = {**wanted, "before": page.older}
    return render(
        "publications.html",
        wanted=wanted,
        channels=channels_to_choose(current()),
        publications=page.publications,
        older={name: value for name, value in older.items() if value} if page.older else {},
    )


@pages.get("/publications/<publication>")
def show(publication: str) -> str:
    """Show a publication: where and when, and each of its photos with its state."""
    rows = show_publication(current(), publication)
    first = rows[0]
    pager = Pager.asked(len(rows), MOST_ROWS)
    left = (PublicationState.ONLINE, PublicationState.TAKE_DOWN_OPEN)
    return render(
        "publication.html",
        publication=first,
        rows=[(row, row.state in left) for row in pager.of(rows)],
        pager=pager,
        is_left=any(row.state in left for row in rows),
        is_mistake=first.state is PublicationState.BY_MISTAKE,
        take_down=FORMS[NextAction.PUBLICATION_TAKE_DOWN],
        correct=FORMS[NextAction.PUBLICATION_CORRECT],
    )
