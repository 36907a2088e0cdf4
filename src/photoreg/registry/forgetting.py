"""Forgetting: triggers that drop a kept verdict as soon as something changes that it rests on.

`audit refresh` keeps until when the verdicts about a photo hold (`kept_verdict`). Whoever changes a
fact, by whatever program, makes the database forget it for exactly the photos that the change
touches; the next audit judges those anew. A word about somebody in general touches all photos that
show them, which may be thousands: it leaves one doubt about the person instead (`kept_doubt`). The
statements run on SQLite and PostgreSQL alike.
"""

from collections.abc import Iterator
from typing import NamedTuple

_SHOWN = "SELECT photo_id FROM depiction WHERE person_id = {row}.{person}"
_TAKEN = (
    "SELECT photo_id FROM photo_photographer WHERE person_id = {row}.{person} UNION "
    "SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id "
    "WHERE taker.person_id = {row}.{person}"
)
_OF_EVENT = "SELECT id FROM photo WHERE event_id = {row}.{event}"
# What was said of one photo or event; what was said of everything leaves a doubt instead.
_OF_CONSENT = (
    "SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION "
    "SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id "
    "JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id "
    "WHERE consent.id = NEW.consent_id"
)
_DOUBT = (
    "INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent "
    "WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING"
)
_OF_PERMISSION = (
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
# Channels and purposes come after their word, perhaps much later and from another program.
_SAYING = "(SELECT {thread}_id FROM {thread}_event WHERE id = NEW.said_id)"
# A flag stops its photo, files with the same picture, and versions, also those of versions.
_OF_FLAG = (
    "WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION "
    "SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) "
    "SELECT id FROM stopped UNION "
    "SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 "
    "WHERE photo.id = NEW.photo_id"
)
# A picture's hash that comes later brings a flag on the photo to its copies.
_OF_PHOTO = (
    "WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION "
    "SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id "
    "WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) "
    "SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = {row}.picture_sha256 "
    "AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')"
)
_OF_CASE = "SELECT photo_id FROM unclear_case WHERE id = NEW.case_id"
_EVERY = ""

_INSERT, _UPDATE, _DELETE = "INSERT", "UPDATE", "DELETE"
_NEW, _OLD = ("NEW",), ("OLD",)
_BOTH = ("OLD", "NEW")


class Forgetting(NamedTuple):
    """A trigger: after which change of which table, and the statements that it runs."""

    table: str
    verb: str
    statements: tuple[str, ...]

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_{self.verb.lower()}_forgets"


def forgetting_triggers() -> Iterator[Forgetting]:
    """Give the triggers that forget kept verdicts."""
    yield _trigger("photo", _UPDATE, _OF_PHOTO, _BOTH)
    for table in ("photo_photographer", "depiction"):
        yield from _whole(table, "{row}.photo_id")
    yield _trigger("event", _UPDATE, _OF_EVENT.replace("{event}", "id"), _NEW)
    yield from _whole("event_photographer", _OF_EVENT.replace("{event}", "event_id"))
    everywhere = f"{_SHOWN} UNION {_TAKEN}".replace("{person}", "id")
    yield _trigger("person", _UPDATE, everywhere, _NEW)
    yield from _whole("guardianship", _SHOWN.replace("{person}", "child_id"))
    yield _trigger("consent", _UPDATE, _SHOWN.replace("{person}", "subject_id"), _BOTH)
    yield from _said("consent", _forget(_OF_CONSENT), _DOUBT)
    by = f"{_TAKEN.replace('{person}', 'photographer_id')} UNION SELECT {{row}}.photo_id"
    yield _trigger("permission", _UPDATE, by, _BOTH)
    yield from _said("permission", _forget(_OF_PERMISSION))
    yield _trigger("photo_flag", _INSERT, _OF_FLAG, _NEW)
    yield _trigger("photo_flag", _UPDATE, _OF_FLAG, _NEW)
    yield _trigger("unclear_case", _UPDATE, "NEW.photo_id", _NEW)
    yield _trigger("ruling", _INSERT, _OF_CASE, _NEW)
    for verb in (_INSERT, _UPDATE):
        yield _trigger("channel", verb, _EVERY, _NEW)
    yield _trigger("registry_info", _UPDATE, _EVERY, _NEW)


def _said(thread: str, *statements: str) -> Iterator[Forgetting]:
    yield Forgetting(f"{thread}_event", _INSERT, statements)
    said = _SAYING.replace("{thread}", thread)
    later = tuple(statement.replace(f"NEW.{thread}_id", said) for statement in statements)
    for table in (f"{thread}_channel", f"{thread}_purpose"):
        yield Forgetting(table, _INSERT, later)


def _whole(table: str, photos: str) -> Iterator[Forgetting]:
    for verb, rows in ((_INSERT, _NEW), (_UPDATE, _BOTH), (_DELETE, _OLD)):
        yield _trigger(table, verb, photos, rows)


def _trigger(table: str, verb: str, photos: str, rows: tuple[str, ...]) -> Forgetting:
    statements = (_forget(photos.replace("{row}", row)) for row in rows)
    return Forgetting(table, verb, tuple(statements))


def _forget(photos: str) -> str:
    where = f" WHERE photo_id IN ({photos})" if photos else ""
    return f"DELETE FROM kept_verdict{where}"  # noqa: S608 - our own names


def sqlite_triggers() -> Iterator[str]:
    """Give the triggers as SQLite takes them."""
    for trigger in forgetting_triggers():
        body = "; ".join(trigger.statements)
        yield (
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.verb} ON {trigger.table} "
            f"BEGIN {body}; END"
        )


def postgresql_triggers(writers_lock: int) -> Iterator[str]:
    """Give the functions and triggers as PostgreSQL takes them.

    No temporary table of a login stands before those that are meant. Another program waits with
    its change, as photoreg does, until nobody keeps verdicts, and then must see what was kept.
    """
    for trigger in forgetting_triggers():
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
