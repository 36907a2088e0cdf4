"""Cases and flags as rows."""

from typing import Any

from photoreg.presentation.days import moment
from photoreg.services.flags import FlagRow
from photoreg.services.ruling import CaseRow


def case_row(row: CaseRow, layout: str) -> dict[str, Any]:
    """Return a case as a row of the view CASES."""
    return {
        "case": row.case,
        "photo": row.photo,
        "channel": row.channel,
        "opened_at": moment(row.opened_at, layout),
        "age_days": row.age_days,
        "due_at": moment(row.due_at, layout),
        "overdue": row.overdue,
        "codes": row.codes,
        "state": row.state,
        "ruling": row.ruling,
    }


def flag_row(row: FlagRow, layout: str) -> dict[str, Any]:
    """Return a flag as a row of the view FLAGS."""
    return {
        "flag": row.flag,
        "photo": row.photo,
        "by": row.by,
        "raised_at": moment(row.raised_at, layout),
        "raised_by": row.raised_by,
        "due_at": moment(row.due_at, layout),
        "overdue": row.overdue,
        "state": row.state,
    }
