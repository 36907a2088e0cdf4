"""A registry with a row in every table, and raw connections to a registry."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    UNTIL,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Basis, Channel, ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import approval
from photoreg.services.organisation import channels, registry_setup, staff
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
from photoreg.services.publications import publishing

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

FURTHER_ROWS: dict[str, dict[str, Any]] = {
    "likeness_block": {
        "number": 0,
        "offsets": bytes(2),
        "first_half": bytes(16),
        "second_half": bytes(16),
    },
    "photo_flag": {
        "photo_id": 1,
        "objector": "Maija",
        "objector_kind": "outsider",
        "reason": "Take me off",
        "raised_at": NOW,
        "raised_by": 1,
        "due_at": NOW,
        "resolution": "",
    },
    "second_look": {
        "photo_id": 1,
        "about": "",
        "before": {"people": "recognisable"},
        "after": {"people": "none"},
        "asked_at": NOW,
        "taken_back_by": 1,
    },
    "correction": {"statement_id": 1, "asked_at": NOW, "asked_by": 1},
    "photo_series": {
        "photo_id": 1,
        "series_id": 1,
        "lacks": False,
        "settled_at": NOW,
        "settled_by": 1,
    },
    "consent_form": {
        "code": "H7K2",
        "language": "fi",
        "form_version": "1",
        "printed_at": NOW,
        "printed_by": 1,
    },
    "consent_form_channel": {"form_id": 1, "channel_id": 1},
    "consent_form_purpose": {"form_id": 1, "purpose": "information"},
    "consent_form_answer": {"form_id": 1, "statement_id": 1},
    "consent_form_scan": {
        "form_id": 1,
        "evidence": sha256(b"signed").hexdigest(),
        "source": "a" * 64,
        "first_page": 1,
        "last_page": 2,
        "scanned_at": NOW,
        "scanned_by": 1,
    },
    "verdict_basis": {"day": date(2026, 11, 2), "rules_version": "1", "policy_version": 1},
    "verdict_cache": {"photo_id": 1, "valid_until": date(2027, 1, 1), "basis_id": 1},
    "missing_consent": {
        "photo_id": 1,
        "channel_id": 1,
        "outcome": "refused",
        "codes": "CN_NO_CONSENT",
        "persons": "1",
    },
    "photo_class": {"photo_id": 1, "class_key": "A;B", "person_ids": "1;2"},
    "stale_person": {"person_id": 1},
    "separate_person": {"person_id": 1, "day": date(2026, 11, 2)},
    "touched": {"scope": "event", "number": 9},
    "list_layout": {
        "kind": "class_list",
        "name": "Primus",
        "shape": "a" * 64,
        "columns": {"Huolt. 1": "guardian 1"},
        "saved_at": NOW,
        "saved_by": 1,
    },
    "log_key": {"public_key": "photoreg.kunta/1+ab+AQ==", "added_at": NOW, "added_by": 1},
    "password": {
        "staff_id": 1,
        "salt": "a" * 32,
        "sha256": "a" * 64,
        "must_change": False,
        "set_at": NOW,
        "set_by": 1,
    },
    "api_key": {
        "staff_id": 1,
        "sha256": "a" * 64,
        "scopes": "check",
        "last_day": date(2027, 12, 31),
        "added_at": NOW,
        "added_by": 1,
    },
    "api_key_channel": {"key_id": 1, "channel_id": 1},
    "access_secret": {
        "staff_id": 1,
        "sha256": "a" * 64,
        "valid_until": NOW,
        "added_at": NOW,
    },
    "session_use": {"secret_id": 1, "used_at": NOW},
    "sign_in_attempt": {"login": "anna", "address": "192.0.2.1", "at": NOW},
    "disclosure": {"at": NOW, "actor_id": 1, "list": "lacking", "purpose": "yearly audit"},
}


@pytest.fixture(scope="session")
def full_registry(
    new_registry: Callable[[], Path | str], tmp_path_factory: pytest.TempPathFactory
) -> Path | str:
    """A registry with a row in every table; made once, so nobody changes it."""
    folder = tmp_path_factory.mktemp("full")
    where = new_registry()
    clock = Clock()
    registry_setup.create_registry(
        where, organisation="Enontekiön kunta", login="kaisa", name="Kaisa Ruonala", clock=clock
    )
    registry = Registry.open(where, folder)
    fill(Application(registry, "kaisa", clock), Application(registry, "anna", clock), folder)
    with registry.writing() as session:
        for name, values in FURTHER_ROWS.items():
            session.connection().execute(sa.insert(METADATA.tables[name]).values(values))
    registry.close()
    return where


def fill(kaisa: Application, anna: Application, folder: Path) -> None:
    staff.add_staff(kaisa, login="anna", name="Anna Lahti", role=StaffRole.EMPLOYEE)
    channels.add_channel(
        kaisa,
        name=PAGE_USE.channel,
        title="Page",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=["anna"],
    )
    taker = add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    events.add_event(anna, "Market", on=date(2026, 10, 3), photographers=[taker], roster=[elle])
    photo = register_photo(anna, folder, MARKET)
    tag_person(anna, photo, elle)
    persons.change_person(anna, taker, PersonDetails(known_as=("Áilu",)))
    add_child(anna, "Máret Valkeapää", date(2018, 1, 1), guardians=["Ante Valkeapää"])
    form = folder / "form.pdf"
    form.write_bytes(b"signed")
    signed = ConsentStatement(
        ConsentKind.GIVEN, (PAGE_USE.channel, "print"), until=UNTIL, evidence=form
    )
    consents.record_consent(anna, ConsentParties("Máret Valkeapää", by="Ante Valkeapää"), signed)
    permissions.record_permission(
        anna,
        PermissionParties(photographer=taker),
        signed,
        PermissionTerms(basis=Basis.STAFF_AGREEMENT, credit="Á"),
    )
    [answer] = approval.approve(anna, [photo], PAGE_USE)
    rule_on(kaisa, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Looked at it.")
    approval.approve(anna, [photo], PAGE_USE)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    record_consent(anna, elle, ConsentStatement(ConsentKind.REFUSED))
