"""Forms about people and who decides for them."""

from typing import Any

import flask

from photoreg.errors import InputDataError
from photoreg.presentation.inputs.people import GUARDIAN, PERSON
from photoreg.presentation.people.recorded import (
    guardian_added,
    guardian_ended,
    guardian_verified,
    guardians_verified,
    namesakes_told,
)
from photoreg.registry.tables.people import GuardianBasis, Language
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.application import Application
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.candidates import OTHERS
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values

WHO = FormField("person", N_("Person, by name or id"), FieldKind.PERSON, required=True)
GUARDIAN_FIELD = FormField(
    "guardian", N_("Guardian, by name or id"), FieldKind.PERSON, required=True
)
_DOUBT = (
    FormField("who", N_("Is it one of these people?"), FieldKind.DOUBT),
    FormField("other", "", FieldKind.HIDDEN, several=True),
)


def _decided(values: Values) -> dict[str, Any]:
    """Return who it is of those who look alike, or who are somebody else."""
    others = [each for text in values["other"] for each in text.split()]
    return {
        "same": None if values["who"] == OTHERS else values["who"],
        "other": others if values["who"] == OTHERS else (),
    }


def _apart(values: Values) -> Any:
    """Return who are somebody else; of a record that there is, no other can be the same."""
    decided = _decided(values)
    if decided["same"]:
        raise InputDataError(
            N_("two records of one person are merged by the communications coordinator"),
            N_("Ask the communications coordinator."),
            fields=("who",),
        )
    return decided["other"]


def _details(values: Values) -> PersonDetails:
    doubt = values["doubt"]
    return PersonDetails(
        name=values["name"],
        born=values["born"],
        age_group=values["age_group"],
        guardians=values["guardians"],
        contact=values["contact"],
        language=values["language"],
        capacity=None if doubt is None else Capacity.DOUBT if doubt else Capacity.OK,
        deceased=values["deceased"],
        died_on=values["died"],
        known_as=values["known_as"],
        not_known_as=values.get("not_known_as", ()),
    )


def _page(person: str) -> str:
    return flask.url_for("persons.show", person=person)


def _add(application: Application, values: Values) -> Done:
    saved = persons.add_person(application, _details(values), **_decided(values))
    text = _("{person} is in the registry already: nothing was added or changed.")
    if saved.is_new:
        text = _("{person} was added.")
    notes = (each.text for each in namesakes_told(saved))
    return Done((text.format(person=saved.person), *notes), _page(saved.person))


def _change(application: Application, values: Values) -> Done:
    saved = persons.change_person(
        application, values["person"], _details(values), other=_apart(values)
    )
    text = _("The data of {person} was changed.").format(person=saved.person)
    return Done((text, *(each.text for each in namesakes_told(saved))), _page(saved.person))


def _block(application: Application, values: Values) -> Done:
    saved = blocks.block_person(application, values["person"])
    text = _("{person} must not be shown. Only the communications coordinator can change this.")
    return Done((text.format(person=saved.person),))


def _unblock(application: Application, values: Values) -> Done:
    saved = blocks.unblock_person(application, values["person"])
    return Done((_("{person} may be shown again.").format(person=saved.person),))


def _add_guardian(application: Application, values: Values) -> Done:
    saved = guardians.add_guardian(
        application,
        values["person"],
        values["guardian"],
        basis=values["basis"],
        verified=values["how"] or "",
        since=values["since"],
        other=_apart(values),
    )
    return Done(tuple(each.text for each in guardian_added(saved)), _page(saved.child))


def _verify(application: Application, values: Values) -> Done:
    one, event = (values["person"], values["guardian"]), values["event"]
    if bool(event) == any(one) or (not event and not all(one)):
        raise InputDataError(
            N_("it is not said whose guardianship was verified"),
            N_("Give either a child and a guardian, or an event."),
            fields=("person", "guardian", "event"),
        )
    if event:
        every = guardians.verify_guardians_at(application, event, how=values["how"])
        return Done(tuple(each.text for each in guardians_verified(every)))
    saved = guardians.verify_guardian(application, *one, how=values["how"])
    return Done((guardian_verified(saved),), _page(saved.child))


def _end(application: Application, values: Values) -> Done:
    saved = guardians.end_guardian(
        application, values["person"], values["guardian"], on=values["on"]
    )
    return Done(tuple(each.text for each in guardian_ended(saved)), _page(saved.child))


_DETAILS = (
    FormField("born", PERSON["born"], FieldKind.DAY),
    FormField(
        "age_group",
        N_("Adult or minor, if the date of birth is not known"),
        FieldKind.CHOICE,
        choices=(AgeGroup.MINOR, AgeGroup.ADULT),
    ),
    FormField("guardians", PERSON["guardians"], FieldKind.NUMBER),
    FormField("contact", PERSON["contact"]),
    FormField("language", PERSON["language"], FieldKind.CHOICE, choices=Language),
    FormField(
        "known_as",
        N_("Another name of the person, such as a pen name or an earlier surname"),
        several=True,
        is_rare=True,
    ),
    FormField("doubt", PERSON["doubt"], FieldKind.YES_NO, is_rare=True),
    FormField("deceased", PERSON["deceased"], FieldKind.YES_NO, is_rare=True),
    FormField("died", PERSON["died"], FieldKind.DAY, is_rare=True),
)

FORMS = (
    ActionForm(
        NextAction.PERSON_ADD,
        N_("Add a person"),
        (*_DOUBT, FormField("name", N_("Name"), required=True), *_DETAILS),
        _add,
        about=N_("Give the birth date if possible: it shows when a child turns 18."),
    ),
    ActionForm(
        NextAction.PERSON_CHANGE,
        N_("Change the data"),
        (
            WHO,
            *_DOUBT,
            FormField("name", N_("The new or corrected name.")),
            *_DETAILS,
            FormField(
                "not_known_as",
                N_("Another name that was wrong, to be removed"),
                several=True,
                is_rare=True,
            ),
        ),
        _change,
        about=N_("What you leave empty stays as it is."),
    ),
    ActionForm(
        NextAction.PERSON_BLOCK,
        N_("Record that the person must not be shown"),
        (WHO,),
        _block,
        about=N_(
            "Do not give a reason: it is not stored. Only the communications coordinator can lift "
            "the block."
        ),
    ),
    ActionForm(
        NextAction.PERSON_UNBLOCK,
        N_("Record that the person may be shown again"),
        (WHO,),
        _unblock,
    ),
    ActionForm(
        NextAction.GUARDIAN_ADD,
        N_("Add a guardian"),
        (
            *_DOUBT,
            FormField("person", N_("Child, by name or id"), FieldKind.PERSON, required=True),
            GUARDIAN_FIELD,
            FormField(
                "basis", GUARDIAN["basis"], FieldKind.CHOICE, required=True, choices=GuardianBasis
            ),
            FormField("how", GUARDIAN["how"], hint=N_("Leave it empty if it was not verified.")),
            FormField("since", GUARDIAN["since"], FieldKind.DAY, is_rare=True),
        ),
        _add_guardian,
        about=N_("The guardian's signature becomes valid when the guardianship has been verified."),
    ),
    ActionForm(
        NextAction.GUARDIAN_VERIFY,
        N_("Record that the guardianship is verified"),
        (
            FormField("how", GUARDIAN["how"], required=True),
            FormField("person", N_("Child, by name or id"), FieldKind.PERSON),
            FormField("guardian", N_("Guardian, by name or id"), FieldKind.PERSON),
            FormField(
                "event",
                N_("Or the event, of whose children all guardianships were verified"),
                FieldKind.EVENT,
                hint=N_("Guardianships by court order are verified one by one, from the decision."),
            ),
        ),
        _verify,
    ),
    ActionForm(
        NextAction.GUARDIAN_END,
        N_("Record that the guardianship has ended"),
        (
            FormField("person", N_("Child, by name or id"), FieldKind.PERSON, required=True),
            GUARDIAN_FIELD,
            FormField("on", GUARDIAN["on"], FieldKind.DAY),
        ),
        _end,
        about=N_("After the last day the guardian's answers no longer count."),
        is_final=True,
    ),
)
