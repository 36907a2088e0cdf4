"""Forms of the communications coordinator: rulings on cases, and flags."""

from functools import partial

from photoreg.presentation.causes.cause_rows import id_ranges, photo_ranges
from photoreg.presentation.labels import label
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.services.application import Application
from photoreg.services.decisions.cases import rule_on_cases
from photoreg.services.decisions.flags import resolve_flags
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values


def _words(values: Values, name: str) -> list[str]:
    """Return the ids in a field; a step names several in one argument."""
    return [each for text in values[name] for each in text.split()]


def _rule(application: Application, values: Values, *, corrects: bool = False) -> Done:
    done = rule_on_cases(
        application,
        _words(values, "case"),
        values["ruling"],
        values["reason"] or "",
        until=values["until"],
        evidence=values["evidence"],
        corrects=corrects,
    )
    text = _("{photos}: {ruling}. The ruling applies to exactly these facts.")
    photos = photo_ranges([each.photo_id for each in done.verdicts])
    later = _("{photos} joined {case} after you had looked, and still wait for a ruling:")
    return Done(
        (
            text.format(photos=photos, ruling=label(values["ruling"])),
            *(later.format(photos=id_ranges(p), case=c) for c, p in done.joined.items()),
        )
    )


def _resolve(application: Application, values: Values) -> Done:
    done = resolve_flags(
        application,
        _words(values, "flag"),
        outcome=values["outcome"],
        reason=values["reason"] or "",
    )
    text = _("{flag}: {photo} · {state}")
    return Done(
        tuple(
            text.format(flag=each.row.flag, photo=each.row.photo, state=label(each.row.state))
            for each in done
        )
    )


_REASON = FormField(
    "reason",
    N_("The reason"),
    FieldKind.LONG_TEXT,
    hint=N_("It is kept permanently: use ids instead of names."),
    required=True,
)

_RULING = (
    FormField("case", N_("Cases"), FieldKind.HIDDEN, several=True, required=True),
    FormField("ruling", N_("The ruling"), FieldKind.CHOICE, required=True, choices=RulingKind),
    _REASON,
    FormField("until", N_("The last day it is valid; no end if empty"), FieldKind.DAY),
    FormField("evidence", N_("A document that supports it"), FieldKind.FILE),
)

FORMS = (
    ActionForm(
        NextAction.CASE_CORRECT,
        N_("Correct the ruling"),
        _RULING,
        partial(_rule, corrects=True),
        about=N_(
            "The first ruling is kept, and this one names it. It applies to exactly these facts."
        ),
        is_final=True,
    ),
    ActionForm(
        NextAction.CASE_RULE,
        N_("Make the ruling"),
        _RULING,
        _rule,
        about=N_(
            "It applies to exactly these facts, and becomes void as soon as one of them changes."
        ),
        is_final=True,
    ),
    ActionForm(
        NextAction.FLAG_RESOLVE,
        N_("Resolve the flag"),
        (
            FormField("flag", N_("Flags"), FieldKind.HIDDEN, several=True, required=True),
            FormField(
                "outcome", N_("The outcome"), FieldKind.CHOICE, required=True, choices=FlagOutcome
            ),
            _REASON,
        ),
        _resolve,
        about=N_("A person's own refusal remains in force, whatever becomes of the flag."),
    ),
)
