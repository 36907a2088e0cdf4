"""The errors that photoreg raises deliberately: a message, a hint and an exit code.

Messages and hints are English source texts with `{named}` placeholders, in terms of the domain; the
user interface translates them and fills in the placeholders. Each interface shows the remedy in its
own way: `step` names the action, `fields` the inputs concerned, which are options on the command
line and fields on a page. Errors contain no contact of a person, and a name only as the user typed
it or, where ids would not tell who is meant, may see it.
"""

import errno
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from photoreg.texts import N_

if TYPE_CHECKING:
    from photoreg.steps import NextStep


class Term(str):
    """A text among the values of a message, which is translated when the message is."""

    __slots__ = ()


class NamedRecord(NamedTuple):
    """A record among the values of a message: the word for its kind, translated with the message.

    `name` tells it from others of the kind.
    """

    word: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.word} {self.name}".strip()


class Records(tuple[object, ...]):
    """Records among the values of a message."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class Phrase(tuple[object, ...]):
    """Values of a message that belong together, each put in words."""

    __slots__ = ()

    def __str__(self) -> str:
        return " ".join(map(str, self))


_CAUSES = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("a file stands where a folder should be"),
    errno.EISDIR: N_("it is a folder"),
    errno.EEXIST: N_("it exists already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.EACCES: N_("you have no right to it"),
    errno.EPERM: N_("you have no right to it"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your disk quota is used up"),
    errno.EFBIG: N_("the file would be too large"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EINVAL: N_("the name or the place is not allowed"),
    errno.EBUSY: N_("another program is using it"),
    errno.ELOOP: N_("it is a link that leads to itself"),
    errno.EXDEV: N_("it is on another disk"),
    errno.EIO: N_("the disk or the network drive does not work"),
    errno.EPIPE: N_("the program that reads it has ended"),
    errno.ENXIO: N_("it is not an ordinary file"),
    errno.E2BIG: N_("the file is too large"),
    errno.ETXTBSY: N_("it belongs to the registry that is in use"),
}


def os_cause(error: OSError) -> Term:
    """Return why the operating system refused, in words that are translated when shown."""
    return Term(_CAUSES.get(error.errno or 0, N_("the operating system does not allow it")))


class PhotoregError(Exception):
    """An error with a message for the user; `hint`, `step` and `fields` say what to do about it."""

    exit_code: ClassVar[int] = 1
    meaning: ClassVar[str] = N_("internal error in photoreg")

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        step: "NextStep | None" = None,
        fields: tuple[str, ...] = (),
        **values: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.step = step
        self.fields = fields
        self.values = values

    def __str__(self) -> str:
        return self.message.format(**self.values)


class NotAllowed(PhotoregError):  # noqa: N818 - named for its meaning
    """The registry refuses: the role lacks the right, or the step is illegal or a duplicate."""

    exit_code = 5
    meaning = N_("not permitted: wrong role, wrong order or duplicate")


class KeyLacksRight(NotAllowed):
    """A key of the API was not made for this use, or for this channel."""


class NotFound(PhotoregError):  # noqa: N818
    """The registry contains nothing with that id or name."""

    exit_code = 6
    meaning = N_("not found: there is no such photo, person, channel or case")


class PhotoFileError(PhotoregError):
    """An image file that cannot be read, trusted or written."""

    exit_code = 7
    meaning = N_("an image file: unreadable, damaged, changed, or of an unsupported format")


class RegistryError(PhotoregError):
    """The registry itself is missing, locked, damaged or of another version."""

    exit_code = 8
    meaning = N_("the registry: missing, locked, damaged, full disk, or of another version")


class SessionEnded(RegistryError):  # noqa: N818 - named for its meaning
    """The server knows no live session of the user by the secret that was shown."""


class RegistryMissing(RegistryError):  # noqa: N818 - named for its meaning
    """There is no registry at the place where it was looked for."""


class RegistryMoved(RegistryError):  # noqa: N818 - named for its meaning
    """The registry file was removed or replaced by another one while it was in use."""


class InputDataError(PhotoregError):
    """Invalid data from the user: a date, a table, a form."""

    exit_code = 9
    meaning = N_("input data: an invalid value, date or table (file, line, column)")


class ChangedMeanwhile(InputDataError):  # noqa: N818 - named for its meaning
    """Somebody changed what the user had seen, since it was shown; nothing was recorded."""


# Exit codes without an error class; the whole list is `EXIT_CODES`.
DONE = 0
WRONG_USE = 2
REFUSED = 3
UNCLEAR = 4
SOME_FAILED = 10
INTERRUPTED = 130

EXIT_CODES: dict[int, str] = {
    DONE: N_("done; of a check: every photo asked about may be published"),
    PhotoregError.exit_code: PhotoregError.meaning,
    WRONG_USE: N_("wrong use of the command line"),
    REFUSED: N_("at least one photo is refused; of a test of the rules: a row differs"),
    UNCLEAR: N_("no photo is refused, at least one is unclear; of a question: still open"),
    **{
        error.exit_code: error.meaning
        for error in (NotAllowed, NotFound, PhotoFileError, RegistryError, InputDataError)
    },
    SOME_FAILED: N_("finished, but some items failed; they are listed at the end"),
    INTERRUPTED: N_("interrupted by the user (Ctrl-C)"),
}
"""Every exit code and its meaning; docs/exit-codes.md is generated from this list."""
