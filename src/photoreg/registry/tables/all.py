"""Every table of the registry, and which of them are append-only."""

from sqlmodel import SQLModel

from photoreg.registry.tables import (  # noqa: F401 - so that they are declared
    cases,
    consents,
    credentials,
    forms,
    history,
    ledger,
    organisation,
    people,
    photos,
    publications,
    second_looks,
    similarity,
    touched,
    verdict_cache,
)

APPEND_ONLY = (
    "consent_event",
    "consent_channel",
    "consent_purpose",
    "consent_form_channel",
    "consent_form_purpose",
    "consent_form_answer",
    "consent_form_scan",
    "permission_event",
    "permission_channel",
    "permission_purpose",
    "ruling",
    "decision",
    "policy_version",
    "list_layout",
    "ledger",
    "log_key",
    "api_key_channel",
)
"""Tables whose rows are never changed or deleted."""


NEVER_DELETED = (
    "photo_flag",
    "second_look",
    "correction",
    "take_down",
    "unclear_case",
    "publication",
    "published_photo",
    "disclosure",
    "history",
    "record_hash",
    "api_key",
)
"""Tables whose rows are ended, never deleted."""


METADATA = SQLModel.metadata
