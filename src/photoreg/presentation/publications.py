"""Publications as rows."""

from typing import Any

from photoreg.presentation.days import format_time
from photoreg.services.publications.publishing import PublicationRow


def publication_row(row: PublicationRow, layout: str) -> dict[str, Any]:
    """Return a publication as a row of the view PUBLICATIONS."""
    return {
        "publication": row.publication,
        "photo": row.photo,
        "channel": row.channel,
        "address": row.address,
        "published_on": row.published_on,
        "recorded_by": row.recorded_by,
        "decision": row.decision,
        "state": row.state,
        "task": row.task,
        "owner": row.owner,
        "due_at": format_time(row.due_at, layout) if row.due_at else None,
        "overdue": row.overdue,
        "removed_on": row.removed_on,
    }
