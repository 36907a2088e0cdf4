"""Print persons, and what was recorded about them."""

from collections.abc import Iterable

from photoreg.cli.output import print_line
from photoreg.cli.printing.next_steps import names_shown, print_next
from photoreg.presentation.people.details import (
    consent_lines,
    consents_withheld,
    guardian_line,
    id_and_name,
    person_lines,
    signers,
    ward_line,
)
from photoreg.presentation.people.recorded import RecordedLine
from photoreg.services.consents.consents import PersonWithConsents


def print_recorded(lines: Iterable[RecordedLine]) -> None:
    """Print what was recorded, with notes and next steps."""
    for each in lines:
        print_line(each.text, err=each.is_note)
        if each.step:
            print_next(each.step)


def print_person(found: PersonWithConsents) -> None:
    """Print a person with guardians, and the consents if the user may see them."""
    summary = found.summary
    print_line(id_and_name(summary.person, summary.name))
    guardians, wards = map(guardian_line, summary.guardians), map(ward_line, summary.wards)
    for line in (*person_lines(summary), *guardians, *wards):
        print_line(f"  {line}")
    if found.consents is None:
        print_line(f"  {consents_withheld()}")
    for consent in consent_lines(found, names_shown(signers(found))):
        print_line(f"  {consent.text}")
        for line in consent.covers:
            print_line(f"    {line}")
