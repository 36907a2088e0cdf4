"""Who may take a next step: whoever else is told whom to ask."""

from photoreg.registry.tables.people import USER_ROLES, StaffRole
from photoreg.services.unit_of_work import COORDINATORS, RECORDERS
from photoreg.steps import NextAction
from photoreg.texts import N_, _

_OF_COORDINATORS = frozenset(
    {
        *(NextAction.AUDIT_MAKE_KEY, NextAction.AUDIT_REFRESH),
        *(NextAction.API_KEY_ADD, NextAction.API_KEY_REVOKE),
        *(NextAction.CASE_CORRECT, NextAction.CASE_RULE),
        *(NextAction.CHANNEL_ADD, NextAction.CHANNEL_ADMINS, NextAction.CHANNEL_CHANGE),
        *(NextAction.CHANNEL_REVIEW, NextAction.CHANNEL_TERMS_CHANGED, NextAction.UNIT_RENAME),
        *(NextAction.CLOCK_WRONG, NextAction.FLAG_RESOLVE, NextAction.GUARDIAN_END),
        *(NextAction.POLICY_SET, NextAction.REGISTRY_BACKUP, NextAction.REGISTRY_REPAIR),
        *(NextAction.REGISTRY_RESTORE, NextAction.RESTORE_ACKNOWLEDGE),
        *(NextAction.STAFF_ADD, NextAction.STAFF_CHANGE),
        *(NextAction.PERSON_UNBLOCK, NextAction.STAFF_PASSWORD, NextAction.STAFF_SIGN_OUT),
    }
)

_OF_EVERYBODY = frozenset(
    {
        *(NextAction.API_KEY_LIST, NextAction.AUDIT_ANCHOR, NextAction.AUDIT_KEYS),
        NextAction.AUDIT_LOG,
        *(NextAction.AUDIT_PUBLISHED, NextAction.AUDIT_SECOND_LOOKS, NextAction.CASE_LIST),
        *(NextAction.CASE_SHOW, NextAction.CHANNEL_LIST, NextAction.CHECK),
        *(NextAction.CONSENT_EXPIRING, NextAction.CONSENT_LIST, NextAction.CONSENT_TEXTS),
        *(NextAction.DEMO, NextAction.EVENT_LIST, NextAction.EVENT_NO_PHOTO_LIST),
        *(NextAction.FLAG_LIST, NextAction.FLAG_SHOW, NextAction.GUARDIAN_LIST),
        *(NextAction.PERMISSION_LIST, NextAction.PERSON_LIST, NextAction.PERSON_SHOW),
        *(NextAction.PHOTO_LIST, NextAction.PHOTO_SHOW, NextAction.PUBLICATION_LIST),
        NextAction.PUBLICATION_SHOW,
        *(NextAction.REGISTRY_MAKE, NextAction.REGISTRY_UPGRADE, NextAction.RULES_LIST),
        NextAction.SERVE,
        *(NextAction.SHEET_EXPORT, NextAction.STAFF_LIST, NextAction.AUDIT_VERIFY),
        NextAction.UNIT_LIST,
    }
)


def roles_of(action: NextAction) -> frozenset[StaffRole]:
    """Return the roles that may take a step."""
    if action in _OF_EVERYBODY:
        return frozenset(USER_ROLES)
    return COORDINATORS if action in _OF_COORDINATORS else RECORDERS


ONLY_A_COLLEAGUE = N_("Only a colleague can do this:")
ONLY_A_COORDINATOR = N_("The communications coordinator can do this:")
ONLY_WHO_RECORDS = N_("A colleague who records photos can do this:")
"""Who takes a step that the user may not take."""


def whom_to_ask(action: NextAction, role: StaffRole | None) -> str:
    """Return who takes a step, if not a user of this role; otherwise an empty text."""
    allowed = roles_of(action)
    if role is None or role in allowed:
        return ""
    return _(ONLY_A_COORDINATOR if allowed <= COORDINATORS else ONLY_WHO_RECORDS)
