"""People: found by typing, listed page by page, and one person with all that is recorded."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import flask
from werkzeug.wrappers import Response

from photoreg.presentation.people.details import (
    consent_lines,
    consents_withheld,
    guardian_line,
    person_lines,
    signers,
    tombstone_lines,
    ward_line,
)
from photoreg.presentation.view import record_row
from photoreg.presentation.views.consents import PERMISSIONS
from photoreg.presentation.views.events import ROSTER
from photoreg.presentation.views.people import BLOCKS, PERSONS
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.services.application import Application
from photoreg.services.consents.consents import PersonWithConsents, show_person
from photoreg.services.consents.permissions import list_permissions
from photoreg.services.data_subjects.erasure import tombstone
from photoreg.services.decisions.checks import check
from photoreg.services.people.blocks import list_blocks
from photoreg.services.people.visible_names import list_some_persons, search_persons
from photoreg.services.photos.listing import photos_of_person
from photoreg.services.photos.roster_consents import consents_of_person
from photoreg.steps import NextAction
from photoreg.web.names import names_shown
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("persons", __name__)

PAGE = 100
"""How many people a page lists."""

PHOTOS = 24
"""How many photos of a person a page shows."""


@pages.get("/persons")
def index() -> Response | str:
    """List people, or find those whose names have the typed words."""
    typed = flask.request.args.get("q", "").strip()[:100]
    if parse_id(Kind.PERSON, typed) is not None:
        return flask.redirect(flask.url_for("persons.show", person=typed), 303)
    pagers: list[Pager] = []

    def part(count: int) -> tuple[int, int]:
        pagers.append(Pager.asked(count, PAGE))
        return pagers[0].start, pagers[0].end

    found = list_some_persons(current(), typed, part)
    return render(
        "persons.html", typed=typed, view=PERSONS, rows=map(asdict, found.rows), pager=pagers[0]
    )


@pages.get("/persons/blocked")
def blocked() -> str:
    """List who must not be shown; only coordinators may, and the look is logged."""
    require_right(NextAction.PERSON_UNBLOCK)
    return render("blocked.html", view=BLOCKS, rows=map(asdict, list_blocks(current())))


@pages.get("/persons/<person>")
def show(person: str) -> str:
    """Show a person: details, guardians, consents and what they cover, permissions, photos."""
    application = current()
    erased = tombstone(application, person)
    if erased is not None:
        return render("erased.html", person=erased.person, lines=tombstone_lines(erased))
    found = show_person(application, person)
    summary = found.summary
    names = names_shown(application, signers(found))
    with list_permissions(application, summary.person) as permissions:
        permitted = list(map(record_row, permissions))
    return render(
        "person.html",
        person=summary,
        lines=person_lines(summary),
        guardians=[(each, guardian_line(each)) for each in summary.guardians],
        deciding=_deciding(found),
        wards=[(each, ward_line(each)) for each in summary.wards],
        consents=list(consent_lines(found, names)),
        withheld=consents_withheld() if found.consents is None else "",
        covered=_covered(application, found),
        of_roster=ROSTER,
        permissions=permitted,
        view=PERMISSIONS,
        **_photos(summary.person),
    )


def _covered(application: Application, found: PersonWithConsents) -> dict[str, Any] | None:
    """Return what the answers of all together cover, if anybody has answered and it may be seen."""
    person = found.summary.person
    return asdict(consents_of_person(application, person)) if found.consents else None


def _deciding(found: PersonWithConsents) -> list[tuple[str, str]]:
    """Return the id and name of everybody who answers for a person beside the person."""
    return [(each.guardian, each.name) for each in found.summary.guardians if not each.last_day]


def _photos(person: str) -> dict[str, Any]:
    """Return a page of the photos that show a person, or of those that the person took."""
    application = current()
    found = photos_of_person(application, person)
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    is_taken = flask.request.args.get("taken") == "yes"
    every = found.taken if is_taken else found.shown_in
    pager = Pager.asked(len(every), PHOTOS)
    shown = pager.of(every)
    checked = check(application, shown, asked) if asked and shown else ()
    verdicts = {human_id(Kind.PHOTO, each.photo_id): each for each in checked}
    return {
        "photos": [(each, verdicts.get(each)) for each in shown],
        "pager": pager,
        "is_taken": is_taken,
        "taken": len(found.taken),
        "asked": asked,
        "channels": channels,
    }


@pages.get("/search/persons")
def search() -> Response:
    """Return people by what is typed of their names."""
    require_right(NextAction.PHOTO_TAG)
    found: Iterable[Any] = search_persons(current(), flask.request.args.get("q", "")[:100])
    return flask.jsonify([asdict(each) for each in found])
