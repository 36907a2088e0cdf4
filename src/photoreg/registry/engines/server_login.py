"""Who is connected to a server, and for whom a door, such as a web page, acts there."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerLogin:
    """The login on a server, the role in force, and whether that role owns the registry."""

    login: str
    role: str
    is_owner: bool


@dataclass(frozen=True, slots=True)
class DoorPass:
    """For whom a door acts: their login in the registry, and the secret of a live session or key.

    The door's own login has no rights; it takes the user's role for each transaction.
    """

    login: str
    secret: str = field(repr=False)
