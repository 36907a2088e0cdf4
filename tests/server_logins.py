"""Logins on the tests' PostgreSQL server, with the rights that the roles file gives."""

from pathlib import Path

from tests.servers import Server, database_in

from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite_migration import statements_of

ROLES_FILE = Path(__file__).parent.parent / "schema" / "roles.postgresql.sql"
PASSWORD = "correct horse"  # noqa: S105 - of a server that lives as long as the tests


def apply_roles(address: str, times: int = 1) -> None:
    """Run the roles file as the owner."""
    owner = Registry(address)
    with owner.store.engine.begin() as connection:
        for statement in times * statements_of(ROLES_FILE.read_text("utf-8")):
            connection.exec_driver_sql(statement)
    owner.close()


def log_in(server: Server, address: str, login: str, *groups: str, more: str = "") -> str:
    """Make a login anew, with these of photoreg's roles; return its address of the registry."""
    server.execute(f'DROP ROLE IF EXISTS "{login}"')
    roles = ", ".join(f"photoreg_{group}" for group in groups)
    in_roles = f"IN ROLE {roles}" if groups else ""
    server.execute(f"CREATE ROLE \"{login}\" LOGIN PASSWORD '{PASSWORD}' {more} {in_roles}")
    return server.address(database_in(address), login, PASSWORD.replace(" ", "%20"))
