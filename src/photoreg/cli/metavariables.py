"""Metavariables: the placeholders in usage lines, help and next steps, in the user's language."""

import re

from photoreg.texts import N_, _

METAVARS = (
    N_("OPTIONS"),
    N_("COMMAND"),
    N_("ARGS"),
    N_("TEXT"),
    N_("INTEGER"),
    N_("INTEGER RANGE"),
    N_("FILE"),
    N_("FOLDER"),
    N_("TABLE"),
    N_("BACKUP"),
    N_("ENTRY"),
    N_("DAY"),
    N_("YEAR"),
    N_("MONTHS"),
    N_("NUMBER"),
    N_("PIXELS"),
    N_("PHOTO"),
    N_("EVENT"),
    N_("UNIT"),
    N_("PERSON"),
    N_("PHOTOGRAPHER"),
    N_("ROW"),
    N_("HEADING"),
    N_("CAMERA"),
    N_("WORDS"),
    N_("MEANING"),
    N_("BODY"),
    N_("ADDRESS"),
    N_("CHILD"),
    N_("GUARDIAN"),
    N_("NAME"),
    N_("TITLE"),
    N_("RULING"),
    N_("SHEET"),
    N_("TITLE"),
    N_("LOGIN"),
    N_("ROLE"),
    N_("ORGANISATION"),
    N_("CONSENT"),
    N_("PERMISSION"),
    N_("BASIS"),
    N_("HOW"),
    N_("CHANNEL"),
    N_("KIND"),
    N_("ADMIN"),
    N_("PURPOSE"),
    N_("MODE"),
    N_("TIME"),
    N_("PLACE"),
    N_("SHOT"),
    N_("PUBLICATION"),
    N_("CASE"),
    N_("ENTRY"),
    N_("DECISION"),
    N_("KEY"),
    N_("FLAG"),
    N_("ANSWER"),
    N_("CODE"),
    N_("SETTING"),
    N_("VALUE"),
    N_("FROM"),
    N_("TO"),
    N_("KEEP"),
    N_("DUPLICATE"),
    N_("REGISTRY"),
    N_("SHELL"),
    N_("RECORD"),
    N_("DOCUMENT"),
)
"""The metavariables, in capitals, used in usage lines, help and next steps."""

_CAPITALS = re.compile("[A-Z]{2,}(?: [A-Z]{2,})*")


def translated_metavar(metavar: str) -> str:
    """Return a metavariable such as `FILE|PHOTO...` in the user's language."""
    return _CAPITALS.sub(lambda found: _(found[0]), metavar)
