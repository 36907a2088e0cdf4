"""Queries for the keys of the API."""

from datetime import date

from sqlmodel import Session, col, select

from photoreg.registry.ids import id_of
from photoreg.registry.tables.credentials import ApiKey, ApiKeyChannel
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Staff


def key_in_force(
    session: Session, staff: int, sha256: str, on: date
) -> tuple[ApiKey, frozenset[int]] | None:
    """Return the key of this actor with this hash, if it works on a day, and its channels."""
    found = session.exec(
        select(ApiKey, ApiKeyChannel.channel_id)
        .join(ApiKeyChannel)
        .where(
            ApiKey.staff_id == staff,
            ApiKey.sha256 == sha256,
            ApiKey.last_day >= on,
            col(ApiKey.revoked_at).is_(None),
        )
    ).all()
    return (found[0][0], frozenset(channel for _key, channel in found)) if found else None


def all_keys(session: Session) -> list[tuple[ApiKey, Staff, list[str]]]:
    """Return every key by its name, with its actor and the names of its channels."""
    channels: dict[int, list[str]] = {}
    names = select(ApiKeyChannel.key_id, ChannelRow.name).join(ChannelRow)
    for key, name in session.exec(names.order_by(ChannelRow.name)):
        channels.setdefault(key, []).append(name)
    keys = session.exec(select(ApiKey, Staff).join(Staff, col(Staff.id) == ApiKey.staff_id))
    return [
        (key, staff, channels[id_of(key)])
        for key, staff in sorted(keys, key=lambda each: each[1].login)
    ]
