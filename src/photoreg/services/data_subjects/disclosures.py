"""Record disclosures: who reads names in which list, and for what purpose."""

from photoreg.errors import InputDataError
from photoreg.registry.ledger import Action
from photoreg.registry.rows import add
from photoreg.registry.tables.history import Disclosure
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.inputs import free_text
from photoreg.texts import N_

MAX_PURPOSE_LENGTH = 500


def state_purpose(application: Application, purpose: str, of: str) -> None:
    """Record why the names in a list or report are needed, before they are read.

    The purpose may name a person, so the log contains only its number. InputDataError if empty.
    """
    written = free_text(purpose, MAX_PURPOSE_LENGTH)
    if not written:
        raise InputDataError(
            N_("the purpose is missing"), N_("State briefly why the names are needed.")
        )
    with application.changing(frozenset(StaffRole)) as work:
        row = Disclosure(at=work.now, actor_id=work.actor.id, list=of, purpose=written)
        number = add(work.session, row)
        work.log(Action.NAMES_READ, "staff", work.actor.id, list=of, disclosure=number)
