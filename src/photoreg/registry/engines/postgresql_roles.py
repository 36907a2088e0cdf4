"""Roles and rights on the tables of a PostgreSQL registry: the least that the work needs.

Written out as schema/roles.postgresql.sql, which the owner of the registry runs after `init` and
after each `db upgrade`. Logins get one of the three roles; nobody uses the registry as the owner.
What depends on values, and on who acts, is in `postgresql_guards`.
"""

from collections.abc import Iterator

from photoreg.registry.engines.postgresql_guards import guard_statements
from photoreg.registry.engines.postgresql_schema import numbering_functions
from photoreg.registry.engines.postgresql_sign_in import (
    OF_DOORS,
    OF_USERS_TOO,
    sign_in_statements,
)
from photoreg.registry.tables.all import APPEND_ONLY, METADATA

OWNER_TABLES = frozenset({"registry_info", "history", "session_use", "sign_in_attempt"})
"""Written by `init`, and by triggers and functions with the owner's rights only."""

CACHE_TABLES = frozenset(
    {"separate_person", "verdict_basis", "photo_class", "missing_consent", "verdict_cache"}
)
"""The verdict cache. Whoever writes here could hide a photo from the auditors' lists."""

COORDINATOR_TABLES = CACHE_TABLES | {
    "staff",
    "channel",
    "channel_admin",
    "policy_version",
    "ruling",
    "log_key",
    "api_key",
    "api_key_channel",
}
"""Tables that only coordinators add to."""

DELETABLE = frozenset(
    {
        *("photo_photographer", "event_photographer", "event_roster", "depiction"),
        *("photo_likeness", "likeness_block", "photo_series", "person_name"),
        "photo",  # registered by mistake; references forbid it once anything rests on the photo
        "verdict_cache",  # a trigger deletes rows for any user who changes a fact
        "touched",  # and notes it, until that user's program has reacted
    }
)
"""Links and photos that users remove (the history records them), and derived data."""

AUDITOR_TABLES = ("disclosure", "ledger", "record_hash")
"""Where it is recorded what somebody was shown, auditors too."""

COORDINATOR_UPDATES = frozenset({"photo_flag", "record_hash"})
"""Tables that staff add to and only coordinators change: to resolve a flag, to erase salts."""

ANSWER_TO_PROPOSAL = ("controller", "since", "proposed_own", "proposed_since", "proposed_by")
"""Columns of a channel that staff change when they answer a colleague's proposal."""

NEVER_UPDATED = frozenset(
    {
        *(*APPEND_ONLY, *OWNER_TABLES, "disclosure"),
        *("separate_person", "verdict_basis", "stale_person", "missing_consent", "touched"),
    }
)

HEADER = """\
-- Roles of a registry on PostgreSQL. Made from the code (registry/engines/postgresql_roles.py).
-- The owner of the registry runs this when it has been made, and after each upgrade:
--   psql --set ON_ERROR_STOP=1 --single-transaction --file roles.postgresql.sql DATABASE
-- Then each user gets a login with one of the roles:
--   CREATE ROLE anna LOGIN PASSWORD '…' IN ROLE photoreg_staff;
-- photoreg_auditor     reads everything, and writes nothing but what it was shown
-- photoreg_staff       records photos, answers, consents, decisions, publications
-- photoreg_coordinator also rules, and sets staff, channels and policy
-- A login acts for the user whose login in the registry is the same, or for whom it is recorded
-- (photoreg staff change). Nobody may change or delete what is in the log, not even coordinators.
-- A program that serves several users (a door) logs in without rights of its own, and takes a
-- user's role for each transaction, with the secret of a live session or key of that user:
--   CREATE ROLE desk LOGIN PASSWORD '…' NOINHERIT IN ROLE photoreg_door, anna;
--   ALTER ROLE desk SET role = photoreg_door;
"""


def roles_sql() -> str:
    """Return the roles and their rights, one statement per paragraph."""
    return HEADER + "\n" + ";\n\n".join(_statements()) + ";\n"


def _statements() -> Iterator[str]:
    every = sorted(METADATA.tables)
    for role in ("photoreg_auditor", "photoreg_staff", "photoreg_coordinator", "photoreg_door"):
        yield (
            f"DO $$ BEGIN\n"
            f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN\n"
            f"    CREATE ROLE {role} NOLOGIN;\n"
            f"  END IF;\n"
            f"END $$"
        )
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
        yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {role}"
    yield from guard_statements()
    yield from sign_in_statements()
    yield "GRANT photoreg_auditor TO photoreg_staff"
    yield "GRANT photoreg_staff TO photoreg_coordinator"
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    # Otherwise a login could put a history trigger on a table of its own, and forge a history.
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC"
    yield "GRANT USAGE ON SCHEMA public TO photoreg_auditor, photoreg_door"
    yield "GRANT SELECT ON ALL TABLES IN SCHEMA public TO photoreg_auditor"
    written = [name for name in every if name not in OWNER_TABLES | COORDINATOR_TABLES]
    updated = [name for name in written if name not in NEVER_UPDATED]
    yield _grant("INSERT", written, "photoreg_staff")
    by_staff = [name for name in updated if name not in COORDINATOR_UPDATES]
    yield _grant("UPDATE", by_staff, "photoreg_staff")
    yield f"GRANT UPDATE ({', '.join(ANSWER_TO_PROPOSAL)}) ON channel TO photoreg_staff"
    yield _grant("DELETE", sorted(DELETABLE), "photoreg_staff")
    yield _grant("INSERT", list(AUDITOR_TABLES), "photoreg_auditor")
    numbering = ", ".join(f"{name}()" for name in numbering_functions())
    yield f"GRANT EXECUTE ON FUNCTION {numbering} TO photoreg_staff"
    of_looks = [name for name in numbering_functions() if name.endswith(AUDITOR_TABLES)]
    yield f"GRANT EXECUTE ON FUNCTION {'(), '.join(of_looks)}() TO photoreg_auditor"
    ruled = sorted(COORDINATOR_TABLES)
    yield _grant("INSERT", ruled, "photoreg_coordinator")
    changed = sorted((COORDINATOR_UPDATES | COORDINATOR_TABLES) - NEVER_UPDATED)
    yield _grant("UPDATE", changed, "photoreg_coordinator")
    deletable = {"channel_admin", "stale_person", *CACHE_TABLES} - DELETABLE
    yield _grant("DELETE", sorted(deletable), "photoreg_coordinator")
    # An erasure removes the birth date from the history, and the name from stated purposes.
    yield "GRANT UPDATE (old) ON history TO photoreg_coordinator"
    yield "GRANT UPDATE (purpose) ON disclosure TO photoreg_coordinator"
    asked = "acting_member(), member_with_role(name), acts_as_owner()"
    yield f"GRANT EXECUTE ON FUNCTION {asked} TO photoreg_auditor"
    yield f"GRANT EXECUTE ON FUNCTION {', '.join(OF_DOORS)} TO photoreg_door"
    yield f"GRANT EXECUTE ON FUNCTION {', '.join(OF_USERS_TOO)} TO photoreg_auditor, photoreg_door"
    yield "GRANT SELECT ON alembic_version TO photoreg_door"


def _grant(verb: str, names: list[str], role: str) -> str:
    return f"GRANT {verb} ON {', '.join(names)}\n  TO {role}"
