"""The history: the moment of a change, and a registry taken back to what it held on a day."""

from datetime import datetime

from sqlmodel import Session

from photoreg.registry.tables import Moment


def set_moment(session: Session, at: datetime) -> None:
    """Tell the triggers the time of the change that is being made."""
    moment = session.get(Moment, 1)
    if moment is None:
        moment = Moment(at=at, since=at)
    moment.at = at
    session.add(moment)
    session.flush()
