"""Forms about photos: answers, people shown, flags."""

from photoreg.presentation.causes.cause_rows import photo_ranges
from photoreg.registry.tables.photos import Prominence
from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Place,
    Role,
    Shot,
)
from photoreg.services.application import Application
from photoreg.services.decisions import flags
from photoreg.services.photos import answers, depictions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.depictions import DepictionDetails
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, Field, Kind, Values

PHOTOS = Field("photo", N_("Photos"), Kind.HIDDEN, several=True)


def _photos(values: Values) -> list[str]:
    """Return the ids of the photos; a step names several in one argument."""
    return [each for text in values["photo"] for each in text.split()]


def _answer(application: Application, values: Values) -> Done:
    given = {
        each.name: values[each.name]
        for each in ANSWERS
        if each.name != "photographer" and values[each.name] not in {None, ""}
    }
    done = answers.answer(
        application,
        _photos(values),
        PhotoAnswers(photographers=values["photographer"], **given),
    )
    text = _("{photos}: the answers were recorded.")
    return Done((text.format(photos=photo_ranges(done.changed)),))


ANSWERS = (
    Field("people", N_("Can people be recognised?"), Kind.CHOICE, choices=People),
    Field("recognisable_count", N_("How many people can be recognised."), Kind.NUMBER),
    Field("photographer", N_("The photographer, by name or id."), Kind.PERSON, several=True),
    Field("basis", N_("The basis for using the photo."), Kind.CHOICE, choices=Basis),
    Field("place", N_("Where it was taken."), Kind.CHOICE, choices=Place),
    Field(
        "place_permission",
        N_("Has the holder of a private place given permission?"),
        Kind.YES_NO,
    ),
    Field("shot", N_("A general view, or a person as subject."), Kind.CHOICE, choices=Shot),
    Field(
        "confidentiality",
        N_("The confidential information that the photo reveals, or none."),
        Kind.CHOICE,
        choices=Confidentiality,
    ),
    Field("sensitive", N_("Is the situation sensitive for somebody?"), Kind.YES_NO),
    Field(
        "context_identifies",
        N_("Can somebody be identified by the caption, clothes or place?"),
        Kind.YES_NO,
    ),
    Field("credit", N_("The credit: how the photographer is named with the photo.")),
    Field(
        "commissioner",
        N_("For an ordered portrait: does the one who ordered it agree?"),
        Kind.CHOICE,
        choices=Commissioner,
    ),
    Field("taken_year", N_("The year the photo was taken."), Kind.NUMBER),
    Field("photographer_died_year", N_("The year the photographer died."), Kind.NUMBER),
    Field(
        "depicted_work",
        N_("Is another's work, such as a statue or a painting, the main subject?"),
        Kind.CHOICE,
        choices=DepictedWork,
    ),
    Field(
        "digital_source",
        N_("How the picture was made: with a camera, or by an AI program."),
        Kind.CHOICE,
        choices=DigitalSource,
    ),
    Field(
        "event", N_("The event, by name or id; its answers also apply to the photo."), Kind.EVENT
    ),
)


def _tag(application: Application, values: Values) -> Done:
    how = DepictionDetails(
        unnamed=values["unnamed"] or 0,
        position=values["position"] or "",
        prominence=Prominence.PASSING if values["passing"] else Prominence.SUBJECT,
        role=Role.PUBLIC_OFFICE if values["public_office"] else Role.PRIVATE,
    )
    done = depictions.tag_persons(application, _photos(values), persons=values["person"], how=how)
    added = sum(len(each.added) for each in done)
    return Done((_("Named: {count}.").format(count=added),))


def _flag(application: Application, values: Values) -> Done:
    raised = flags.raise_flags(
        application, _photos(values), reason=values["reason"], person=values["by"]
    )
    text = _("{photo} is stopped: flag {flag}.")
    return Done(tuple(text.format(photo=each.photo, flag=each.flag) for each in raised))


FORMS = (
    ActionForm(
        NextAction.PHOTO_ANSWER,
        N_("Answer the questions"),
        (PHOTOS, *ANSWERS),
        _answer,
        about=N_("What you leave empty stays as it is. A missing answer permits nothing."),
    ),
    ActionForm(
        NextAction.PHOTO_TAG,
        N_("Name who is shown"),
        (
            PHOTOS,
            Field("person", N_("The person, by name or id."), Kind.PERSON, several=True),
            Field(
                "unnamed", N_("How many more can be recognised and are not named yet."), Kind.NUMBER
            ),
            Field("position", N_("The person's place in the photo, in words.")),
            Field(
                "passing", N_("The person passes by and is not a subject of the photo."), Kind.TICK
            ),
            Field("public_office", N_("The person acts in a public office."), Kind.TICK),
        ),
        _tag,
    ),
    ActionForm(
        NextAction.PHOTO_FLAG,
        N_("Stop the photos"),
        (
            PHOTOS,
            Field(
                "reason",
                N_("What is wrong."),
                Kind.LONG_TEXT,
                hint=N_(
                    "Only the coordinator reads it, and it is kept permanently: do not use names."
                ),
                required=True,
            ),
            Field("by", N_("Who objects, by name or id."), Kind.PERSON),
        ),
        _flag,
    ),
)
