"""Print persons, guardians and consents."""

from collections.abc import Sequence
from dataclasses import asdict

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import names_shown, print_step
from photoreg.presentation.cells import safe, with_name
from photoreg.presentation.days import format_iso_day
from photoreg.presentation.labels import label, scope_words, status_words
from photoreg.services.consents.consent_events import CoveredScope
from photoreg.services.consents.consents import PersonWithConsents
from photoreg.services.people.guardians import GuardianSaved
from photoreg.services.people.persons import PersonSaved, PersonSummary
from photoreg.steps import NextAction
from photoreg.texts import _


def print_namesakes(saved: PersonSaved) -> None:
    """Print who else has the name of a new person."""
    if saved.namesakes:
        print_note(
            _("Others of the same name: {people}. From now on, use the ids.").format(
                people=", ".join(saved.namesakes)
            )
        )


def print_guardians(summary: PersonSummary) -> None:
    """Print the guardians of a person, and how many there are."""
    if summary.guardians_total is not None:
        print_line(_("  number of guardians: {number}").format(number=summary.guardians_total))
    for guardian in summary.guardians:
        states = [_("verified") if guardian.verified else _("not verified")]
        if guardian.excused:
            states.append(_("excused"))
        if guardian.decides_alone:
            states.append(_("decides in place of the others"))
        if guardian.first_day:
            states.append(_("from {day}").format(day=format_iso_day(guardian.first_day)))
        if guardian.last_day:
            states.append(_("until {day}").format(day=format_iso_day(guardian.last_day)))
        basis = [label(guardian.basis)] if guardian.basis else []
        print_line(
            _("  guardian {guardian} {name}: {states}").format(
                guardian=guardian.guardian,
                name=safe(guardian.name),
                states=", ".join((*basis, *states)),
            )
        )


def print_consents(found: PersonWithConsents) -> None:
    """Print the consents of a person, one a line, if the user may see them."""
    if found.consents is None:
        print_line(_("  consents: ask the communications coordinator"))
    person, rows = found.summary.person, found.consents or []
    names = names_shown(consent.by for consent in rows if consent.by != person)
    for consent in rows:
        status = consent.status
        scopes = found.refused[consent.consent]
        print_line(
            _("  consent {consent}: {by}, {reach}: {state}").format(
                consent=consent.consent,
                by=_("own answer") if consent.by == person else with_name(consent.by, names),
                reach=_(consent.reach),
                state=status_words(status.state, asdict(status), [s._asdict() for s in scopes]),
            )
        )
        if consent.consent in found.covered:
            _print_covered(found.covered[consent.consent])


def _print_covered(scopes: Sequence[CoveredScope]) -> None:
    """Print what an answer covers today, channel by channel: a no may name a kind of channel."""
    if not scopes:
        print_line(_("    covers nothing today"))
    for scope in scopes:
        print_line(_("    covers today: {what}").format(what=scope_words(*scope)))


def print_saved(saved: GuardianSaved, text: str) -> None:
    """Print the result of a change to a guardianship."""
    print_line(text.format(guardian=saved.guardian, child=saved.child))


def print_guardian_counts(saved: GuardianSaved) -> None:
    """Print a note if the stated and recorded numbers of guardians differ."""
    if saved.stated != saved.recorded:
        text, then = (
            (
                _("Guardians recorded for {child}: {recorded}; how many there are is not known."),
                _("Give their number:"),
            )
            if saved.stated is None
            else (
                _("Guardians recorded for {child}: {recorded}; the number given is {stated}."),
                _("If the number is wrong:"),
            )
        )
        values = {"child": saved.child, "recorded": saved.recorded, "stated": saved.stated}
        print_note(text.format(**values))
        print_note(then)
        print_step(NextAction.PERSON_CHANGE, "guardians", person=saved.child)
