"""Labels of the registry's values, as users read and type them."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from photoreg.texts import N_, _

LABELS: dict[str, dict[str, str]] = {
    "Channel": {
        "public_page": N_("a public page"),
        "website": N_("the website"),
        "closed_group": N_("a closed group"),
        "closed_work_group": N_("a work community's closed group"),
        "print": N_("print"),
        "press": N_("pictures handed to the press"),
        "internal": N_("the municipality's own closed system (such as Wilma or the intranet)"),
        "subsidiary_page": N_("a page of a company in the municipality's group"),
        "personal_profile": N_("a personal profile"),
    },
    "ColumnMeaning": {
        "person": N_("person"),
        "name": N_("name"),
        "surname": N_("surname"),
        "forenames": N_("forenames"),
        "calling_name": N_("calling name"),
        "born": N_("born"),
        "age": N_("age"),
        "group": N_("group"),
        "contact": N_("contact"),
        "language": N_("language"),
        "block": N_("block"),
        "permission": N_("permission"),
        "refusal": N_("refusal"),
        "total": N_("number of guardians"),
        "guardian": N_("guardian"),
        "guardian_surname": N_("guardian surname"),
        "guardian_forenames": N_("guardian forenames"),
        "guardian_contact": N_("guardian contact"),
        "guardian_language": N_("guardian language"),
        "guardian_basis": N_("guardian basis"),
        "guardian_verified": N_("guardian verified"),
        "skip": N_("skip"),
    },
    "TemplateKind": {
        "class-list": N_("class list"),
        "permissions": N_("consents"),
        "answers": N_("Answers"),
    },
    "RefusedBy": {
        "unknown": N_("nobody who is known: a publication block"),
        "guardians": N_("all guardians in the list"),
        "first": N_("the first guardian in the list"),
        "second": N_("the second guardian in the list"),
    },
    "Layout": {"html": N_("a page for the browser"), "pdf": N_("PDF")},
    "FileKind": {
        "raw": N_("RAW negatives"),
        "video": N_("videos"),
        "document": N_("documents"),
        "picture": N_("drawings and pictures of other formats"),
        "archive": N_("archives"),
        "of_program": N_("hidden files, and files of other programs"),
        "other": N_("other files"),
    },
    "VersionAnswer": {
        "whole": N_("as much as the photo it was made from"),
        "cut": N_("less: people are cut out or covered"),
    },
    "RecordAnswer": {"corrected": N_("corrected")},
    "SeriesAnswer": {
        "same": N_("perhaps the same picture"),
        "different": N_("different pictures"),
    },
    "LicenceTerm": {
        "by": N_("name the author"),
        "nc": N_("no commercial use"),
        "nd": N_("no changed versions"),
        "sa": N_("changed versions under the same licence"),
    },
    "DepictedWork": {
        "none": N_("no work of another is the main subject"),
        "main_subject": N_("another's work is the main subject"),
        "main_subject_permanent_public": N_(
            "another's work, placed permanently in a public place, is the main subject"
        ),
        "permitted": N_("the author of the work has given permission"),
    },
    "DigitalSource": {
        "camera": N_("a camera or a scanner"),
        "ai_generated": N_("made by an AI program"),
        "ai_composite": N_("changed or composed by an AI program"),
    },
    "Guardians": {"all": N_("all"), "one": N_("one")},
    "ClosedGroup": {
        "as_public": N_("counts as public"),
        "own_scope": N_("is consented to by itself"),
    },
    "Logins": {
        "claimed": N_("another login may be stated"),
        "computer": N_("only the login on the computer"),
    },
    "StaffSee": {
        "unit": N_("those of their own unit"),
        "all": N_("everybody's"),
    },
    "DataMining": {
        "prohibited": N_("not allowed"),
        "only_for_search": N_("for search only"),
        "allowed": N_("allowed"),
        "unspecified": N_("says nothing"),
    },
    "Mode": {
        "upload": N_("the photo itself"),
        "link": N_("a link"),
        "embed": N_("an embedding"),
        "share": N_("a share"),
    },
    "Purpose": {"information": N_("information"), "marketing": N_("marketing")},
    "Photographer": {"known": N_("known"), "unknown": N_("unknown")},
    "Basis": {
        "photographer_permission": N_("the photographer's permission"),
        "staff_agreement": N_("an agreement with the employee"),
        "transferred": N_("the copyright was transferred"),
        "licence_cc": N_("a Creative Commons licence"),
        "stock": N_("bought from an agency"),
        "staff_no_agreement": N_("an employee's photo, nothing agreed"),
        "public_domain": N_("no longer protected"),
        "none": N_("none"),
        "web_found": N_("found on the web"),
        "known_unlawful": N_("known to be unlawful"),
    },
    "Credit": {
        "recorded": N_("recorded"),
        "missing": N_("missing"),
        "waived": N_("not required"),
    },
    "Commissioner": {
        "na": N_("nobody ordered it"),
        "consented": N_("the one who ordered it agrees"),
        "not_consented": N_("the one who ordered it has not agreed"),
    },
    "FileRights": {
        "matches": N_("agrees with the registry"),
        "none": N_("says nothing"),
        "conflicts": N_("names somebody else"),
        "removed": N_("was removed"),
    },
    "Place": {
        "public_outdoor": N_("a street, a park or another public place outdoors"),
        "office_lobby": N_("the lobby of an office"),
        "shopping_centre": N_("a shopping centre"),
        "care_lobby": N_("the lobby of a care institution"),
        "care_other": N_("elsewhere in a care institution"),
        "school_or_daycare": N_("a school or a day-care centre"),
        "municipal_other": N_("other premises of the municipality"),
        "private_home": N_("a private home"),
        "restricted_area": N_("a closed area"),
        "unknown": N_("not known"),
    },
    "Shot": {
        "general_view": N_("a general view"),
        "person_subject": N_("a person is the subject"),
    },
    "People": {
        "none": N_("nobody is shown"),
        "recognisable": N_("somebody can be recognised"),
        "unrecognisable": N_("people, but nobody can be recognised"),
        "unsure": N_("not certain"),
    },
    "Confidentiality": {
        "none": N_("nothing confidential"),
        "care_client": N_("being a client of care services"),
        "pupil_welfare": N_("a pupil's special support"),
        "internal": N_("a confidential paper or screen"),
        "publication_block": N_("somebody who must not be shown"),
        "unsure": N_("not certain"),
    },
    "AgeGroup": {
        "adult": N_("an adult"),
        "minor": N_("a minor"),
        "unknown": N_("not known"),
    },
    "Role": {"private": N_("a private person"), "public_office": N_("in a public office")},
    "Capacity": {"ok": N_("decides alone"), "doubt": N_("in doubt"), "na": N_("guardians decide")},
    "AnswerState": {
        "none": N_("not asked"),
        "pending": N_("asked, no answer yet"),
        "granted": N_("yes"),
        "refused": N_("no"),
        "withdrawn": N_("withdrawn"),
    },
    "ConsentState": {
        "none": N_("not asked"),
        "pending": N_("asked, no answer yet"),
        "granted": N_("yes"),
        "refused": N_("no"),
        "withdrawn": N_("withdrawn"),
        "by_mistake": N_("recorded by mistake"),
        "ask_coordinator": N_("ask the coordinator"),
    },
    "Outcome": {
        "publishable": N_("publishable"),
        "unclear": N_("unclear"),
        "refused": N_("refused"),
    },
    "Severity": {
        "refused": N_("refused"),
        "unclear": N_("unclear"),
        "notice": N_("notice"),
    },
    "Family": {
        "register": N_("the registry"),
        "copyright": N_("copyright"),
        "people": N_("people shown"),
        "minors": N_("children"),
        "secrecy": N_("secrecy and place"),
        "channel": N_("channel"),
    },
    "SecondLookOutcome": {
        "agreed": N_("confirmed"),
        "differed": N_("the answer differed, the stricter one applies"),
        "put_back": N_("put back"),
        "corrected": N_("corrected at once"),
    },
    "StaffRole": {
        "employee": N_("employee"),
        "elected_official": N_("elected official"),
        "coordinator": N_("communications coordinator"),
        "deputy": N_("deputy coordinator"),
        "auditor": N_("auditor"),
        "api_key": N_("API key"),
    },
    "ApiScope": {
        "check": N_("check photos"),
        "match": N_("identify pictures"),
        "copy": N_("take clean copies"),
        "publish": N_("record publications"),
        "take_down": N_("read take-down tasks and record removals"),
    },
    "Language": {
        "fi": N_("Finnish"),
        "en": N_("English"),
        "sv": N_("Swedish"),
        "se": N_("Northern Sámi"),
    },
    "EndReason": {
        "last_day": N_("its last day comes"),
        "age_limit": N_("the maximum age in the settings is reached"),
        "adult": N_("the child comes of age"),
    },
    "RequestState": {
        "asked": N_("asked, no answer"),
        "never_asked": N_("never asked"),
    },
    "FormKind": {
        "adult": N_("one's own"),
        "guardian": N_("a guardian's"),
        "child": N_("the child's own"),
        "blank": N_("to fill in"),
    },
    "WholeReach": {"everything": N_("everything")},
    "GuardianBasis": {
        "parent": N_("a parent"),
        "court_order": N_("by court order"),
        "agreement": N_("by agreement"),
        "care_decision": N_("by a decision on the child's care"),
    },
    "ConsentKind": {
        "requested": N_("asked"),
        "given": N_("given"),
        "refused": N_("was refused"),
        "withdrawn": N_("withdrawn"),
        "renewed": N_("renewed"),
    },
    "Method": {
        "written": N_("in writing"),
        "electronic": N_("electronically"),
        "oral": N_("orally"),
        "strong_identification": N_("with strong identification"),
        "online_code": N_("online with the code of the form"),
    },
    "Prominence": {"subject": N_("a subject"), "passing": N_("passing by")},
    "DecisionFor": {
        "approval": N_("approval"),
        "export": N_("export"),
        "publication": N_("publication"),
    },
    "RulingKind": {
        "publishable": N_("may be published"),
        "refused": N_("may not be published"),
        "needs_facts": N_("more facts are needed"),
    },
    "CaseState": {
        "open": N_("open"),
        "void": N_("void: the facts have changed since"),
        "settled": N_("closed: no ruling is needed any more"),
        "lapsed": N_("expired: the last day of the ruling has passed"),
        "ruled": N_("ruled on"),
        "corrected": N_("corrected by a later ruling"),
    },
    "PlaceClass": {
        "public": N_("in a public place"),
        "care": N_("on care premises"),
        "other": N_("in another place"),
        "unknown": N_("in a place that is not known"),
    },
    "FlagState": {
        "open": N_("open"),
        "upheld": N_("stands: the photo stays stopped"),
        "lifted": N_("lifted"),
    },
    "FlagCause": {
        "reported": N_("somebody reported it"),
        "looks_alike": N_("it looks like a stopped photo"),
        "objection": N_("somebody objects who is not entitled to decide"),
        "not_named": N_("refused for somebody who is not named in it"),
        "removed": N_("somebody was removed while a refusal or withdrawal was in force"),
        "taken_out": N_(
            "somebody was removed, or the photographer replaced, while a stop was in force"
        ),
        "carried_over": N_("it was stopped in the registry that a backup replaced"),
    },
    "StopKind": {
        "flag": N_("flag"),
        "block": N_("publication block"),
        "erasure": N_("erased person, whose data the backup brought back: erase them again"),
        "consent": N_("refusal or withdrawal by a person or guardian"),
        "permission": N_("refusal or withdrawal by a rights holder"),
        "photo": N_("photo that a refusal, block or ruling stopped; it was flagged"),
    },
    "FlagOutcome": {"upheld": N_("stands"), "lifted": N_("lifted")},
    "ObjectorKind": {
        "staff": N_("a user"),
        "person": N_("a person in the registry"),
        "outsider": N_("somebody outside"),
    },
    "MatchVerdict": {
        "allowed": N_("allowed"),
        "no_longer_allowed": N_("no longer allowed"),
        "not_allowed": N_("not allowed"),
        "unclear": N_("unclear"),
        "depends": N_("depends on the channel"),
        "unknown": N_("unknown"),
        "not_compared": N_("not enough detail to compare"),
    },
    "MatchMethod": {
        "file": N_("the same file"),
        "picture": N_("the same picture"),
        "looks": N_("looks alike"),
        "cropped": N_("looks like a part of it"),
    },
    "PublicationState": {
        "online": N_("online"),
        "printed": N_("in print or with the press"),
        "take_down_open": N_("to be taken down"),
        "taken_down": N_("taken down"),
        "by_mistake": N_("recorded by mistake"),
    },
    "OneGuardianReason": {
        "only_one": N_("the child has one guardian"),
        "excused": N_("the others are excused"),
        "policy": N_("the policy requires one guardian only"),
    },
    "RulingState": {
        "in_force": N_("in force"),
        "void": N_("void: the facts have changed since"),
        "expired": N_("expired"),
        "corrected": N_("corrected by a later ruling"),
    },
    "DocumentState": {
        "whole": N_("unchanged"),
        "damaged": N_("missing or changed"),
        "unreachable": N_("cannot be read now"),
        "erased": N_("erased"),
    },
    "PageState": {
        "new": N_("the document of its form"),
        "known": N_("kept already"),
        "back": N_("the back of the page before it"),
        "no_code": N_("no code found"),
        "unknown_form": N_("not a form of this registry"),
        "answered": N_("the form is answered already"),
        "withdrawn": N_("the answer was withdrawn"),
        "closed": N_("nothing more can be recorded about the person"),
        "several_codes": N_("several codes"),
        "several_pictures": N_("several pictures in one file"),
        "repeated": N_("the form is on several pages"),
        "same_file": N_("the same file once more"),
        "other_scan": N_("the form has another page already"),
        "unreadable": N_("the file cannot be read"),
        "no_scan": N_("not a scanned page"),
        "as_printed": N_("the form as it was printed, not a scan of it"),
        "encrypted": N_("protected by a password"),
        "damaged": N_("damaged"),
        "too_large": N_("too large"),
        "too_many_pages": N_("too many pages"),
    },
    "EvidenceFault": {
        "missing": N_("the file is missing"),
        "changed": N_("the file has been changed"),
        "not_erased": N_("it should have been erased but is still there"),
        "unknown": N_("a file that belongs to no record"),
    },
    "ErasureGround": {
        "request": N_("at the person's request"),
        "withdrawn": N_("the consent was withdrawn"),
        "not_needed": N_("the data is no longer needed"),
        "unlawful": N_("the data was kept unlawfully"),
    },
    "ErasedItem": {
        "name": N_("the name"),
        "contact": N_("the contact"),
        "facts": N_("birth date, language and other facts about the person"),
        "rosters": N_("their entries on rosters"),
        "positions": N_("descriptions of their place in photos"),
        "evidence": N_("documents that concern nobody else"),
        "flag_words": N_("the texts of their objections"),
        "guardian_texts": N_("notes about guardianships; the guardianships are kept as ids"),
        "descriptions": N_("descriptions in photo files that contain the name"),
        "purposes": N_("viewing purposes that contain the name"),
    },
    "RetainedItem": {
        "tombstone": N_(
            "a tombstone: the id, the day and the ground; and the log, which contains ids and codes"
        ),
        "author_name": N_(
            "the name, credit and permission as the author of photos, who by law must be named "
            "(Copyright Act 3 §)"
        ),
        "photos": N_(
            "photos that show the person, which may no longer be published; archive law and "
            "your archive plan decide whether the files are kept or destroyed"
        ),
        "consents": N_(
            "the record that consents and refusals were given: ids, days, channels and hashes, "
            "for accountability (GDPR art. 7(1), 17(3)(e))"
        ),
        "notes": N_(
            "notes on consents and refusals: they cannot be changed and should contain no names"
        ),
        "writings": N_(
            "rulings, flags, take-down tasks and events whose text contains the name: they are "
            "kept for accountability; you can change the name of an event"
        ),
        "shared_evidence": N_("documents that also concern others"),
        "decisions": N_(
            "decisions and rulings with their facts: the id, the birth date and written "
            "reasons, for accountability"
        ),
        "wards": N_(
            "consents that the person gave for somebody else; they are considered withdrawn "
            "from today"
        ),
        "file_names": N_("file names that contain the name: rename those files yourselves"),
        "staff": N_("the person's login as a user of the registry"),
        "backups": N_("earlier backups: delete them, or erase the data again after restoring one"),
    },
    "Action": {
        "registry.created": N_("the registry was created"),
        "registry.copied": N_("the registry was copied"),
        "registry.backed_up": N_("a backup was made"),
        "registry.restored": N_("a backup was restored"),
        "registry.stop_carried": N_("a stop of the replaced registry was carried over"),
        "registry.restore_acknowledged": N_("somebody looked at what a restored backup changed"),
        "registry.repaired": N_("files left by interrupted work were removed"),
        "record.changed": N_("a record was changed"),
        "records.hashed": N_("hashes of the records written"),
        "clock.wrong": N_("an entry was written with a wrong clock"),
        "staff.added": N_("a user was added"),
        "staff.changed": N_("a user was changed"),
        "staff.password_set": N_("a user's password was set"),
        "session.opened": N_("a user signed in on the desk"),
        "session.ended": N_("a user's session on the desk ended"),
        "unit.renamed": N_("a unit was renamed"),
        "policy.set": N_("the settings were changed"),
        "channel.added": N_("a channel was added"),
        "channel.changed": N_("a channel was changed"),
        "channel.terms_changed": N_("a channel's terms changed"),
        "channel.reviewed": N_("a channel was reviewed"),
        "event.added": N_("an event was added"),
        "event.changed": N_("an event was changed"),
        "event.doubt_asked": N_("the coordinator was asked about a row of a class list"),
        "event.doubt_decided": N_("it was decided who is meant on a row of a class list"),
        "person.added": N_("the person was added"),
        "person.changed": N_("the person's data was changed"),
        "blocks.read": N_("the list of those who must not be shown was read"),
        "person.reported": N_("a report about the person was made"),
        "person.erased": N_("the person's data was erased"),
        "person.merged": N_("two records of a person were merged"),
        "retention.run": N_("data no longer needed was deleted"),
        "guardian.added": N_("a guardian was added"),
        "guardian.verified": N_("a guardianship was verified"),
        "guardian.excused": N_("a guardian was excused"),
        "guardian.ended": N_("a guardianship ended"),
        "guardian.decides_alone": N_("a guardian decides alone"),
        "consent_form.printed": N_("a form was printed"),
        "consent_form.scanned": N_("a returned form was scanned"),
        "consent.requested": N_("a consent was asked for"),
        "consent.given": N_("a consent was given"),
        "consent.refused": N_("a consent was refused"),
        "consent.withdrawn": N_("a consent was withdrawn"),
        "consent.renewed": N_("a consent was renewed"),
        "permission.requested": N_("a permission was asked for"),
        "permission.given": N_("a permission was given"),
        "permission.refused": N_("a permission was refused"),
        "permission.withdrawn": N_("a permission was withdrawn"),
        "permission.renewed": N_("a permission was renewed"),
        "photo.registered": N_("a photo was registered"),
        "photo.answered": N_("questions about a photo were answered"),
        "photo.tagged": N_("somebody was named in a photo"),
        "photo.series_settled": N_("photos that look alike are different pictures"),
        "photo.series_completed": N_("photos that look alike are the same picture"),
        "photo.untagged": N_("somebody was removed from a photo"),
        "photo.approved": N_("a photo was approved"),
        "photo.not_approved": N_("a photo was not approved"),
        "photo.exported": N_("a copy of a photo was made"),
        "photo.metadata_written": N_("rights were written into a photo"),
        "photo.file_changed": N_("a photo's file changed"),
        "photo.rights_removed": N_("rights were removed from a photo"),
        "photo.rights_restored": N_("rights are back in a photo"),
        "photo.version_added": N_("a version of a photo was added"),
        "photo.fingerprinted": N_("a picture hash was computed"),
        "photo.forgotten": N_("a photo that was registered by mistake was removed"),
        "photo.picture_unread": N_("the file of a photo has changed and could not be read"),
        "photo.picture_read": N_("the file of a photo could be read again"),
        "evidence.damaged": N_("a document was found missing or changed"),
        "evidence.whole": N_("a document was found whole"),
        "evidence.shown": N_("what is recorded of a document was viewed"),
        "evidence.exported": N_("a copy of a document was made"),
        "case.opened": N_("a case was opened"),
        "case.shown": N_("a case was shown to whoever may rule on it"),
        "case.ruled": N_("a case was ruled on"),
        "flag.raised": N_("a photo was stopped"),
        "flag.resolved": N_("a flag was resolved"),
        "second_look.asked": N_("an answer was taken back"),
        "second_look.confirmed": N_("a second look ended"),
        "correction.asked": N_("a colleague was asked whether it was typed by mistake"),
        "correction.made": N_("it was typed by mistake and counts as never said"),
        "correction.rejected": N_("a colleague answered that it was no mistake"),
        "recording.undone": N_("what was recorded last was undone"),
        "publication.added": N_("a publication was recorded"),
        "publication.not_recallable": N_("a photo that cannot be recalled may not be published"),
        "take_down.opened": N_("a take-down task was opened"),
        "take_down.done": N_("a publication was taken down"),
        "take_down.assigned": N_("a take-down task was assigned to somebody else"),
        "take_down.cancelled": N_("a take-down task was cancelled"),
        "names.read": N_("a purpose for viewing names was stated"),
        "names.shown": N_("names or contacts were viewed"),
        "logins.read": N_("the entries under another login than the computer's were viewed"),
        "list_layout.saved": N_("how the columns of a list are read was saved"),
        "api_key.added": N_("an API key was made"),
        "api_key.revoked": N_("an API key was revoked"),
        "log_key.added": N_("a key that signs anchors of the log was made"),
    },
    "ExternalItem": {
        "lists": N_(
            "lists and tables of these events, with small pictures: no-photo lists, lists of "
            "answers, class lists"
        ),
        "copies": N_("copies for publication of these photos"),
        "reports": N_("reports about the person written on these days, and receipts"),
    },
}
"""The English label of each value, by the class name of its enumeration."""


def label(value: StrEnum | None) -> str:
    """Return the label of a value in the user's language."""
    return "-" if value is None else _(LABELS[type(value).__name__][value.value])


def value_labels(kind: str, values: Iterable[str]) -> list[str]:
    """Return labels in the user's language; leave values without a label, such as names, as is."""
    labels = LABELS[kind]
    return [_(labels[value]) if value in labels else value for value in values]


SETTING_LABELS = {
    "guardians": N_("how many guardians must consent: all or one"),
    "child_age": N_("age in years below which guardians decide"),
    "child_view_age": N_("age in years from which a child's own view is needed"),
    "closed_group": N_("whether a closed group counts as public or is consented to by itself"),
    "public_places": N_("places that count as public in addition to those of the guideline"),
    "yes_by": N_("how a consent or permission must be given to count; a refusal always counts"),
    "four_eyes": N_("whether somebody else must rule on a photo than who took or registered it"),
    "staff_see": N_(
        "whose names, birth dates and contacts staff see: those of their unit's people, or all"
    ),
    "logins": N_("whether a login other than the one on the computer may be stated"),
    "correction_minutes": N_(
        "minutes in which one's own slip can be corrected without a colleague"
    ),
    "ask_about_faces": N_("whether faces that nobody has accounted for are asked about"),
    "response_target_hours": N_("hours in which an objection is to be answered"),
    "review_interval_months": N_("months between two reviews of a channel"),
    "min_channel_admins": N_("how many administrators a channel needs"),
    "max_consent_age_months": N_("months after which a consent no longer counts"),
    "retention_months": N_("months after which unneeded data is proposed for deletion"),
    "data_mining": N_("what copies say about training AI with the photo"),
    "controller_contact": N_("contact printed on forms and receipts"),
    "data_protection_officer": N_("data protection officer printed on forms and receipts"),
}
"""What each setting decides; a setting without a label is shown by its name alone."""


def setting_label(name: str) -> str:
    """Return what a setting decides, in the user's language."""
    return _(SETTING_LABELS[name]) if name in SETTING_LABELS else ""


SETTING_ENUMERATIONS = {
    "guardians": "Guardians",
    "closed_group": "ClosedGroup",
    "public_places": "Place",
    "yes_by": "Method",
    "logins": "Logins",
    "staff_see": "StaffSee",
    "data_mining": "DataMining",
}
"""The enumeration of each setting that is a choice or several."""


def setting_in_words(name: str, value: object) -> str:
    """Return the value of a setting in the user's language; a number or a text as it is."""
    if value is None:
        return _("off")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = list(map(str, value if isinstance(value, list | tuple) else [value]))
    labelled = name in SETTING_ENUMERATIONS
    words = value_labels(SETTING_ENUMERATIONS[name], values) if labelled else values
    return ", ".join(filter(None, words)) or "-"


QUESTION_LABELS = {
    "photographer": N_("who took the photo"),
    "basis": N_("the basis for using it"),
    "commissioner": N_("whether somebody ordered the portrait"),
    "file_rights": N_("the rights information in the file"),
    "picture": N_("the picture itself (its file was never read, or has changed)"),
    "place": N_("where it was taken"),
    "shot": N_("a general view or a person as subject"),
    "confidentiality": N_("does it reveal something confidential"),
    "terms_changed": N_("whether the channel's terms have changed"),
    "people": N_("can people be recognised"),
    "context_identifies": N_("do caption, clothes or place identify somebody"),
    "sensitive": N_("is the situation sensitive"),
    "recognisable_count": N_("how many people can be recognised"),
    "capacity": N_("whether the person is able to decide"),
    "born": N_("the date of birth, which tells whether the person answered as an adult"),
}
"""The labels of the open questions that RG_INCOMPLETE names."""


def question_in_words(name: str) -> str:
    """Return the label of an open question, or of whatever else a finding names."""
    return _(QUESTION_LABELS.get(name, name))


def question_labels(names: Iterable[str]) -> str:
    """Return the labels of open questions as one text."""
    return ", ".join(map(question_in_words, names))


_METADATA_LABELS = {
    "Artist": N_("photographer"),
    "Copyright": N_("copyright notice"),
    "Orientation": N_("orientation"),
    "GPS": N_("the place where it was taken"),
    "BodySerialNumber": N_("the camera's serial number"),
    "MakerNote": N_("the camera maker's own data"),
    "Thumbnail": N_("the small preview"),
    "Make": N_("the camera's maker"),
    "Model": N_("the camera's model"),
    "DateTimeOriginal": N_("when it was taken"),
    "ImageDescription": N_("the description"),
    "XMP": N_("data of photo programs (XMP)"),
    "IPTC": N_("data of photo programs (IPTC)"),
    "MPF": N_("further pictures in the file"),
    "Comment": N_("a comment"),
    "AfterImage": N_("data after the end of the image"),
}
"""Labels of what a file holds besides its image."""


def metadata_label(name: str) -> str:
    """Return the label of something that a file holds besides its image."""
    return _(_METADATA_LABELS.get(name, name))


def scope_words(channels: Iterable[str], purposes: Iterable[str]) -> str:
    """Return channels with the purposes for which something is said: `website: marketing`."""
    where = ", ".join(value_labels("Channel", channels))
    what = ", ".join(value_labels("Purpose", purposes))
    return f"{where}: {what}" if where and what else where or what


def status_words(
    state: str, status: Mapping[str, Any], refused: Sequence[Mapping[str, list[str]]]
) -> str:
    """Return what a consent or permission says: its state, for what, and what is left out."""
    granted = scope_words(status["channels"], status["purposes"] if refused else ())
    left_out = "; ".join(filter(None, (scope_words(**each) for each in refused)))
    return (
        _(LABELS["ConsentState"][state])
        + (f" ({granted})" if granted else "")
        + (_("; not: {refused}").format(refused=left_out) if left_out else "")
    )
