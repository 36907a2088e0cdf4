"""Print persons, guardians and consents."""

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import names_shown, print_step
from photoreg.presentation.cells import safe
from photoreg.presentation.people.details import (
    consent_lines,
    consents_withheld,
    guardian_line,
    person_lines,
    signers,
)
from photoreg.services.consents.consents import PersonWithConsents
from photoreg.services.people.guardians import GuardianSaved
from photoreg.services.people.persons import PersonSaved
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


def print_person(found: PersonWithConsents) -> None:
    """Print a person with guardians, and the consents if the user may see them."""
    summary = found.summary
    print_line(" ".join(dict.fromkeys((summary.person, safe(summary.name)))))
    for line in (*person_lines(summary), *map(guardian_line, summary.guardians)):
        print_line(f"  {line}")
    if found.consents is None:
        print_line(f"  {consents_withheld()}")
    for consent in consent_lines(found, names_shown(signers(found))):
        print_line(f"  {consent.text}")
        for line in consent.covers:
            print_line(f"    {line}")


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
