"""Signing in on a PostgreSQL server: by functions of the server, since a door has no rights there.

A program that serves several users, the desk, logs in as a door (`postgresql_roles`). It cannot
read passwords nor add sessions: it shows the key of a password, and the server opens the session,
counts the attempts that failed, and looks at the session again in each transaction
(`postgresql_guards`). In a file photoreg does the same itself (`registry.access.sign_in`); a test
holds both to the same answers.
"""

from collections.abc import Iterator
from datetime import timedelta

from photoreg.registry.engines.postgresql_schema import WRITERS_LOCK
from photoreg.registry.tables.credentials import (
    ATTEMPTS,
    ATTEMPTS_FROM_ADDRESS,
    ATTEMPTS_WITHIN,
    IDLE_LIMIT,
    SESSION_LENGTH,
)

OF_DOORS = ("password_salt(text)", "open_session(text, text, text, text)")
"""What only a door calls."""

OF_USERS_TOO = (
    "role_on_server(text)",
    "organisation_of_registry()",
    "use_session(text)",
    "end_session(text)",
    "session_login(text)",
)
"""What whoever serves the desk for themselves calls as well."""


def _seconds(length: timedelta) -> str:
    return f"interval '{int(length.total_seconds())} seconds'"


def sha256_of(text: str) -> str:
    """Return the SQL for the SHA-256 of a text, in hexadecimal digits."""
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


IS_LIVE = (
    "access_secret.valid_until > clock_timestamp() AND greatest(access_secret.added_at,"  # noqa: S608 - our own names
    " (SELECT used_at FROM session_use WHERE secret_id = access_secret.id))"
    f" > clock_timestamp() - {_seconds(IDLE_LIMIT)}"
)
"""The SQL condition that a session was used lately and has not ended."""

_USER = """\
SELECT id FROM staff WHERE active AND lower(login) = lower(of_login)
    ORDER BY login <> of_login, id LIMIT 1"""
"""The active user with a login, in upper or lower case."""


def _function(name: str, returns: str, body: str, declare: str = "") -> str:
    """Return a function that runs with the rights of the owner of the registry."""
    return (
        f"CREATE OR REPLACE FUNCTION {name} RETURNS {returns} LANGUAGE plpgsql\n"
        f"SECURITY DEFINER SET search_path = public, pg_temp AS $$ {declare}BEGIN\n{body}END $$"
    )


def sign_in_statements() -> Iterator[str]:
    """Yield the functions; they can be run again."""
    yield _function(
        "role_on_server(of_login text)",
        "text",
        f"  RETURN (SELECT coalesce(server_role, login) FROM staff WHERE id = ({_USER}));\n",  # noqa: S608 - our own names
    )
    yield _function(
        "organisation_of_registry()",
        "text",
        "  RETURN (SELECT organisation FROM registry_info WHERE id = 1);\n",
    )
    yield _function(
        "password_salt(of_login text)",
        "text",
        f"  RETURN (SELECT salt FROM password WHERE staff_id = ({_USER}));\n",  # noqa: S608 - our own names
    )
    yield _function(
        "open_session(of_login text, shown_key text, from_address text, hash text)",
        "text",
        _OPEN_SESSION,
        "DECLARE member integer; folded text := left(lower(of_login), 64); ",
    )
    yield _function(
        "use_session(secret text)",
        "void",
        "  INSERT INTO session_use (secret_id, used_at)\n"  # noqa: S608 - our own names
        "    SELECT id, clock_timestamp() FROM access_secret\n"
        f"    WHERE sha256 = {sha256_of('secret')} AND {IS_LIVE}\n"
        "    ON CONFLICT (secret_id) DO UPDATE SET used_at = excluded.used_at;\n",
    )
    yield _function(
        "end_session(secret text)",
        "void",
        "  UPDATE access_secret SET valid_until = clock_timestamp()\n"  # noqa: S608 - our own names
        f"    WHERE sha256 = {sha256_of('secret')} AND valid_until > clock_timestamp();\n"
        "  SET CONSTRAINTS access_secret_guard IMMEDIATE;\n",
    )
    yield _function(
        "session_login(secret text)",
        "text",
        "  RETURN (SELECT login FROM staff JOIN access_secret ON staff_id = staff.id\n"  # noqa: S608 - our own names
        f"    WHERE sha256 = {sha256_of('secret')});\n",
    )


# INVARIANT: the guards are asked within the function, as the owner, whom they ask nothing; when the
# transaction ends they would ask the door.
_OPEN_SESSION = f"""\
  PERFORM pg_advisory_xact_lock({WRITERS_LOCK});
  DELETE FROM sign_in_attempt WHERE at <= clock_timestamp() - {_seconds(ATTEMPTS_WITHIN)};
  IF (SELECT count(*) FILTER (WHERE login = folded) >= {ATTEMPTS}
      OR count(*) FILTER (WHERE address = from_address) >= {ATTEMPTS_FROM_ADDRESS}
      FROM sign_in_attempt) THEN
    RETURN 'too_many';
  END IF;
  SELECT staff_id INTO member FROM password
    WHERE staff_id = ({_USER}) AND sha256 = {sha256_of("shown_key")};
  IF member IS NULL THEN
    INSERT INTO sign_in_attempt (login, address, at)
      VALUES (folded, left(from_address, 64), clock_timestamp());
    RETURN 'wrong';
  END IF;
  DELETE FROM sign_in_attempt WHERE login = folded;
  INSERT INTO access_secret (staff_id, sha256, valid_until, added_at)
    VALUES (member, hash,
      clock_timestamp() + {_seconds(SESSION_LENGTH)}, clock_timestamp());
  SET CONSTRAINTS access_secret_guard IMMEDIATE;
  RETURN 'opened';
"""  # noqa: S608 - our own names
