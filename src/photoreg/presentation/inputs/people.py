"""The inputs about persons and guardians."""

from photoreg.texts import N_

PERSON = {
    "born": N_("The date of birth."),
    "guardians": N_("For a child: the number of guardians."),
    "contact": N_("How to contact the person."),
    "language": N_("The language in which the person gets forms and receipts."),
    "doubt": N_("Whether there is doubt that the person is able to decide about a consent."),
    "deceased": N_("Whether the person has died, if the day is not known."),
    "died": N_("The day of death."),
    "same": N_("It is this person: nobody is added."),
}
"""What is recorded about a person."""

GUARDIAN = {
    "basis": N_("The basis of the guardianship."),
    "how": N_("How the guardianship was verified."),
    "since": N_(
        "The first day. Default: from the child's birth; for somebody who has been a guardian of "
        "the child before: from today."
    ),
    "on": N_("The last day; by default it ends at once."),
}
"""What is recorded about a guardianship."""
