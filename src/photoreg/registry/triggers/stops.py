"""Stops: queries for the photos that a change stops, of which the triggers then leave a note.

Photos that look like a stopped one are stopped with it, by a reaction. It examines what is noted
here (`services.decisions.stops`): a refusal may have been lifted since. A stop begins when it is
said, or when a photo comes under what was said before: it is moved to an event, say.
"""

from collections import defaultdict
from collections.abc import Mapping

from photoreg.registry.tables.consents import kinds_sql
from photoreg.rulebook.facts import REFUSING_KINDS, Confidentiality

_IS_REFUSAL = f"kind IN ({kinds_sql(REFUSING_KINDS)})"
_IS_BLOCK = f"confidentiality = '{Confidentiality.PUBLICATION_BLOCK}'"

# Only photos that are known to look like others, so that a refusal of thousands notes few.
_LOOKS_LIKE_OTHERS = (
    "(photo.version_of IS NOT NULL "
    "OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) "
    "OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id))"
)
_BY_SHOWN = (
    "SELECT 'stopped', photo.id FROM consent "  # noqa: S608 - our own names
    "JOIN consent_event ON consent_event.consent_id = consent.id "
    "JOIN depiction ON depiction.person_id = consent.subject_id "
    "JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id "
    f"WHERE consent.event_id IS NOT NULL AND consent_event.{_IS_REFUSAL} "
    f"AND {_LOOKS_LIKE_OTHERS} AND "
)
_BY_TAKER = (
    "SELECT 'stopped', photo.id FROM permission "  # noqa: S608 - our own names
    "JOIN permission_event ON permission_event.permission_id = permission.id "
    "JOIN {takers} taker ON taker.person_id = permission.photographer_id "
    "JOIN photo ON {taken} "
    f"WHERE permission.photo_id IS NULL AND permission_event.{_IS_REFUSAL} "
    "AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) "
    f"AND {_LOOKS_LIKE_OTHERS} AND "
)
_BY_TAKER_OF_PHOTO = _BY_TAKER.format(
    takers="photo_photographer", taken="photo.id = taker.photo_id"
)
_BY_TAKER_OF_EVENT = _BY_TAKER.format(
    takers="event_photographer", taken="photo.event_id = taker.event_id"
)
_BY_BLOCK_OF_EVENT = (
    "SELECT 'stopped', photo.id FROM event JOIN photo ON photo.event_id = event.id "  # noqa: S608
    f"WHERE photo.confidentiality IS NULL AND event.{_IS_BLOCK} AND {_LOOKS_LIKE_OTHERS} AND "
)
# Without a yes that was typed by mistake, a refusal that it had lifted stops photos again.
_BY_CORRECTED = (
    "SELECT 'stopped', photo.id FROM consent_event "  # noqa: S608 - our own names
    "JOIN consent ON consent.id = consent_event.consent_id "
    "JOIN photo ON photo.id = consent.photo_id OR photo.event_id = consent.event_id AND EXISTS "
    "(SELECT 1 FROM depiction WHERE photo_id = photo.id AND person_id = consent.subject_id) "
    f"WHERE consent_event.id = NEW.statement_id AND {_LOOKS_LIKE_OTHERS}"
)
_BY_CORRECTED_PERMISSION = (
    "SELECT 'stopped', photo.id FROM permission_event "  # noqa: S608 - our own names
    "JOIN permission ON permission.id = permission_event.permission_id "
    "JOIN photo ON photo.id = permission.photo_id OR permission.photo_id IS NULL "
    "AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (EXISTS "
    "(SELECT 1 FROM photo_photographer taker WHERE taker.photo_id = photo.id "
    "AND taker.person_id = permission.photographer_id) OR EXISTS "
    "(SELECT 1 FROM event_photographer taker WHERE taker.event_id = photo.event_id "
    "AND taker.person_id = permission.photographer_id)) "
    f"WHERE permission_event.id = NEW.permission_statement_id AND {_LOOKS_LIKE_OTHERS}"
)
_ERASED = (
    "SELECT 'stopped', photo_id FROM depiction WHERE person_id = NEW.id "
    "AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
)


def _differs(column: str, empty: str = "0") -> str:
    return f"coalesce(OLD.{column}, {empty}) <> coalesce(NEW.{column}, {empty})"


_IS_NEWLY_CONFIDENTIAL = _differs("confidentiality", "''")
_IS_ELSEWHERE, _HAS_OTHER_TAKERS = _differs("event_id"), _differs("photographer", "''")
_IS_OTHERWISE = f"({_IS_ELSEWHERE} OR {_HAS_OTHER_TAKERS} OR {_IS_NEWLY_CONFIDENTIAL})"
_IS_TAKER = "taker.person_id = NEW.person_id AND taker.{owner}_id = NEW.{owner}_id"


def _refused_for_photo(record: str) -> str:
    return (
        f"SELECT 'stopped', photo_id FROM {record} WHERE id = NEW.{record}_id "  # noqa: S608
        f"AND photo_id IS NOT NULL AND NEW.{_IS_REFUSAL}"
    )


def _stops() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_takers = (_BY_TAKER_OF_PHOTO, _BY_TAKER_OF_EVENT)
    for record, wide in (("consent", (_BY_SHOWN,)), ("permission", by_takers)):
        said = f"{record}_event"
        found[said, "INSERT"] = [
            _refused_for_photo(record),
            *(f"{q}{said}.id = NEW.id" for q in wide),
        ]
        # Two persons were merged: somebody else's refusal is now by, or about, this one.
        found[record, "UPDATE"] = [f"{query}{record}.id = NEW.id" for query in wide]
    found["photo", "UPDATE"] = [
        f"SELECT 'stopped', NEW.id WHERE NEW.{_IS_BLOCK} AND {_IS_NEWLY_CONFIDENTIAL}",
        *(
            f"{query}photo.id = NEW.id AND {_IS_OTHERWISE}"
            for query in (_BY_SHOWN, *by_takers, _BY_BLOCK_OF_EVENT)
        ),
    ]
    found["event", "UPDATE"] = [
        f"{_BY_BLOCK_OF_EVENT}event.id = NEW.id AND {_IS_NEWLY_CONFIDENTIAL}"
    ]
    found["person", "UPDATE"] = [_ERASED]
    found["depiction", "INSERT"] = [f"{_BY_SHOWN}depiction.id = NEW.id"]
    found["depiction", "UPDATE"] = [f"{_BY_SHOWN}depiction.id = NEW.id AND {_differs('person_id')}"]
    for verb in ("INSERT", "UPDATE"):
        for owner, query in zip(("photo", "event"), by_takers, strict=True):
            link = f"{owner}_photographer", verb
            found[link] = [query + _IS_TAKER.format(owner=owner)]
        found["correction", verb] = [_BY_CORRECTED, _BY_CORRECTED_PERMISSION]
    found["photo_flag", "INSERT"] = ["SELECT 'stopped', NEW.photo_id WHERE TRUE"]
    return {change: tuple(queries) for change, queries in found.items()}


STOPS = _stops()
"""The queries by table and kind of change."""
