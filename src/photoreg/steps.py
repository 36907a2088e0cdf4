"""Next steps as data: an action, its known arguments, and the inputs to ask for.

Services name actions; the command line offers them as commands to type. A step asks for whatever is
not known, and never answers for the user.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class NextAction(StrEnum):
    """The possible next actions; each user interface knows how to perform them."""

    API_KEY_ADD = "api_key_add"
    API_KEY_LIST = "api_key_list"
    API_KEY_REVOKE = "api_key_revoke"
    APPROVE = "approve"
    AUDIT_ANCHOR = "audit_anchor"
    AUDIT_LOG = "audit_log"
    AUDIT_KEYS = "audit_keys"
    AUDIT_MAKE_KEY = "audit_make_key"
    AUDIT_PUBLISHED = "audit_published"
    AUDIT_SECOND_LOOKS = "audit_second_looks"
    AUDIT_REFRESH = "audit_refresh"
    AUDIT_VERIFY = "audit_verify"
    CASE_CORRECT = "case_correct"
    CASE_LIST = "case_list"
    CASE_RULE = "case_rule"
    CASE_SHOW = "case_show"
    CHANNEL_ADD = "channel_add"
    CHANNEL_ADMINS = "channel_admins"
    CHANNEL_CHANGE = "channel_change"
    CHANNEL_CONFIRM = "channel_confirm"
    CHANNEL_LIST = "channel_list"
    CHANNEL_REVIEW = "channel_review"
    CHANNEL_TERMS_CHANGED = "channel_terms_changed"
    CHECK = "check"
    CONSENT_CORRECT = "consent_correct"
    CONSENT_EXPIRING = "consent_expiring"
    CONSENT_FORM = "consent_form"
    CONSENT_IMPORT = "consent_import"
    CONSENT_LIST = "consent_list"
    CONSENT_RECORD = "consent_record"
    CONSENT_SCAN = "consent_scan"
    CONSENT_TEXTS = "consent_texts"
    DEMO = "demo"
    EVIDENCE_RESTORE = "evidence_restore"
    EVENT_ADD = "event_add"
    EVENT_CHANGE = "event_change"
    EVENT_IMPORT_ROSTER = "event_import_roster"
    EVENT_LIST = "event_list"
    EVENT_NO_PHOTO_LIST = "event_no_photo_list"
    EVENT_ROSTER = "event_roster"
    FLAG_LIST = "flag_list"
    FLAG_RESOLVE = "flag_resolve"
    FLAG_SHOW = "flag_show"
    GUARDIAN_ADD = "guardian_add"
    GUARDIAN_END = "guardian_end"
    GUARDIAN_LIST = "guardian_list"
    GUARDIAN_VERIFY = "guardian_verify"
    METADATA_WRITE = "metadata_write"
    PERMISSION_CORRECT = "permission_correct"
    PERMISSION_GRANT = "permission_grant"
    PERMISSION_LIST = "permission_list"
    PERSON_ADD = "person_add"
    PERSON_BLOCK = "person_block"
    PERSON_CHANGE = "person_change"
    PERSON_LIST = "person_list"
    PERSON_SHOW = "person_show"
    PERSON_UNBLOCK = "person_unblock"
    PHOTO_ADD_VERSION = "photo_add_version"
    PHOTO_ANSWER = "photo_answer"
    PHOTO_CONFIRM = "photo_confirm"
    PHOTO_FLAG = "photo_flag"
    PHOTO_FORGET = "photo_forget"
    PHOTO_LIST = "photo_list"
    PHOTO_REGISTER = "photo_register"
    PHOTO_SERIES = "photo_series"
    PHOTO_SHOW = "photo_show"
    PHOTO_TAG = "photo_tag"
    PHOTO_UNTAG = "photo_untag"
    POLICY_SET = "policy_set"
    PUBLICATION_ADD = "publication_add"
    PUBLICATION_CORRECT = "publication_correct"
    PUBLICATION_LIST = "publication_list"
    PUBLICATION_SHOW = "publication_show"
    PUBLICATION_TAKE_DOWN = "publication_take_down"
    REGISTRY_BACKUP = "registry_backup"
    REGISTRY_MAKE = "registry_make"
    CLOCK_WRONG = "clock_wrong"
    REGISTRY_REPAIR = "registry_repair"
    REGISTRY_RESTORE = "registry_restore"
    RESTORE_ACKNOWLEDGE = "restore_acknowledge"
    REGISTRY_UPGRADE = "registry_upgrade"
    RULES_LIST = "rules_list"
    SHEET_EXPORT = "sheet_export"
    SHEET_IMPORT = "sheet_import"
    SERVE = "serve"
    STAFF_ADD = "staff_add"
    STAFF_CHANGE = "staff_change"
    STAFF_PASSWORD = "staff_password"  # noqa: S105 - the name of an action
    STAFF_SIGN_OUT = "staff_sign_out"
    STAFF_LIST = "staff_list"
    UNIT_LIST = "unit_list"
    UNIT_RENAME = "unit_rename"


@dataclass(frozen=True, slots=True)
class NextStep:
    """An action with its known arguments; `question` names the inputs that are still missing."""

    action: NextAction
    arguments: Mapping[str, str]
    question: tuple[str, ...] = ()

    @classmethod
    def to(cls, action: NextAction, *question: str, **arguments: str) -> "NextStep":
        """Return the step for an action; empty arguments are unknown and left out."""
        known = {name: value for name, value in arguments.items() if value}
        return cls(action, known, tuple(name for name in question if name not in known))
