"""What a PostgreSQL server itself refuses, whatever program is used: who acts, and what they may.

Whoever reads or writes must be the user for whom their role is recorded; whoever took that role
after logging in as somebody else, as a door does, must show the secret of a live session. What is
the coordinator's alone is refused to others, and nobody writes somebody else's name. The owner of
the registry is asked nothing.

Whole tables are kept from staff by rights (`postgresql_roles`); here is what depends on columns and
their values. It is looked at when a transaction ends, since the reactions put rows back to what
they were for a moment, within a savepoint, to see what changed (`statement_history`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from photoreg.registry.engines.postgresql_sign_in import IS_LIVE, sha256_of
from photoreg.registry.ledger import Action
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.credentials import SESSION_LENGTH
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import REFUSING_KINDS, AgeGroup, Confidentiality, People
from photoreg.rulebook.policy import Policy

SECRET_SETTING = "photoreg.secret"  # noqa: S105 - the name of a setting
"""The setting of a transaction in which a door shows the secret."""

KEY_SETTING = "photoreg.password_key"
"""The setting in which a door shows the key of the old password as a user changes it."""

UNKNOWN_ROLE, NO_SECRET, TOO_MANY_RIGHTS = "PR001", "PR002", "PR003"
"""The SQLSTATEs of the server's refusals that users can do something about."""

COORDINATOR_ROLES = (StaffRole.COORDINATOR, StaffRole.DEPUTY)

COORDINATOR_ACTIONS = (
    Action.REGISTRY_COPIED,
    Action.STAFF_ADDED,
    Action.STAFF_CHANGED,
    Action.API_KEY_ADDED,
    Action.API_KEY_REVOKED,
    Action.UNIT_RENAMED,
    Action.POLICY_SET,
    Action.CHANNEL_ADDED,
    Action.CHANNEL_TERMS_CHANGED,
    Action.CHANNEL_CHANGED,
    Action.CHANNEL_REVIEWED,
    Action.BLOCKS_READ,
    Action.PERSON_ERASED,
    Action.PERSON_MERGED,
    Action.RETENTION_RUN,
    Action.GUARDIAN_EXCUSED,
    Action.GUARDIAN_ENDED,
    Action.GUARDIAN_DECIDES_ALONE,
    Action.CASE_RULED,
    Action.FLAG_RESOLVED,
    Action.LOG_KEY_ADDED,
    Action.CLOCK_WRONG,
    Action.REGISTRY_BACKED_UP,
    Action.REGISTRY_RESTORED,
    Action.STOP_CARRIED,
    Action.RESTORE_ACKNOWLEDGED,
    Action.REGISTRY_REPAIRED,
)
"""What only coordinators do, and so only they log."""

AUDITOR_ACTIONS = (
    Action.NAMES_SHOWN,
    Action.NAMES_READ,
    Action.LOGINS_READ,
    Action.EVIDENCE_SHOWN,
    Action.RECORDS_HASHED,
)
"""What auditors log: what they were shown, why they read names, and the hashes of that."""

ABOUT_OTHERS = frozenset(
    {
        ("channel_admin", "staff_id"),
        ("take_down", "owner_id"),  # to whom a coordinator, or a colleague, assigns it
        ("second_look", "taken_back_by"),  # found by the reactions to another's change
        ("password", "staff_id"),
        ("api_key", "staff_id"),  # the actor that the key is
        ("person", "blocked_by"),  # of the record that is merged into another
    }
)
"""References to a user who is not the one who acts."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What the server refuses: a condition over a row before and after (OLD is empty when added).

    `acting` is the user who acts. `why` is what is refused; `from_coordinators_too`: nobody may.
    """

    table: str
    condition: str
    why: str
    from_coordinators_too: bool = False


def _quoted(*texts: str) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


_BLOCK = f"'{Confidentiality.PUBLICATION_BLOCK}'"
_EVENT_ANSWER = "(SELECT confidentiality FROM event WHERE id = {row}.event_id)"
_OF_EVENT = _EVENT_ANSWER.format(row="NEW")
_BEFORE = f"coalesce(OLD.confidentiality, {_EVENT_ANSWER.format(row='OLD')})"
_TODAY = "(clock_timestamp() AT TIME ZONE 'Europe/Helsinki')::date"


def _is_minor(row: str) -> str:
    by_age = f"{row}.born > {_TODAY} - interval '18 years'"
    return f"coalesce({by_age}, {row}.age_group = '{AgeGroup.MINOR}')"


_IS_ADMIN = (
    "EXISTS (SELECT FROM published_photo JOIN channel_admin USING (channel_id)"
    " WHERE (publication_id, photo_id) = (NEW.publication_id, NEW.photo_id)"
    " AND channel_admin.staff_id = acting)"
)

# What the reactions ask before they end a second look (`services.decisions.second_looks`), as far
# as it stands in the photo's own rows.
_NAMED_BEFORE = "coalesce(nullif(NEW.before::jsonb -> 'persons', 'null'), '[]')"
_NAMED_NOW = "SELECT 'H-' || person_id FROM depiction WHERE photo_id = NEW.photo_id"
_NOT_NAMED_AGAIN = (
    f"EXISTS (SELECT FROM jsonb_array_elements_text({_NAMED_BEFORE}) AS was (person)"
    f" WHERE person NOT IN ({_NAMED_NOW} AND person_id IS NOT NULL))"
)
_COMPARED = (
    *("people", "context_identifies", "place", "shot", "confidentiality", "sensitive"),
    *("taken_year", "photographer_died_year", "depicted_work", "digital_source"),
)
_NEVER_PUT_BACK = r"^(event|series|version|.* (record|same_person))$"
_NOT_STATED_AGAIN = (
    "EXISTS (SELECT FROM jsonb_each_text(NEW.before::jsonb) AS was (name, value)"  # noqa: S608
    " JOIN photo ON photo.id = NEW.photo_id LEFT JOIN event ON event.id = photo.event_id"
    f" WHERE was.name ~ {_quoted(_NEVER_PUT_BACK)} OR was.name IN ({_quoted(*_COMPARED)})"
    " AND was.value IS DISTINCT FROM"
    " coalesce(to_jsonb(photo) ->> was.name, to_jsonb(event) ->> was.name)"
    f" AND NOT (was.name = 'people' AND was.value = '{People.RECOGNISABLE}'"
    f" AND EXISTS ({_NAMED_NOW})))"
)
_IS_NO_SLIP = (
    "NEW.correctable_until IS NULL OR NEW.confirmed_at > NEW.correctable_until"
    " OR NEW.confirmed_by <> NEW.taken_back_by"
)
_IS_PAST_A_GATE = " OR ".join(
    f"EXISTS (SELECT FROM {table} WHERE photo_id = NEW.photo_id)"
    for table in ("decision", "unclear_case", "published_photo")
)
_FEWER_ARE_NAMED = (
    f"(SELECT count(*) FROM ({_NAMED_NOW} AND person_id IS NOT NULL) AS named)"  # noqa: S608
    f" < jsonb_array_length({_NAMED_BEFORE})"
)


# What is asked before a refusal is corrected at once (`services.publications.corrections`).
_MINUTES = (
    "coalesce((SELECT (settings::jsonb ->> 'correction_minutes')::integer FROM policy_version"  # noqa: S608
    f" ORDER BY version DESC LIMIT 1), {Policy().correction_minutes})"
)
_IS_NO_SLIP_OF_TYPING = (
    "recorded_by <> NEW.ended_by"
    f" OR NEW.ended_at >= recorded_at + make_interval(mins => {_MINUTES})"
)
_IS_NO_OWN_SLIP = (
    " OR ".join(  # noqa: S608 - our own names
        f"EXISTS (SELECT FROM {table} WHERE id = NEW.{column}"
        f" AND kind IN ({_quoted(*sorted(REFUSING_KINDS))}) AND ({_IS_NO_SLIP_OF_TYPING}))"
        for table, column in (
            ("consent_event", "statement_id"),
            ("permission_event", "permission_statement_id"),
        )
    )
    + " OR EXISTS (SELECT FROM publication WHERE id = NEW.publication_id"
    f" AND ({_IS_NO_SLIP_OF_TYPING}))"
)

_THROUGH_DOOR = "session_user <> current_user"
_SHOWN_KEY = f"current_setting('{KEY_SETTING}', true)"
_SHOWN_SECRET = f"current_setting('{SECRET_SETTING}', true)"
_LATEST_END = f"clock_timestamp() + interval '{int(SESSION_LENGTH.total_seconds()) + 600} seconds'"
"""The latest end of a session; the clock of the program may differ by ten minutes."""


def _kept(table: str, columns: Sequence[str], why: str) -> Guard:
    """Return the guard of columns that only coordinators change."""
    found = METADATA.tables[table].c
    # Values of the type JSON cannot be compared.
    names = [f"{n}::text" if isinstance(found[n].type, sa.JSON) else n for n in columns]
    new, old = (", ".join(f"{row}.{name}" for name in names) for row in ("NEW", "OLD"))
    return Guard(table, f"TG_OP = 'UPDATE' AND ({new}) IS DISTINCT FROM ({old})", why)


GUARDS = (
    _kept("person", ("deceased", "died_on"), "record a death"),
    _kept("person", ("merged_into", "erased_at"), "merge or erase a person"),
    _kept(
        "guardianship",
        (
            *("child_id", "guardian_id", "basis", "first_day", "last_day"),
            *("excused_ground", "excused_by", "excused_evidence"),
            *("decides_alone", "decides_alone_reason", "decides_alone_evidence"),
        ),
        "end or change a guardianship, excuse a guardian, or let a body decide alone",
    ),
    _kept("consent", ("subject_id", "actor_id"), "move a consent to another person"),
    _kept("permission", ("photographer_id",), "move a permission to another person"),
    _kept("consent_form", ("subject_id", "actor_id"), "move a form to another person"),
    _kept("evidence", ("size", "suffix", "erased_at"), "erase a document"),
    _kept(
        "second_look",
        ("photo_id", "about", "before", "after", "asked_at", "taken_back_by", "correctable_until"),
        "change what a second look is about",
    ),
    _kept(
        "correction",
        (*("statement_id", "permission_statement_id", "publication_id"), "asked_at", "asked_by"),
        "change what a correction is about",
    ),
    Guard(
        "correction",
        "OLD.outcome IS NOT NULL AND (NEW.outcome, NEW.ended_at, NEW.ended_by)"
        " IS DISTINCT FROM (OLD.outcome, OLD.ended_at, OLD.ended_by)",
        "change a correction that has ended",
        from_coordinators_too=True,
    ),
    Guard(
        "correction",
        f"OLD.outcome IS NULL AND NEW.outcome = '{SecondLookOutcome.CORRECTED}'"
        f" AND ({_IS_NO_OWN_SLIP})",
        "correct at once what somebody else recorded, or what was recorded longer ago",
        from_coordinators_too=True,
    ),
    _kept(
        "take_down",
        ("publication_id", "photo_id", "codes", "opened_at", "due_at"),
        "change what a take-down task is about",
    ),
    _kept(
        "publication",
        (
            *("channel_id", "address", "published_on", "recorded_at", "recorded_by"),
            *("request_key", "request_digest"),
        ),
        "change where and when something was published",
    ),
    _kept(
        "published_photo",
        ("publication_id", "photo_id", "channel_id", "published_on", "decision_id"),
        "change what was published, where and when",
    ),
    Guard(
        "published_photo",
        "OLD.removed_on IS NOT NULL AND NEW.removed_on IS DISTINCT FROM OLD.removed_on",
        "change when a publication was taken down",
    ),
    Guard(
        "take_down",
        "OLD.done_at IS NOT NULL AND (NEW.done_at, NEW.done_by, NEW.proof, NEW.proof_evidence)"
        " IS DISTINCT FROM (OLD.done_at, OLD.done_by, OLD.proof, OLD.proof_evidence)",
        "change a take-down task that has ended",
    ),
    Guard(
        "take_down",
        f"OLD.done_at IS NULL AND NEW.done_at IS NOT NULL AND NOT {_IS_ADMIN} AND EXISTS"
        " (SELECT FROM published_photo WHERE removed_on IS NULL"
        " AND (publication_id, photo_id) = (NEW.publication_id, NEW.photo_id))",
        "end a take-down task while the photo is published, or an administrator of the channel",
    ),
    Guard(
        "take_down",
        f"TG_OP = 'UPDATE' AND NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT {_IS_ADMIN}",
        "assign a take-down task, or an administrator of the channel",
    ),
    Guard(
        "second_look",
        f"OLD.outcome IS NULL AND NEW.outcome = '{SecondLookOutcome.PUT_BACK}' AND"
        f" ({_NOT_NAMED_AGAIN} OR {_NOT_STATED_AGAIN})",
        "end a second look because an answer was put back that was not",
        from_coordinators_too=True,
    ),
    Guard(
        "second_look",
        f"OLD.outcome IS NULL AND NEW.outcome = '{SecondLookOutcome.CORRECTED}' AND"
        f" ({_IS_NO_SLIP} OR {_IS_PAST_A_GATE} OR {_FEWER_ARE_NAMED})",
        "end a second look because of a correction that is none",
        from_coordinators_too=True,
    ),
    Guard(
        "person",
        "OLD.blocked AND (NEW.blocked, NEW.blocked_at, NEW.blocked_by)"
        " IS DISTINCT FROM (OLD.blocked, OLD.blocked_at, OLD.blocked_by)",
        "lift a publication block",
    ),
    Guard(
        "person",
        "NEW.blocked_by IS DISTINCT FROM OLD.blocked_by AND NEW.blocked_by <> acting",
        "block a person in somebody else's name",
    ),
    Guard(
        "person",
        "OLD.guardians_total IS NOT NULL"
        " AND coalesce(NEW.guardians_total, 0) < OLD.guardians_total",
        "lower the number of guardians",
    ),
    Guard(
        "person",
        f"{_is_minor('OLD')} AND NOT {_is_minor('NEW')}"
        " AND EXISTS (SELECT FROM guardianship WHERE child_id = NEW.id)",
        "end the childhood of a child with guardians",
    ),
    Guard(
        "person",
        "TG_OP = 'INSERT' AND (NEW.merged_into IS NOT NULL OR NEW.erased_at IS NOT NULL)",
        "merge or erase a person",
    ),
    Guard(
        "guardianship",
        "TG_OP = 'INSERT' AND (NEW.decides_alone OR NEW.excused_ground IS NOT NULL"
        " OR NEW.last_day IS NOT NULL)",
        "excuse a guardian, end a guardianship, or let a body decide alone",
    ),
    Guard("photo_flag", "NEW.resolved_at IS NOT NULL", "resolve a flag"),
    Guard(
        "photo",
        "(NEW.confidentiality, NEW.event_id) IS DISTINCT FROM (OLD.confidentiality, OLD.event_id)"
        f" AND {_BLOCK} IN ({_BEFORE}, {_OF_EVENT})"
        f" AND coalesce(NEW.confidentiality, {_OF_EVENT}) IS DISTINCT FROM {_BLOCK}",
        "lift the publication block of a photo",
    ),
    Guard(
        "event",
        f"OLD.confidentiality = {_BLOCK} AND NEW.confidentiality IS DISTINCT FROM {_BLOCK}",
        "lift the publication block of an event",
    ),
    Guard(
        "second_look",
        f"NEW.outcome IN ({_quoted(SecondLookOutcome.AGREED, SecondLookOutcome.DIFFERED)})"
        " AND OLD.outcome IS NULL"
        " AND EXISTS (SELECT FROM ruling JOIN unclear_case ON unclear_case.id = ruling.case_id"
        f" WHERE unclear_case.photo_id = NEW.photo_id AND ruling.kind = '{RulingKind.REFUSED}')",
        "confirm an answer about a photo that a coordinator has refused",
    ),
    Guard(
        "channel",
        "OLD.proposed_by IS NULL OR OLD.proposed_by = acting"
        " OR (NEW.proposed_own, NEW.proposed_since, NEW.proposed_by) IS DISTINCT FROM"
        " (NULL::boolean, NULL::date, NULL::integer)"
        " OR (NEW.controller IS NULL AND OLD.controller IS NOT NULL"
        " AND OLD.proposed_own IS NOT TRUE)"
        " OR NEW.since < coalesce(OLD.proposed_since, OLD.since)",
        "change a channel, except to answer a colleague's proposal",
    ),
    Guard(
        "ledger",
        f"NEW.action IN ({_quoted(*COORDINATOR_ACTIONS)})",
        "log what only coordinators do",
    ),
    Guard(
        "ledger",
        f"NEW.action NOT IN ({_quoted(*AUDITOR_ACTIONS)})"
        " AND NOT pg_has_role(current_user, 'photoreg_staff', 'USAGE')",
        "log, as an auditor, anything but what they were shown",
        from_coordinators_too=True,
    ),
    Guard(
        "record_hash",
        "NEW.kind <> 'disclosure' AND NOT pg_has_role(current_user, 'photoreg_staff', 'USAGE')",
        "record, as an auditor, anything but what they were shown",
        from_coordinators_too=True,
    ),
    Guard(
        "ledger",
        "NEW.database_login <> session_user OR NEW.database_role <> current_user",
        "log another login than their own",
        from_coordinators_too=True,
    ),
    Guard(
        "access_secret",
        "TG_OP = 'UPDATE' AND OLD.staff_id <> acting",
        "end somebody else's session",
    ),
    Guard(
        "access_secret",
        "TG_OP = 'UPDATE' AND (NEW.valid_until > OLD.valid_until"
        " OR (NEW.staff_id, NEW.sha256, NEW.added_at)"
        " IS DISTINCT FROM (OLD.staff_id, OLD.sha256, OLD.added_at))",
        "change or lengthen a session",
        from_coordinators_too=True,
    ),
    # Or whoever controls a door would act as a user after the user's session has ended.
    Guard(
        "access_secret",
        f"TG_OP = 'INSERT' AND ({_THROUGH_DOOR} OR NEW.valid_until > {_LATEST_END})",
        "open a session through a door, or a longer one",
        from_coordinators_too=True,
    ),
    # Or whoever controls a door would make keys of their own.
    *(
        Guard(
            table,
            f"TG_OP = 'INSERT' AND {_THROUGH_DOOR}",
            "make an API key, or widen one, through a door",
            from_coordinators_too=True,
        )
        for table in ("api_key", "api_key_channel")
    ),
    Guard(
        "api_key",
        f"NOT EXISTS (SELECT FROM staff WHERE id = NEW.staff_id AND role = '{StaffRole.API_KEY}')",
        "make an API key that acts as a user",
        from_coordinators_too=True,
    ),
    Guard(
        "api_key",
        "TG_OP = 'UPDATE' AND ((NEW.staff_id, NEW.sha256, NEW.scopes, NEW.last_day, NEW.added_at)"
        " IS DISTINCT FROM (OLD.staff_id, OLD.sha256, OLD.scopes, OLD.last_day, OLD.added_at)"
        " OR OLD.revoked_at IS NOT NULL)",
        "change an API key, but revoke it",
        from_coordinators_too=True,
    ),
    Guard(
        "staff",
        f"TG_OP = 'UPDATE' AND (NEW.role = '{StaffRole.API_KEY}')"
        f" <> (OLD.role = '{StaffRole.API_KEY}')",
        "make an API key a user, or a user an API key",
        from_coordinators_too=True,
    ),
    Guard("password", "NEW.staff_id <> acting", "set somebody else's password"),
    Guard(
        "password",
        f"{_THROUGH_DOOR} AND (TG_OP = 'INSERT' OR NEW.staff_id <> acting"
        f" OR OLD.sha256 IS DISTINCT FROM {sha256_of(_SHOWN_KEY)})",
        "set a password through a door, but their own who shows the old one",
        from_coordinators_too=True,
    ),
)
"""What the coordinator does, by value; and what nobody does."""


def guard_statements() -> Iterator[str]:
    """Yield the functions, row rules and triggers; they can be run again."""
    yield _MEMBER_WITH_ROLE
    yield _ACTING_MEMBER
    yield _ACTS_AS_OWNER
    for name in sorted(METADATA.tables):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS {name}_of_members ON {name}"
        yield (
            f"CREATE POLICY {name}_of_members ON {name}\n"
            f"  USING ((SELECT acting_member()) IS NOT NULL)"
        )
    for name in sorted(METADATA.tables):
        yield from _guard_trigger(METADATA.tables[name])


def guard_names() -> set[str]:
    """Return the names of the row rules and triggers that must be in force where roles are."""
    tables = METADATA.tables
    rules = {f"{name}_of_members" for name in tables}
    return rules | {f"{name}_guard" for name, table in tables.items() if _conditions(table)}


def actor_columns(table: sa.Table) -> list[str]:
    """Return the columns that name who acts."""
    return [
        column.name
        for column in table.columns
        if any(key.column.table.name == "staff" for key in column.foreign_keys)
        and (table.name, column.name) not in ABOUT_OTHERS
    ]


def _conditions(table: sa.Table) -> list[tuple[str, str]]:
    """Return what the trigger of a table refuses: conditions and messages."""
    found = [
        (
            f"NEW.{name} IS DISTINCT FROM OLD.{name} AND NEW.{name} <> acting",
            "nobody may act in somebody else's name",
        )
        for name in actor_columns(table)
    ]
    for guard in GUARDS:
        if guard.table == table.name and guard.from_coordinators_too:
            found.append((guard.condition, f"nobody may {guard.why}"))
        elif guard.table == table.name:
            condition = f"({guard.condition})\n    AND NOT {_IS_COORDINATOR}"
            found.append((condition, f"only coordinators may {guard.why}"))
    return found


_IS_COORDINATOR = "pg_has_role(current_user, 'photoreg_coordinator', 'USAGE')"


def _guard_trigger(table: sa.Table) -> Iterator[str]:
    """Yield the trigger of a table and its function, which runs with the rights of who acts."""
    conditions = _conditions(table)
    if not conditions:
        return
    checks = "".join(
        f"  IF {condition} THEN\n"
        f"    RAISE insufficient_privilege USING MESSAGE = {_quoted(message)};\n"
        f"  END IF;\n"
        for condition, message in conditions
    )
    yield (
        f"CREATE OR REPLACE FUNCTION guard_{table.name}() RETURNS trigger LANGUAGE plpgsql\n"
        f"SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN\n"
        f"  IF acts_as_owner() THEN RETURN NULL; END IF;\n"
        f"  acting := acting_member();\n"
        f"{checks}  RETURN NULL;\nEND $$"
    )
    yield f"DROP TRIGGER IF EXISTS {table.name}_guard ON {table.name}"
    yield (
        f"CREATE CONSTRAINT TRIGGER {table.name}_guard AFTER INSERT OR UPDATE ON {table.name}\n"
        f"  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_{table.name}()"
    )


_KNOWS_SECRET = (
    f"SELECT FROM access_secret WHERE staff_id = member.id AND {IS_LIVE}\n"  # noqa: S608
    f"    AND sha256 = {sha256_of(_SHOWN_SECRET)}\n"
    f"  UNION ALL SELECT FROM api_key WHERE staff_id = member.id AND revoked_at IS NULL\n"
    f"    AND last_day >= {_TODAY} AND sha256 = {sha256_of(_SHOWN_SECRET)}"
)

_MEMBER_WITH_ROLE = f"""\
CREATE OR REPLACE FUNCTION member_with_role(in_force name) RETURNS integer LANGUAGE plpgsql
STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE member record;
BEGIN
  SELECT id, role INTO member FROM staff WHERE coalesce(server_role, login) = in_force AND active;
  IF member.id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '{UNKNOWN_ROLE}',
      MESSAGE = 'the role ' || in_force || ' is not recorded for a user';
  END IF;
  IF (in_force <> session_user OR member.role = '{StaffRole.API_KEY}')
    AND NOT EXISTS ({_KNOWS_SECRET}) THEN
    RAISE EXCEPTION USING ERRCODE = '{NO_SECRET}',
      MESSAGE = session_user || ' showed no secret of a live session or key of ' || in_force;
  END IF;
  IF pg_has_role(in_force, 'photoreg_coordinator', 'MEMBER')
      AND member.role NOT IN ({_quoted(*COORDINATOR_ROLES)})
    OR pg_has_role(in_force, 'photoreg_staff', 'MEMBER')
      AND member.role = '{StaffRole.AUDITOR}' THEN
    RAISE EXCEPTION USING ERRCODE = '{TOO_MANY_RIGHTS}',
      MESSAGE = 'the role ' || in_force || ' has more rights than its user';
  END IF;
  RETURN member.id;
END $$"""  # noqa: S608 - our own names

_ACTING_MEMBER = """\
CREATE OR REPLACE FUNCTION acting_member() RETURNS integer LANGUAGE plpgsql
STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$ BEGIN
  RETURN member_with_role(current_user);
END $$"""

_ACTS_AS_OWNER = """\
CREATE OR REPLACE FUNCTION acts_as_owner() RETURNS boolean LANGUAGE plpgsql
STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class
    WHERE oid = 'public.ledger'::regclass);
END $$"""
