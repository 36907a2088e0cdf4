"""Every list that a door shows, by name."""

from photoreg.presentation.view import View
from photoreg.presentation.views import (
    agenda,
    audits,
    consents,
    decisions,
    events,
    organisation,
    people,
    photos,
    publications,
)

_SUBJECTS = (
    agenda,
    audits,
    consents,
    decisions,
    events,
    organisation,
    people,
    photos,
    publications,
)

VIEWS: dict[str, View] = {
    view.name: view
    for subject in (
        agenda,
        audits,
        consents,
        decisions,
        events,
        organisation,
        people,
        photos,
        publications,
    )
    for view in vars(subject).values()
    if isinstance(view, View)
}
"""Every view by name."""
