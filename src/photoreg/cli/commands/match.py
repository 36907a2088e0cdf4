"""`match`: find the registered photo of a picture, and check its use where it was found."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command, what_next
from photoreg.cli.options import argument, format_option, option
from photoreg.cli.output import print_note, print_view
from photoreg.errors import DONE, REFUSED, SOME_FAILED, UNCLEAR
from photoreg.presentation.messages import error_texts
from photoreg.presentation.views.matches import MATCHES
from photoreg.services.photos import matching
from photoreg.services.photos.matching import Match, MatchVerdict, UnreadablePicture
from photoreg.texts import N_

_NOT_ALLOWED = frozenset({MatchVerdict.NO_LONGER, MatchVerdict.NOT_ALLOWED})


@click.command(
    "match",
    cls=Command,
    help=N_(
        "Tell which registered photos the given pictures are, for example pictures saved from "
        "a web page, and whether each may be published today: on the channels where it is "
        "recorded as published, otherwise on every channel. Metadata may be missing; the "
        "picture may be smaller, compressed again or cropped by a few percent. A picture that "
        "is cropped more may not be found, so “unknown” proves nothing. Exit code 3: something "
        "is not allowed; 4: something is unknown or depends on the channel."
    ),
    example=N_("photoreg match screenshots --channel kunta"),
)
@argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=Path)
@option("--channel", help=N_("Ask about this channel only."))
@format_option
@click.pass_context
def match_command(
    ctx: click.Context, paths: tuple[Path, ...], channel: str | None, layout: str
) -> None:
    """Match the pictures against the registry; list unreadable files last."""
    context: CliContext = ctx.obj
    failures: list[UnreadablePicture] = []
    verdicts: set[MatchVerdict] = set()

    def readable(found: Iterable[Match | UnreadablePicture]) -> Iterator[dict[str, Any]]:
        for each in found:
            if isinstance(each, UnreadablePicture):
                failures.append(each)
            else:
                verdicts.add(each.verdict)
                yield _row(each)

    print_view(
        MATCHES, readable(matching.match_pictures(context.application, paths, channel)), layout
    )
    for failed in failures:
        text, hint = error_texts(failed.error)
        print_note(f"{text}. {hint}")
        for line in what_next(failed.error):
            print_note(f"  {line}")
    if not verdicts and len(failures) == 1:
        ctx.exit(failures[0].error.exit_code)
    ctx.exit(_exit_code(verdicts, failed=bool(failures)))


def _exit_code(verdicts: set[MatchVerdict], *, failed: bool) -> int:
    if verdicts & _NOT_ALLOWED:
        return REFUSED
    if failed:
        return SOME_FAILED
    return UNCLEAR if verdicts - {MatchVerdict.ALLOWED} else DONE


def _row(found: Match) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "verdict": found.verdict.value,
        "photo": found.photo,
        "photo_file": found.photo_file,
        "likewise": found.method.value if found.method else None,
        "distance": found.distance,
        "allowed_on": list(found.allowed_on),
        "not_on": list(found.not_on),
        "codes": list(found.codes),
    }
