"""Rows of the lists for auditors, and of the settings."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from photoreg.presentation.days import format_time
from photoreg.presentation.labels import label, setting_in_words, setting_label
from photoreg.presentation.record_life.lines import (
    about_in_words,
    action_in_words,
    detail_texts,
    entry_words,
)
from photoreg.presentation.view import FOR_PEOPLE, View
from photoreg.services.audits.audits import LogRow, MissingConsentRow
from photoreg.services.audits.oversight import LooserPeriod
from photoreg.services.organisation.policy import PolicySetting, format_setting


def view_row(view: View, record: Any, layout: str) -> dict[str, Any]:
    """Return a record as a row of a view."""
    return {each.key: _cell_value(getattr(record, each.key), layout) for each in view.columns}


def _cell_value(value: Any, layout: str) -> Any:
    if isinstance(value, datetime):
        return format_time(value, layout)
    return value.isoformat() if isinstance(value, date) else value


def lacking_row(row: MissingConsentRow, layout: str, *, named: bool) -> dict[str, Any]:
    """Return a photo that lacks a consent as a row."""
    return {
        "photo": row.photo,
        "channel": row.channel,
        "outcome": label(row.outcome) if layout in FOR_PEOPLE else row.outcome,
        "codes": row.codes,
        "persons": row.persons,
        **({"names": row.names} if named else {}),
    }


def log_row(entry: LogRow, layout: str) -> dict[str, Any]:
    """Return an entry as a row: in words for people, and as the log holds it for programs."""
    row = {
        "seq": entry.seq,
        "at": format_time(entry.at, layout),
        "actor": entry.actor,
        "other_logins": list(entry.other_logins),
        "action": entry.action,
        "subject": entry.subject,
    }
    if not entry.rows:
        return row | {"details": list(detail_texts(entry.details))}
    words = {
        "action": action_in_words(entry.rows),
        "subject": about_in_words(entry.rows[0].about),
        "details": list(entry_words(entry.rows)),
    }
    return row | words


def looser_period(period: LooserPeriod, layout: str) -> LooserPeriod:
    """Return a period in which a setting was looser, with its values as text."""
    return replace(
        period,
        value=setting_text(period.setting, period.value, layout),
        default=setting_text(period.setting, period.default, layout),
    )


def setting_text(name: str, value: object, layout: str) -> str:
    """Return the value of a setting: in words for people, and as it is typed for programs."""
    return setting_in_words(name, value) if layout in FOR_PEOPLE else format_setting(value)


def setting_row(row: PolicySetting, layout: str) -> dict[str, Any]:
    """Return a setting as a row: in words for people, and as it is typed for programs."""
    return {
        **asdict(row),
        "value": setting_text(row.setting, row.value, layout),
        "default": setting_text(row.setting, row.default, layout),
        "meaning": setting_label(row.setting),
    }
