"""Forms of consents, permissions and their documents."""

from collections.abc import Mapping
from typing import Any

import flask

from photoreg.presentation.inputs.statements import (
    CORRECTION,
    PERMISSION,
    SPOKEN_METHODS,
    STATEMENT,
)
from photoreg.presentation.people.recorded import consent_recorded, permission_recorded
from photoreg.presentation.second_looks import corrected_in_words
from photoreg.registry.ids import Kind as Id
from photoreg.registry.ids import parse_id
from photoreg.registry.tables.people import Language
from photoreg.rulebook.facts import (
    LICENSED_BASES,
    Basis,
    ConsentKind,
    LicenceTerm,
    Method,
    Purpose,
)
from photoreg.services.application import Application
from photoreg.services.consents import consents, documents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties, FormDetails
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.publications import corrections
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values
from photoreg.web.forms.people import WHO

ANSWER = FormField(
    "answer",
    N_("The consent or permission"),
    FieldKind.CHOICE,
    required=True,
    choices=(
        *(ConsentKind.GIVEN, ConsentKind.REFUSED, ConsentKind.WITHDRAWN),
        *(ConsentKind.RENEWED, ConsentKind.REQUESTED),
    ),
)
_SCOPE = (
    FormField(
        "channel",
        N_("Channels, or kinds of channels"),
        FieldKind.CHANNELS,
        hint=N_("A refusal or a withdrawal without any covers every channel."),
        several=True,
    ),
    FormField(
        "purpose",
        N_("What it may be used for"),
        FieldKind.CHOICE,
        hint=N_(
            "Without any, a consent or permission is for information; a refusal or a withdrawal "
            "covers every purpose."
        ),
        several=True,
        choices=Purpose,
    ),
)
_PROOF = (
    FormField("until", STATEMENT["until"], FieldKind.DAY),
    FormField("open_ended", STATEMENT["open_ended"], FieldKind.TICK),
    FormField("on", STATEMENT["on"], FieldKind.DAY),
    FormField("evidence", STATEMENT["evidence"], FieldKind.FILE),
    FormField("paper", STATEMENT["paper"]),
)
_RARE = (
    FormField("event", STATEMENT["event"], FieldKind.EVENT, is_rare=True),
    FormField("photo", STATEMENT["photo"], is_rare=True),
    FormField(
        "method",
        STATEMENT["method"],
        FieldKind.CHOICE,
        hint=N_("In writing, and a withdrawal orally, unless you choose another."),
        choices=SPOKEN_METHODS,
        is_rare=True,
    ),
    FormField("names_kind", STATEMENT["names_kind"], FieldKind.TICK, is_rare=True),
)


def _statement(values: Values) -> ConsentStatement:
    kind: ConsentKind = values["answer"]
    usual = Method.ORAL if kind is ConsentKind.WITHDRAWN else Method.WRITTEN
    return ConsentStatement(
        kind=kind,
        channels=values["channel"],
        purposes=values["purpose"] or None,
        on=values["on"],
        until=values["until"],
        open_ended=values["open_ended"],
        method=values["method"] or usual,
        evidence=values["evidence"],
        paper=values["paper"] or "",
        names_kind=values["names_kind"],
        by_attorney=values.get("attorney", False),
    )


def _record(application: Application, values: Values) -> Done:
    whose = ConsentParties(values["person"], values["by"], values["photo"], values["event"])
    statement = _statement(values)
    if statement.kind is ConsentKind.WITHDRAWN:
        done = consents.withdraw_or_object(application, whose, statement)
    else:
        form = FormDetails(
            values["form_language"] or "",
            values["form_version"] or "",
            values["releases_confidential"],
            values["may_be_named"],
        )
        done = consents.record_consent(application, whose, statement, form)
    return Done(tuple(each.text for each in consent_recorded(done)), page=_of(values["person"]))


def _of(named: str | None) -> str:
    """Return the page of a person who is named by id."""
    number = (named or "").split(" ")[0]
    return flask.url_for("persons.show", person=number) if parse_id(Id.PERSON, number) else ""


def _grant(application: Application, values: Values) -> Done:
    statement = _statement(values)
    rights = PermissionParties(
        values["photographer"],
        values["licensor"] or "",
        [each for text in values["photo"] for each in text.split()],
        values["event"],
        values["by"],
    )
    terms = PermissionTerms(
        values["basis"] or Basis.PHOTOGRAPHER_PERMISSION,
        values["credit"],
        values["credit_waived"],
        values["author"],
        frozenset(values["term"]),
    )
    if statement.kind is ConsentKind.WITHDRAWN:
        done = permissions.withdraw_permission(application, statement, rights=rights)
    else:
        done = permissions.record_permission(application, rights, statement, terms)
    lines = (line for each in done for line in permission_recorded(each))
    return Done(tuple(each.text for each in lines), page=_of(values["photographer"]))


def _choice(values: Values) -> Mapping[str, Any]:
    return {"day": values["on"], "statement": values["statement"], "agrees": values["agrees"]}


def _correct_consent(application: Application, values: Values) -> Done:
    done = corrections.correct_consent(application, values["consent"], **_choice(values))
    return Done(tuple(map(corrected_in_words, done)))


def _correct_permission(application: Application, values: Values) -> Done:
    done = corrections.correct_permission(application, values["permission"], **_choice(values))
    return Done(tuple(map(corrected_in_words, done)))


def _restore(application: Application, values: Values) -> Done:
    sha256 = documents.restore_document(application, values["file"])
    return Done((_("The document {document} is intact.").format(document=sha256[:12]),))


_CORRECTION = (
    FormField("agrees", CORRECTION["agrees"], FieldKind.YES_NO),
    FormField("on", CORRECTION["on"], FieldKind.DAY, is_rare=True),
    FormField("statement", CORRECTION["statement"], FieldKind.NUMBER, is_rare=True),
)
_MISTAKE = N_(
    "What was recorded last stays in the log and counts as never said. A yes is corrected at once. "
    "A refusal or a withdrawal is corrected only right after it was typed; later it counts until a "
    "colleague has confirmed the mistake. If somebody changed their mind, record the new answer."
)

FORMS = (
    ActionForm(
        NextAction.CONSENT_RECORD,
        N_("Record an answer"),
        (
            WHO,
            FormField("by", STATEMENT["by"], FieldKind.PERSON),
            ANSWER,
            *_SCOPE,
            FormField("may_be_named", STATEMENT["may_be_named"], FieldKind.YES_NO),
            *_PROOF,
            *_RARE,
            FormField("attorney", STATEMENT["attorney"], FieldKind.TICK, is_rare=True),
            FormField(
                "releases_confidential",
                STATEMENT["releases_confidential"],
                FieldKind.TICK,
                is_rare=True,
            ),
            FormField(
                "form_language",
                STATEMENT["form_language"],
                FieldKind.CHOICE,
                choices=Language,
                is_rare=True,
            ),
            FormField("form_version", STATEMENT["form_version"], is_rare=True),
        ),
        _record,
        about=N_(
            "A withdrawal takes effect at once and needs no document. If the person withdrawing "
            "may not decide for the person shown, it is recorded as an objection, which stops the "
            "photos."
        ),
    ),
    ActionForm(
        NextAction.CONSENT_CORRECT,
        N_("Correct a mistake"),
        (FormField("consent", N_("Consent"), required=True), *_CORRECTION),
        _correct_consent,
        about=_MISTAKE,
    ),
    ActionForm(
        NextAction.PERMISSION_GRANT,
        N_("Record a permission"),
        (
            FormField("photographer", PERMISSION["photographer"], FieldKind.PERSON),
            ANSWER,
            *_SCOPE,
            *_PROOF,
            FormField("credit", PERMISSION["credit"]),
            FormField("credit_waived", PERMISSION["credit_waived"], FieldKind.TICK),
            FormField(
                "basis",
                PERMISSION["basis"],
                FieldKind.CHOICE,
                hint=N_("The photographer's permission, unless you choose another."),
                choices=tuple(each for each in Basis if each in LICENSED_BASES),
                is_rare=True,
            ),
            FormField(
                "term",
                N_("The terms of a Creative Commons licence"),
                FieldKind.CHOICE,
                several=True,
                choices=LicenceTerm,
                is_rare=True,
            ),
            FormField("licensor", PERMISSION["licensor"], is_rare=True),
            FormField(
                "author",
                N_("If the rights were transferred: the photographers whose rights they were"),
                FieldKind.PERSON,
                several=True,
                is_rare=True,
            ),
            FormField("by", PERMISSION["by"], FieldKind.PERSON, is_rare=True),
            FormField("event", STATEMENT["event"], FieldKind.EVENT, is_rare=True),
            FormField("photo", N_("Only for these photos"), several=True, is_rare=True),
            *_RARE[2:],
        ),
        _grant,
        about=N_(
            "Without a photo or an event it covers all of the photographer's photos. It adds to "
            "the earlier ones and takes nothing away."
        ),
    ),
    ActionForm(
        NextAction.PERMISSION_CORRECT,
        N_("Correct a mistake"),
        (FormField("permission", N_("Permission"), required=True), *_CORRECTION),
        _correct_permission,
        about=_MISTAKE,
    ),
    ActionForm(
        NextAction.EVIDENCE_RESTORE,
        N_("Add a document again"),
        (FormField("file", N_("The file"), FieldKind.FILE, required=True),),
        _restore,
        about=N_(
            "Only exactly the same file is accepted; the consent or permission based on it is "
            "then valid again."
        ),
    ),
)
