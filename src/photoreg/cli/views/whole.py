"""Every list that a command prints, by name."""

from photoreg.cli.output import View
from photoreg.cli.views import audits, events, organisation, people, photos, rules, said, waiting

VIEWS: dict[str, View] = {
    view.name: view
    for subject in (audits, events, organisation, people, photos, rules, said, waiting)
    for view in vars(subject).values()
    if isinstance(view, View)
}
"""Every view by name."""
