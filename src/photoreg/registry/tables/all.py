"""Every table of the registry, and which of them are only ever added to."""

from sqlmodel import SQLModel

from photoreg.registry.tables import (  # noqa: F401 - so that they are declared
    cases,
    consents,
    forms,
    history,
    ledger,
    organisation,
    people,
    photos,
    publications,
    similarity,
    touched,
    verdict_cache,
)

APPEND_ONLY = (
    "consent_event",
    "consent_channel",
    "consent_purpose",
    "consent_form_answer",
    "permission_event",
    "permission_channel",
    "permission_purpose",
    "ruling",
    "decision",
    "policy_version",
    "ledger",
)
"""Tables whose rows nobody changes or deletes; what has been said stays said."""


NEVER_DELETED = (
    "photo_flag",
    "take_down",
    "unclear_case",
    "publication",
    "disclosure",
    "history",
)
"""Tables whose rows are brought to an end, never removed."""


METADATA = SQLModel.metadata
