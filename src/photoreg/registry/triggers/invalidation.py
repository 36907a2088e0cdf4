"""Invalidation: triggers that delete cached verdicts and note touched photos on each change.

`audit refresh` caches until when the verdicts about a photo are valid (`verdict_cache`). A change
of a fact, by any program, makes the database delete them for exactly the photos that the change
touches; the next audit evaluates those again. A consent event about a person in general touches all
photos that show them, which may be thousands: the person is marked stale instead (`stale_person`).

The same triggers note what was touched (`touched`), for the reactions: as a person, an event or a
channel where that is one row for thousands of photos. The statements run on both SQLite and
PostgreSQL.
"""

from collections.abc import Iterator
from typing import NamedTuple

from photoreg.registry.queries.touched import ROUTES
from photoreg.registry.tables.touched import Scope
from photoreg.registry.triggers.stops import STOPS
from photoreg.rulebook.facts import Channel

# For events about one photo or occasion; those about everything mark the person stale.
_PHOTOS_OF_CONSENT = (
    "SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION "
    "SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id "
    "JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id "
    "WHERE consent.id = NEW.consent_id"
)
_REACHES_EVERYTHING = "id = NEW.{record}_id AND photo_id IS NULL AND event_id IS NULL"
_MARK_STALE = (
    "INSERT INTO stale_person (person_id) SELECT subject_id FROM consent "  # noqa: S608 - our own names
    f"WHERE {_REACHES_EVERYTHING.format(record='consent')} ON CONFLICT DO NOTHING"
)
_PHOTOS_OF_PERMISSION = (
    "SELECT photo_id FROM permission WHERE id = NEW.permission_id UNION "
    "SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id "
    "WHERE permission.id = NEW.permission_id UNION "
    "SELECT own.photo_id FROM permission JOIN photo_photographer own "
    "ON own.person_id = permission.photographer_id WHERE permission.id = NEW.permission_id "
    "AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION "
    "SELECT photo.id FROM permission JOIN event_photographer taker "
    "ON taker.person_id = permission.photographer_id "
    "JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = NEW.permission_id "
    "AND permission.photo_id IS NULL AND permission.event_id IS NULL"
)
# Channels and purposes are added after their event, perhaps much later and by another program.
_EVENT_REFERENCE = "(SELECT {record}_id FROM {record}_event WHERE id = NEW.{column})"
# A flag stops its photo, files with the same picture, and versions, recursively.
_PHOTOS_OF_FLAG = (
    "WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION "
    "SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) "
    "SELECT id FROM stopped UNION "
    "SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 "
    "WHERE photo.id = NEW.photo_id"
)
# A picture hash that is added later extends a flag on the photo to its copies.
_PHOTOS_OF_PHOTO = (
    "WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION "
    "SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id "
    "WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) "
    "SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = {row}.picture_sha256 "
    "AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')"
)
# Of a document that was damaged, or is whole again: who said what it proves, in any reach.
_ON_DOCUMENT = (
    "{record}_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)"
)
_PHOTOS_OF_CASE = "SELECT photo_id FROM unclear_case WHERE id = NEW.case_id"

_INSERT, _UPDATE, _DELETE = "INSERT", "UPDATE", "DELETE"
_NEW, _OLD = ("NEW",), ("OLD",)
_BOTH = ("OLD", "NEW")


class InvalidationTrigger(NamedTuple):
    """A trigger: the table, the kind of change, and the statements that it runs."""

    table: str
    verb: str
    statements: tuple[str, ...]

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_{self.verb.lower()}_invalidates"


class _Reach(NamedTuple):
    """The effect of a changed row: queries for the photos, and for scopes and numbers to note."""

    photos: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __or__(self, other: "_Reach") -> "_Reach":
        return _Reach(self.photos + other.photos, self.notes + other.notes)

    def statements(self, row: str) -> Iterator[str]:
        """Yield the trigger's statements for one row, the old or the new one."""
        if self.photos:
            photos = " UNION ".join(self.photos).replace("{row}", row)
            yield f"DELETE FROM verdict_cache WHERE photo_id IN ({photos})"  # noqa: S608 - our own names
        yield from (_note(note.replace("{row}", row)) for note in self.notes)


def _by(scope: Scope, column: str) -> _Reach:
    """Return the effect by way of a column."""
    number = f"{{row}}.{column}"
    photos = ROUTES[scope].replace("{meant}", f"= {number}")
    return _Reach((photos,), (f"SELECT '{scope}', {number} WHERE {number} IS NOT NULL",))


def _on_photos(photos: str) -> _Reach:
    """Return the effect on these photos."""
    return _Reach((photos,), (f"SELECT 'photo', id FROM photo WHERE id IN ({photos})",))  # noqa: S608


_ONE = _Reach(
    ("SELECT {row}.photo_id",), ("SELECT 'photo', {row}.photo_id WHERE {row}.photo_id IS NOT NULL",)
)
_SHOWN_OR_TAKEN = _by(Scope.PERSON, "id") | _by(Scope.TAKER, "id")
_SEEN = _Reach(notes=("SELECT 'seen', NEW.photo_id WHERE TRUE",))
_ALL = _Reach(notes=("SELECT 'all', 0 WHERE TRUE",))
_INVALIDATE_ALL = "DELETE FROM verdict_cache"
# The first row only: what was stated before the changes is found from there on.
_FIRST_OF_HISTORY = (
    "SELECT 'history', NEW.id WHERE NOT EXISTS (SELECT 1 FROM touched WHERE scope = 'history')"
)
# A review changes no publication; after any other change publications are re-evaluated.
_UNLESS_REVIEWED = (
    "SELECT 'channel', NEW.id WHERE "
    "coalesce(OLD.reviewed_on, '0001-01-01') = coalesce(NEW.reviewed_on, '0001-01-01')"
)
# What a public page allows, a closed group of the municipality may rely on (J1).
_GROUPS_OF_PAGE = (
    f"SELECT 'channel', id FROM channel WHERE kind = '{Channel.CLOSED_GROUP}' "  # noqa: S608
    f"AND NEW.kind = '{Channel.PUBLIC_PAGE}'"
)


def invalidation_triggers() -> Iterator[InvalidationTrigger]:
    """Yield the triggers that delete cached verdicts and note what was touched."""
    yield _trigger("photo", _UPDATE, _on_photos(_PHOTOS_OF_PHOTO), _BOTH)
    for table in ("photo_photographer", "depiction"):
        yield from _row_triggers(table, _ONE)
    yield _trigger("event", _UPDATE, _by(Scope.EVENT, "id"), _NEW)
    yield from _row_triggers("event_photographer", _by(Scope.EVENT, "event_id"))
    yield _trigger("person", _UPDATE, _SHOWN_OR_TAKEN | _spoken_for(), _NEW)
    yield from _row_triggers("person_name", _by(Scope.TAKER, "person_id"))
    yield from _row_triggers("guardianship", _by(Scope.PERSON, "child_id"))
    yield _trigger("consent", _UPDATE, _by(Scope.PERSON, "subject_id"), _BOTH)
    yield from _event_triggers("consent", _consent())
    yield _trigger("permission", _UPDATE, _by(Scope.TAKER, "photographer_id") | _ONE, _BOTH)
    yield from _event_triggers("permission", _permission())
    yield from _correction_triggers()
    yield _trigger("evidence", _UPDATE, _document(), _NEW)
    yield _trigger("photo_flag", _INSERT, _on_photos(_PHOTOS_OF_FLAG), _NEW)
    yield _trigger("photo_flag", _UPDATE, _on_photos(_PHOTOS_OF_FLAG), _NEW)
    for verb in (_INSERT, _UPDATE):
        yield _trigger("second_look", verb, _ONE, _NEW)
    yield InvalidationTrigger("history", _INSERT, (_note(_FIRST_OF_HISTORY),))
    yield _trigger("unclear_case", _UPDATE, _ONE, _NEW)
    yield _trigger("ruling", _INSERT, _on_photos(_PHOTOS_OF_CASE), _NEW)
    of_channel = (_INVALIDATE_ALL, _note(_GROUPS_OF_PAGE))
    yield InvalidationTrigger("channel", _INSERT, of_channel)
    yield InvalidationTrigger("channel", _UPDATE, (*of_channel, _note(_UNLESS_REVIEWED)))
    yield InvalidationTrigger("registry_info", _UPDATE, (_INVALIDATE_ALL, *_ALL.statements("NEW")))
    # Cached verdicts refer to their policy; publications do not.
    yield _trigger("policy_version", _INSERT, _ALL, _NEW)
    for verb in (_INSERT, _UPDATE):
        yield _trigger("photo_likeness", verb, _SEEN, _NEW)
        yield _trigger("photo_series", verb, _ONE, _NEW)


def _of_everything(record: str, column: str, scope: Scope = Scope.PERSON) -> _Reach:
    """Note the person whose photos an event about everything touches, not the photos."""
    where = f"{_REACHES_EVERYTHING.format(record=record)} AND {column} IS NOT NULL"
    return _Reach(notes=(f"SELECT '{scope}', {column} FROM {record} WHERE {where}",))  # noqa: S608


def _consent() -> _Reach:
    return _on_photos(_PHOTOS_OF_CONSENT) | _of_everything("consent", "subject_id")


def _permission() -> _Reach:
    of_one = (
        f"SELECT '{scope}', {scope}_id FROM permission "  # noqa: S608 - our own names
        f"WHERE id = NEW.permission_id AND {scope}_id IS NOT NULL"
        for scope in (Scope.PHOTO, Scope.EVENT)
    )
    everything = _of_everything("permission", "photographer_id", Scope.TAKER)
    return _Reach((_PHOTOS_OF_PERMISSION,), tuple(of_one)) | everything


def _document() -> _Reach:
    """Return the effect of a document on the photos of those whose words it proves."""
    found = _Reach()
    for record, scope, column in (
        ("consent", Scope.PERSON, "subject_id"),
        ("permission", Scope.TAKER, "photographer_id"),
    ):
        of_document = _ON_DOCUMENT.replace("{record}", record)
        joined = f"FROM {record} JOIN {record}_event ON {record}_event.{record}_id = {record}.id"
        numbers = f"SELECT {column} {joined} WHERE {of_document}"
        of_one = f"SELECT photo_id {joined} WHERE {of_document} AND photo_id IS NOT NULL"
        noted = numbers.replace(column, f"'{scope}', {column}", 1) + f" AND {column} IS NOT NULL"
        found |= _Reach((ROUTES[scope].replace("{meant}", f"IN ({numbers})"),), (noted,))
        found |= _Reach((of_one,), (of_one.replace("photo_id", "'photo', photo_id", 1),))
    return found


def _spoken_for() -> _Reach:
    """Return the effect of a merge on photos for which the record spoke in another's place."""
    merged = (
        "IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL "
        "AND coalesce(OLD.merged_into, 0) <> NEW.merged_into "
        "AND (by_person_id = NEW.id OR author_id = NEW.id))"
    )
    photos, notes = (
        tuple(query.replace("= NEW.permission_id", merged) for query in queries)
        for queries in _permission()
    )
    return _Reach(photos, notes)


def _event_triggers(record: str, reach: _Reach) -> Iterator[InvalidationTrigger]:
    said = f"{record}_event"
    statements = (*_by_statement(record, reach), *map(_note, STOPS[said, _INSERT]))
    yield InvalidationTrigger(said, _INSERT, statements)
    for table in (f"{record}_channel", f"{record}_purpose"):
        yield InvalidationTrigger(table, _INSERT, _by_statement(record, reach, "statement_id"))


def _by_statement(record: str, reach: _Reach, column: str = "") -> tuple[str, ...]:
    """Return what follows from a statement, or from a row that refers to it by a column."""
    mark_stale = (_MARK_STALE,) if record == "consent" else ()
    statements = (*reach.statements("NEW"), *mark_stale)
    if not column:
        return statements
    reference = _EVENT_REFERENCE.format(record=record, column=column)
    return tuple(statement.replace(f"NEW.{record}_id", reference) for statement in statements)


def _correction_triggers() -> Iterator[InvalidationTrigger]:
    """Yield the triggers of corrections; each refers to one statement, or to none."""
    statements = (
        *_by_statement("consent", _consent(), "statement_id"),
        *_by_statement("permission", _permission(), "permission_statement_id"),
    )
    for verb in (_INSERT, _UPDATE):
        stops = map(_note, STOPS["correction", verb])
        yield InvalidationTrigger("correction", verb, (*statements, *stops))


def _row_triggers(table: str, reach: _Reach) -> Iterator[InvalidationTrigger]:
    for verb, rows in ((_INSERT, _NEW), (_UPDATE, _BOTH), (_DELETE, _OLD)):
        yield _trigger(table, verb, reach, rows)


def _trigger(table: str, verb: str, reach: _Reach, rows: tuple[str, ...]) -> InvalidationTrigger:
    statements = [statement for row in rows for statement in reach.statements(row)]
    stops = map(_note, STOPS.get((table, verb), ()))
    return InvalidationTrigger(table, verb, (*statements, *stops))


def _note(query: str) -> str:
    """Return the statement that notes scopes and numbers; SQLite requires a WHERE in the query."""
    return f"INSERT INTO touched (scope, number) {query} ON CONFLICT DO NOTHING"


def sqlite_triggers() -> Iterator[str]:
    """Yield the triggers in SQLite's syntax."""
    for trigger in invalidation_triggers():
        body = "; ".join(trigger.statements)
        yield (
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.verb} ON {trigger.table} "
            f"BEGIN {body}; END"
        )


def postgresql_triggers(writers_lock: int) -> Iterator[str]:
    """Yield the functions and triggers in PostgreSQL's syntax.

    A login's temporary tables cannot shadow the registry's. Like photoreg, another program's
    change waits until no transaction is caching verdicts, and must then see the cached ones.
    """
    for trigger in invalidation_triggers():
        body = "; ".join(trigger.statements)
        yield (
            f"CREATE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql\n"
            f"SET search_path = public, pg_temp AS $$ BEGIN\n"
            f"  IF current_setting('transaction_isolation') <> 'read committed' THEN\n"
            f"    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;\n"
            f"  PERFORM pg_advisory_xact_lock({writers_lock});\n"
            f"  {body}; RETURN NULL;\nEND $$"
        )
        yield (
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.verb} ON {trigger.table}\n"
            f"  FOR EACH ROW EXECUTE FUNCTION {trigger.name}()"
        )
