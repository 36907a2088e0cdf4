"""Create a registry, or upgrade one to the newest schema."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from photoreg.registry import ledger
from photoreg.registry.access.sign_in import organisation_name
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger import Action
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import (
    PolicyVersion,
    RegistryInfo,
)
from photoreg.registry.tables.people import Staff, StaffRole
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    policy_settings,
)
from photoreg.services.application import Application, system_clock
from photoreg.services.inputs import require_text


def create_registry(
    where: Path | str,
    *,
    organisation: str,
    login: str,
    name: str,
    clock: Callable[[], datetime] = system_clock,
    evidence: Path | None = None,
) -> None:
    """Create a registry with its first coordinator and the default policy.

    `where` and `evidence` are as in `Registry`.
    """
    organisation, login, name = (
        require_text(organisation),
        require_text(login, 64),
        require_text(name),
    )
    registry = Registry.create(where, evidence)
    now = clock()
    with registry.writing() as session:
        add(session, RegistryInfo(organisation=organisation, created_at=now))
        staff = Staff(login=login, name=name, role=StaffRole.COORDINATOR)
        actor = add(session, staff)
        settings = policy_settings(DEFAULT_POLICY)
        add(session, PolicyVersion(settings=settings, adopted_at=now, adopted_by=actor))
        ledger.append(
            session,
            at=now,
            actor_id=actor,
            action=Action.REGISTRY_CREATED,
            subject=f"staff:{actor}",
            details={},
        )
    registry.close()


def upgrade_registry(where: Path | str) -> bool:
    """Upgrade the registry to the newest schema in one transaction; return whether it was older."""
    return Registry.upgrade(where)


def organisation_of(application: Application) -> str:
    """Return the name of the organisation that owns the registry; nobody need be signed in."""
    with application.signing_in(writes=False) as session:
        return organisation_name(session)
