"""Views of photos and their files."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    ColumnKind,
    View,
    day_column,
    object_array,
    values_of,
)
from photoreg.registry.tables.photos import Prominence
from photoreg.rulebook.facts import AnswerState, ConsentKind, Role
from photoreg.services.decisions.flags import FlagState
from photoreg.texts import N_

_RIGHTS_IN_FILE = (
    Column("terms", N_("terms of use in the file"), STRING),
    Column("licence_url", N_("address of the licence"), STRING),
    Column("licence", N_("licence stated in the file"), STRING),
    Column("release", N_("release stated in the file"), STRING),
    Column("all_rights_reserved", N_("all rights reserved"), BOOLEAN),
)
REGISTERED = View(
    "registered",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("new", N_("new"), BOOLEAN),
        Column("photographers", N_("photographers"), STRINGS),
        Column("proposed", N_("proposed from the file"), BOOLEAN),
        Column("file_artist", N_("named in the file"), STRING),
        Column("other_artist", N_("the file names another photographer"), STRING),
        Column("camera", N_("camera"), STRING),
        Column("taken_at", N_("taken"), MAYBE_STRING, kind=ColumnKind.CAMERA_TIME),
        Column("holds_place", N_("contains a location"), BOOLEAN),
        Column("outside_event", N_("taken on other days than its event"), BOOLEAN),
        Column("open", N_("open questions"), STRINGS),
        Column("metadata_changed", N_("metadata changed"), BOOLEAN),
        Column("is_copy", N_("a copy"), BOOLEAN),
        Column("lacks_rights", N_("rights removed"), BOOLEAN),
        Column("alike", N_("looks like"), STRINGS),
        Column("flag", N_("stopped by flag"), MAYBE_STRING),
        *_RIGHTS_IN_FILE,
    ),
)
FOLDER_EVENTS = View(
    "folder-events",
    (
        Column("folder", N_("folder"), STRING),
        Column("name", N_("event"), STRING),
        day_column("starts_on", N_("from"), optional=True),
        day_column("ends_on", N_("until"), optional=True),
        Column("event", N_("already recorded"), MAYBE_STRING),
        Column("photos", N_("photos"), INTEGER),
    ),
)
PHOTOS = View(
    "photos",
    (
        Column("photo", N_("photo"), STRING),
        Column("folder", N_("folder"), STRING, in_table=False),
        Column("file", N_("file"), STRING),
        Column("event", N_("event"), MAYBE_STRING),
        Column("taken_at", N_("taken"), MAYBE_STRING, kind=ColumnKind.CAMERA_TIME),
        Column("photographers", N_("photographers"), STRINGS),
        Column("people", N_("people"), MAYBE_STRING),
        Column("tagged", N_("named or counted"), INTEGER),
        Column("open", N_("open questions"), STRINGS),
    ),
)
SERIES = View(
    "series",
    (
        Column("photo", N_("photo"), STRING),
        Column("file_name", N_("file"), STRING),
        Column("people", N_("people"), MAYBE_STRING),
        Column("count", N_("number of people"), MAYBE_INTEGER),
        Column("persons", N_("named"), STRINGS),
        Column("confidentiality", N_("confidential"), MAYBE_STRING),
        Column("sensitive", N_("sensitive"), {"type": ["boolean", "null"]}),
        Column("lacks", N_("more is stated of another"), BOOLEAN),
        Column("settled", N_("said to be a different picture"), BOOLEAN),
    ),
)
_ANSWER = {"type": ["string", "integer", "boolean", "null"]}
DEPICTION = {
    "prominence": values_of(Prominence),
    "role": values_of(Role),
}
PUBLICATION = {
    "channel": STRING,
    "address": STRING,
    "published_on": STRING,
    "removed_on": MAYBE_STRING,
    "typed_by_mistake": BOOLEAN,
}
_CONSENT_OF_PHOTO = object_array(
    id=STRING,
    about=MAYBE_STRING,
    by=MAYBE_STRING,
    kind=values_of(ConsentKind),
    state=values_of(AnswerState),
    day=STRING,
    valid_until=MAYBE_STRING,
    open_ended=BOOLEAN,
    channels=STRINGS,
    purposes=STRINGS,
    refused=object_array(channels=STRINGS, purposes=STRINGS),
    reach={"enum": ["photo", "event", "everything"]},
)
PHOTO = View(
    "photo",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("path", N_("path"), STRING),
        Column("sha256", N_("file hash"), STRING),
        Column("size", N_("size"), INTEGER),
        Column("format", N_("format"), STRING),
        Column("width", N_("width"), INTEGER),
        Column("height", N_("height"), INTEGER),
        Column("orientation", N_("orientation"), MAYBE_INTEGER),
        Column("taken_at", N_("taken"), MAYBE_STRING, kind=ColumnKind.CAMERA_TIME),
        Column("camera", N_("camera"), STRING),
        Column("holds_place", N_("contains a location"), BOOLEAN),
        Column("file_artist", N_("photographer in the file"), STRING),
        Column("file_copyright", N_("rights in the file"), STRING),
        Column("file_description", N_("description in the file"), STRING),
        *_RIGHTS_IN_FILE,
        Column("picture_sha256", N_("picture hash"), MAYBE_STRING),
        Column("version_of", N_("version of"), MAYBE_STRING),
        Column("versions", N_("versions"), STRINGS),
        Column("registered_at", N_("registered"), STRING),
        Column("registered_by", N_("registered by"), STRING),
        Column("event", N_("event"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column(
            "answers",
            N_("answers given"),
            object_array(
                question=STRING, answer=_ANSWER, source={"enum": ["photo", "event", None]}
            ),
        ),
        Column("open", N_("open questions"), STRINGS),
        Column(
            "people",
            N_("people"),
            object_array(
                person=MAYBE_STRING,
                name=MAYBE_STRING,
                position=STRING,
                **DEPICTION,
            ),
        ),
        Column("permissions", N_("permissions"), _CONSENT_OF_PHOTO),
        Column("consents", N_("consents"), _CONSENT_OF_PHOTO),
        Column(
            "decisions",
            N_("decisions"),
            object_array(
                decision=STRING, channel=STRING, purpose=STRING, made_for=STRING, day=STRING
            ),
        ),
        Column(
            "cases",
            N_("cases"),
            object_array(case=STRING, channel=STRING, codes=STRINGS, ruling=MAYBE_STRING),
        ),
        Column(
            "flags",
            N_("flags"),
            object_array(flag=STRING, state=values_of(FlagState), raised_at=STRING),
        ),
        Column(
            "publications",
            N_("publications"),
            object_array(publication=STRING, **PUBLICATION),
        ),
    ),
)
FINGERPRINTED = View(
    "fingerprinted",
    (
        Column("photo", N_("photo"), STRING),
        Column("same_as", N_("same picture as"), MAYBE_STRING),
        Column("comparable", N_("can be compared"), BOOLEAN),
        Column("flag", N_("stopped by flag"), MAYBE_STRING),
    ),
)
