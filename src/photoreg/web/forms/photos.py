"""Forms about photos: answers, people shown, flags."""

from collections.abc import Sequence
from dataclasses import replace

import flask

from photoreg.errors import InputDataError
from photoreg.presentation.causes.cause_rows import id_ranges, photo_ranges
from photoreg.presentation.days import format_time
from photoreg.presentation.inputs.photos import CHOICES, QUESTIONS
from photoreg.presentation.photos import forgotten_in_words, version_lines
from photoreg.registry.ids import Kind as Record
from photoreg.registry.ids import human_id
from photoreg.registry.tables.photos import Prominence
from photoreg.registry.tables.second_looks import SeriesAnswer
from photoreg.rulebook.facts import Role
from photoreg.services.application import Application
from photoreg.services.decisions import flags
from photoreg.services.files import metadata
from photoreg.services.files.rights import RightsOptions
from photoreg.services.photos import answers, depictions, forgetting, series, uploads
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.depictions import DepictionDetails
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values
from photoreg.web.serving import this_desk

PHOTOS = FormField("photo", N_("Photos"), FieldKind.HIDDEN, several=True)


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


def _question(name: str, kind: FieldKind = FieldKind.TEXT) -> FormField:
    choices = CHOICES.get(name, ())
    return FormField(name, QUESTIONS[name], FieldKind.CHOICE if choices else kind, choices=choices)


ANSWERS = (
    _question("people"),
    _question("recognisable_count", FieldKind.NUMBER),
    FormField(
        "photographer", N_("The photographer, by name or id."), FieldKind.PERSON, several=True
    ),
    *map(_question, ("basis", "place")),
    _question("place_permission", FieldKind.YES_NO),
    *map(_question, ("shot", "confidentiality")),
    _question("sensitive", FieldKind.YES_NO),
    _question("context_identifies", FieldKind.YES_NO),
    *map(_question, ("credit", "commissioner")),
    _question("taken_year", FieldKind.NUMBER),
    _question("photographer_died_year", FieldKind.NUMBER),
    *map(_question, ("depicted_work", "digital_source")),
    _question("event", FieldKind.EVENT),
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
    if values["by"] and values["objector"]:
        raise InputDataError(
            N_("somebody who objects is named twice"),
            N_("Name them once: as a person of the registry, or else as somebody outside of it."),
            fields=("by", "objector"),
        )
    raised = flags.raise_flags(
        application,
        _photos(values),
        reason=values["reason"],
        person=values["by"],
        objector=values["objector"] or "",
    )
    text = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
    refusal = _("The refusal was recorded: {consent}.")
    return Done(
        (
            *(
                text.format(photo=each.photo, flag=each.flag, due=format_time(each.due_at))
                for each in raised
            ),
            *(
                refusal.format(consent=consent)
                for consent in dict.fromkeys(c for each in raised for c in each.objections)
            ),
        )
    )


def _untag(application: Application, values: Values) -> Done:
    if not values["person"] and values["unnamed"] is None:
        raise InputDataError(
            N_("nobody is named"), N_("Name a person, or state how many."), fields=("person",)
        )
    done = depictions.untag_persons(
        application, _photos(values), persons=values["person"], unnamed=values["unnamed"]
    )
    text = _("{photo}: {count} removed.")
    stopped = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
    return Done(
        (
            *(
                text.format(photo=human_id(Record.PHOTO, each.photo_id), count=each.removed)
                for each in done.photos
            ),
            *(
                stopped.format(photo=photo, flag=flag, due=format_time(done.stopped.due_at))
                for photo, flag in (done.stopped.flags if done.stopped else {}).items()
                if done.stopped
            ),
        )
    )


def _forget(application: Application, values: Values) -> Done:
    done = forgetting.forget_photos(application, _photos(values))
    return Done(tuple(map(forgotten_in_words, done)), to="/")


def _add_version(application: Application, values: Values) -> Done:
    [photo, *_others] = _photos(values)
    file = values["file"]
    sent = uploads.SentFile(file, file.name)
    added = uploads.add_sent_version(application, photo, sent, this_desk().photos_folder)
    return Done(tuple(version_lines(added)), to=flask.url_for("photos.show", photo=added.photo))


def _alike(application: Application, photos: Sequence[str]) -> list[str]:
    """Return the photos that look like the first of these, and itself."""
    return [row.photo for row in series.show_series(application, photos[0])]


def _settle_series(application: Application, values: Values) -> Done:
    [photo] = _photos(values)
    is_same = values["series"] is SeriesAnswer.SAME
    settle = series.take_over_statements if is_same else series.settle_as_different
    text = _("Answered for {photos}.")
    return Done((text.format(photos=id_ranges(row.photo for row in settle(application, photo))),))


def _write_metadata(application: Application, values: Values) -> Done:
    wish = RightsOptions(
        values["terms"] or "",
        values["licence_url"] or "",
        values["licensor_url"] or "",
        breaks_credentials=values["breaks_credentials"],
    )
    same, written = (
        _("{photo}: the file already contains all of this."),
        _("{photo}: written into the file; the image is unchanged."),
    )
    return Done(
        tuple(
            (written if each.rows else same).format(photo=each.photo)
            for each in metadata.write_metadata(application, _photos(values), wish)
        )
    )


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
            FormField("person", N_("The person, by name or id."), FieldKind.PERSON, several=True),
            FormField(
                "unnamed",
                N_("How many more can be recognised and are not named yet."),
                FieldKind.NUMBER,
            ),
            FormField("position", N_("The person's place in the photo, in words.")),
            FormField(
                "passing",
                N_("The person passes by and is not a subject of the photo."),
                FieldKind.TICK,
            ),
            FormField("public_office", N_("The person acts in a public office."), FieldKind.TICK),
        ),
        _tag,
    ),
    ActionForm(
        NextAction.PHOTO_FLAG,
        N_("Stop the photos"),
        (
            PHOTOS,
            FormField(
                "reason",
                N_("What is wrong."),
                FieldKind.LONG_TEXT,
                hint=N_(
                    "Only the coordinator reads it, and it is kept permanently: do not use names."
                ),
                required=True,
            ),
            FormField("by", N_("Who objects, by name or id."), FieldKind.PERSON),
            FormField(
                "objector",
                N_("Who objects, if not in the registry"),
                hint=N_("Name and contact; deleted when the flag is resolved."),
            ),
        ),
        _flag,
    ),
    ActionForm(
        NextAction.PHOTO_UNTAG,
        N_("Remove who is not shown"),
        (
            PHOTOS,
            FormField("person", N_("The person, by name or id."), FieldKind.PERSON, several=True),
            FormField("unnamed", N_("How many of the unnamed people."), FieldKind.NUMBER),
        ),
        _untag,
    ),
    ActionForm(
        NextAction.PHOTO_FORGET,
        N_("Take the photo out of the registry"),
        (PHOTOS,),
        _forget,
        about=N_(
            "Only a photo that was registered by mistake, about which nothing was said, decided or "
            "published. Its file stays where it is, unless it was sent to the desk: then the desk "
            "deletes it."
        ),
        is_final=True,
    ),
    ActionForm(
        NextAction.PHOTO_ADD_VERSION,
        N_("Add a version"),
        (
            replace(PHOTOS, required=True),
            FormField("file", N_("The changed picture"), FieldKind.FILE, required=True),
        ),
        _add_version,
        about=N_(
            "A crop, a blur or another change of the picture. People, shot and secrecy are asked "
            "again, and nobody is named in the version yet. A consent for the photo alone does "
            "not cover the version; a refusal does."
        ),
    ),
    ActionForm(
        NextAction.PHOTO_SERIES,
        N_("Are photos that look alike the same picture?"),
        (
            PHOTOS,
            FormField(
                "series",
                N_("All photos that look like this one"),
                FieldKind.CHOICE,
                hint=N_(
                    "The same picture takes over what is stated of the others; different pictures "
                    "each show the people named in them."
                ),
                required=True,
                choices=SeriesAnswer,
            ),
        ),
        _settle_series,
        photos=_alike,
    ),
    ActionForm(
        NextAction.METADATA_WRITE,
        N_("Write the rights into the file"),
        (
            PHOTOS,
            FormField("terms", N_("The terms of use, in words.")),
            FormField("licence_url", N_("The address of the licence on the web.")),
            FormField("licensor_url", N_("The page where a licence can be asked for.")),
            FormField(
                "breaks_credentials",
                N_("Change the file even if its content credentials (C2PA) become invalid."),
                FieldKind.TICK,
            ),
        ),
        _write_metadata,
        about=N_(
            "Photographer, copyright, credit line and number are written into the file itself; "
            "never who is shown. The image is unchanged."
        ),
    ),
)
