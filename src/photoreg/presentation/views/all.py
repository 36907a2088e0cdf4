"""Every view, by name."""

from photoreg.presentation.view import View
from photoreg.presentation.views import (
    agenda,
    audits,
    consents,
    decisions,
    events,
    matches,
    metadata,
    organisation,
    people,
    photos,
    publications,
    rules,
)

VIEWS: dict[str, View] = {
    view.name: view
    for subject in (
        agenda,
        audits,
        consents,
        decisions,
        events,
        matches,
        metadata,
        organisation,
        people,
        photos,
        publications,
        rules,
    )
    for view in vars(subject).values()
    if isinstance(view, View)
}
"""Every view by name."""
