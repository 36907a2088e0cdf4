"""What the details of the log's entries are called, and the labels of the codes in them."""

from collections.abc import Mapping

from photoreg.presentation.facts import FACT_LABELS, PERSON_FACT_LABELS
from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.record_life.field_labels import FIELD_LABELS
from photoreg.presentation.second_looks import STATEMENT_LABELS
from photoreg.rulebook.reasons import REASONS
from photoreg.texts import N_, _

DETAIL_LABELS = {
    "about": N_("about"),
    "active": N_("in use"),
    "admins": N_("administrators"),
    "admins_added": N_("administrators added"),
    "admins_removed": N_("administrators removed"),
    "answers": N_("questions answered"),
    "asked_for": N_("a task asked for it"),
    "attorney": N_("with a power of attorney"),
    "author": N_("rights transferred from"),
    "basis": N_("basis"),
    "because": N_("cause"),
    "before": N_("hash of the file before"),
    "by": N_("whose answer it is"),
    "candidates": N_("could be"),
    "changed": N_("records changed"),
    "channel": N_("channel"),
    "channels": N_("channels"),
    "children": N_("children"),
    "codes": N_("reasons"),
    "consents": N_("consents"),
    "contacts": N_("contacts"),
    "controller": N_("controller"),
    "controller_before": N_("controller before"),
    "day": N_("day"),
    "decision": N_("decision"),
    "disclosure": N_("number of the viewing"),
    "documents": N_("documents"),
    "entry": N_("belongs to entry"),
    "event": N_("event"),
    "evidence": N_("document (hash)"),
    "facts": N_("hash of the facts"),
    "fields": N_("what was changed"),
    "form": N_("form"),
    "from_file": N_("the photographer was taken from the file"),
    "ground": N_("ground"),
    "guardian": N_("guardian"),
    "key": N_("key"),
    "kind": N_("kind"),
    "language": N_("language"),
    "later_by": N_("later than the clock by"),
    "like": N_("looks like"),
    "list": N_("command"),
    "made_on": N_("day of the backup"),
    "moved": N_("the file was moved"),
    "names_kind": N_("names the kind of channel"),
    "on": N_("day"),
    "other_than": N_("is not the same person as"),
    "outcome": N_("result"),
    "owner": N_("whose task"),
    "people": N_("people"),
    "permissions": N_("permissions"),
    "person": N_("person"),
    "persons": N_("persons"),
    "photo": N_("photo"),
    "photographers": N_("photographers"),
    "photos": N_("photos"),
    "picture_sha256": N_("hash of the picture"),
    "proposed_own": N_("proposed: the municipality's own"),
    "proposed_own_before": N_("proposed before: the municipality's own"),
    "proposed_since": N_("proposed: since"),
    "proposed_since_before": N_("proposed before: since"),
    "publication": N_("publication"),
    "purposes": N_("purposes"),
    "questions": N_("questions"),
    "removed": N_("files removed"),
    "replaced": N_("what was replaced"),
    "role": N_("role"),
    "roster": N_("on the roster"),
    "roster_added": N_("added to the roster"),
    "roster_listed": N_("on the roster already, in the same list"),
    "roster_removed": N_("removed from the roster"),
    "ruling": N_("ruling"),
    "corrects": N_("corrects the ruling on case"),
    "scopes": N_("may be used for"),
    "server_role": N_("role on the server"),
    "settings": N_("settings given"),
    "sha256": N_("hash of the file"),
    "sidecar": N_("hash of the sidecar"),
    "since": N_("since"),
    "since_before": N_("since before the change"),
    "stop": N_("what was carried over"),
    "stops": N_("stops carried over"),
    "stripped": N_("metadata was removed from the file"),
    "tags": N_("fields written"),
    "terms": N_("terms of the licence"),
    "undone": N_("entry that was undone"),
    "unnamed": N_("people without a name"),
    "until": N_("until"),
    "verified": N_("verified"),
    "version": N_("version of the form"),
    "withdrawn": N_("withdrawn"),
}
"""What each detail of an entry is called."""

_SPEAKERS = {
    "requested": N_("who is asked"),
    "given": N_("given by"),
    "renewed": N_("given by"),
    "refused": N_("refused by"),
    "withdrawn": N_("withdrawn by"),
}

LABELS_BY_ACTION = {
    **{
        (f"{record}.{kind}", "by"): label
        for record in ("consent", "permission")
        for kind, label in _SPEAKERS.items()
    },
    ("consent_form.printed", "by"): N_("who is asked"),
    ("flag.raised", "by"): N_("who objects"),
    ("person.erased", "author"): N_("was an author of photos"),
    ("person.erased", "evidence"): N_("documents"),
    ("person.merged", "person"): N_("merged record"),
    ("retention.run", "before"): N_("older than"),
    ("staff.changed", "active"): N_("in use"),
}
"""What a detail is called in the entries of one action, where it means something else there."""

OFTEN_NO = frozenset(
    {
        *("asked_for", "attorney", "author", "from_file", "moved", "names_kind", "stripped"),
        "verified",
    }
)
"""Details that are told only when they are yes."""

_REASON_TITLES = {code: reason.title for code, reason in REASONS.items()}

DETAIL_VALUES: Mapping[str, Mapping[str, str]] = {
    "basis": {**LABELS["Basis"], **LABELS["GuardianBasis"]},
    "because": LABELS["Action"],
    "by": LABELS["ObjectorKind"],
    "channels": LABELS["Channel"],
    "codes": _REASON_TITLES,
    "controller": {"own": N_("the municipality"), "other": N_("somebody else")},
    "ground": LABELS["ErasureGround"],
    "kind": {**LABELS["Channel"], **LABELS["ConsentKind"]},
    "language": LABELS["Language"],
    "outcome": {**LABELS["FlagOutcome"], **LABELS["SecondLookOutcome"]},
    "people": LABELS["People"],
    "purposes": LABELS["Purpose"],
    "replaced": {
        "nothing": N_("nothing"),
        "registry": N_("the registry"),
        "damaged": N_("a damaged registry"),
    },
    "role": LABELS["StaffRole"],
    "scopes": LABELS["ApiScope"],
    "ruling": LABELS["RulingKind"],
    "server_role": {"changed": N_("changed")},
    "stop": LABELS["StopKind"],
    "terms": LABELS["LicenceTerm"],
}
"""The labels of the codes that a detail holds, by its key; `_before` is as without it."""

QUESTION_KEYS = frozenset({"answers", "fields", "questions"})
"""Details that are keys of questions."""


def detail_label(action: str, key: str) -> str:
    """Return what a detail is called in the entries of an action, in the user's language."""
    return _(LABELS_BY_ACTION.get((action, key)) or DETAIL_LABELS.get(key, key))


def detail_values(key: str) -> Mapping[str, str]:
    """Return the labels of the codes that a detail holds."""
    return DETAIL_VALUES.get(key.removesuffix("_before"), {})


def question_label(name: str) -> str:
    """Return what a question is called: `H-2 age_group` is asked about a person."""
    person, _blank, question = name.rpartition(" ")
    label = (
        FIELD_LABELS.get(question)
        or FIELD_LABELS.get(f"{question}_id")
        or DETAIL_LABELS.get(question)
        or _OTHER_QUESTIONS.get(question)
        or QUESTION_LABELS.get(question, question)
    )
    text = _(label)
    return f"{person} {text[:1].lower()}{text[1:]}".strip()


_OTHER_QUESTIONS = {
    **{name: label for name, (label, _kind) in (FACT_LABELS | PERSON_FACT_LABELS).items()},
    **{name: label for name, (label, _kind) in STATEMENT_LABELS.items()},
}
