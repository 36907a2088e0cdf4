"""`audit`: anchors of the log, the keys that sign them, and proofs that leave the house."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg import errors
from photoreg.cli.app import CliContext, Command, print_error
from photoreg.cli.commands.audit_lists import print_counted
from photoreg.cli.options import argument, format_option, option
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.prompts.passphrase import passphrase_from
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_time
from photoreg.presentation.views.audits import KEYS
from photoreg.registry.transparency.files import read_text
from photoreg.registry.transparency.notes import VerifierKey, is_note, parse_verifier_key
from photoreg.services.audits import (
    anchor_keys,
    cosigning,
    decision_proofs,
    log_anchor,
    signed_anchors,
)
from photoreg.services.audits.signed_anchors import Delivered, SignedAnchor, VerifiedAnchor
from photoreg.steps import NextAction
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])

file_type: click.Path = click.Path(path_type=Path)
passphrase_option = option(
    "--passphrase-file",
    envvar="PHOTOREG_PASSPHRASE_FILE",
    type=file_type,
    metavar="FILE",
    help=N_("A file of yours alone that holds the passphrase, for scheduled runs."),
)
public_key_option = option(
    "--public-key",
    "public_keys",
    multiple=True,
    metavar="KEY",
    help=N_(
        "A public key that you were given, or a file that begins with it: the registry's, or of "
        "an auditor who must have signed. May be given several times."
    ),
)


def key_options(function: _F) -> _F:
    """Add the options that say which key signs, and how it is opened."""
    key_file = option(
        "--key-file",
        envvar="PHOTOREG_KEY_FILE",
        type=file_type,
        metavar="FILE",
        help=N_("The key's file; the registry's own is beside the registry unless you say so."),
    )
    return key_file(passphrase_option(function))


@click.command(
    "make-key",
    cls=Command,
    help=N_(
        "Make the key that signs the anchors of the log, and print its public key. The key's file "
        "stays beside the registry, for its owner only, and in no backup: copy it and its "
        "passphrase to a safe place each. If it is lost or known to others, --renew makes the key "
        "that follows it; what the earlier one has signed can still be verified. Only the "
        "communications coordinator can do this. With --own, anybody makes a key of their own, "
        "such as an auditor."
    ),
    example="photoreg audit make-key",
)
@option("--renew", "renews", is_flag=True, help=N_("Make the key that follows the present one."))
@option("--own", is_flag=True, help=N_("Make a key of your own, in the file that --key-file says."))
@key_options
@click.pass_obj
def audit_make_key(
    context: CliContext,
    renews: bool,
    own: bool,
    key_file: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Make a key of the registry, or of the user."""
    passphrase = passphrase_from(passphrase_file, is_new=True)
    if own and (renews or key_file is None):
        raise click.UsageError(_("--own needs --key-file, and goes without --renew."))
    if own and key_file is not None:
        made = anchor_keys.make_own_key(context.application, key_file, passphrase)
    else:
        made = anchor_keys.make_log_key(context.application, key_file, passphrase, renews=renews)
    print_line(made.public)
    print_note(
        _("The key is in {file}. Keep a copy of it and the passphrase in different places.").format(
            file=made.file
        )
    )
    print_note(_("Give the public key above to those who verify, in writing."))


@click.command(
    "keys",
    cls=Command,
    help=N_(
        "List the registry's public keys, the one in force first. Compare them with what you "
        "were given in writing: whoever can write the registry can put another key in."
    ),
    example="photoreg audit keys",
)
@format_option
@click.pass_obj
def audit_keys(context: CliContext, layout: str) -> None:
    """List the public keys."""
    print_counted(KEYS, anchor_keys.list_keys(context.application), layout)


@click.command(
    "anchor",
    cls=Command,
    help=N_(
        "Print an anchor, which identifies the whole log as it is now, signed with the "
        "registry's key. Keep it elsewhere: print it, email it, or let a scheduled run write it "
        "into other folders. Later `audit verify --against` uses it to show that nothing is "
        "missing. An anchor that is there is never overwritten: its name holds the number of "
        "entries and the day."
    ),
    example=N_("photoreg audit anchor --to anchors --to /media/usb/anchors"),
)
@option(
    "--to",
    "targets",
    type=file_type,
    multiple=True,
    metavar="FILE|FOLDER",
    help=N_("Write it into this folder, or to this new file. May be given several times."),
)
@option("--unsigned", is_flag=True, help=N_("Print one line without a signature instead."))
@key_options
@click.pass_context
def audit_anchor(
    ctx: click.Context,
    targets: tuple[Path, ...],
    unsigned: bool,
    key_file: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Print or write an anchor of the log."""
    context: CliContext = ctx.obj
    if unsigned and targets:
        raise click.UsageError(_("--unsigned prints a line: leave out --to."))
    has_key = bool(anchor_keys.list_keys(context.application))
    if unsigned or not (has_key or targets):
        print_line(log_anchor.anchor(context.application).line())
        if not has_key:
            print_note(
                _(
                    "This anchor is not signed. To sign anchors, the communications coordinator "
                    "makes a key:"
                )
            )
            print_step(NextAction.AUDIT_MAKE_KEY)
        return
    passphrase = passphrase_from(passphrase_file)
    anchor = signed_anchors.sign_anchor(context.application, key_file, passphrase)
    if targets:
        _deliver(ctx, anchor, targets)
    else:
        print_line(anchor.text, nl=False)


def _deliver(ctx: click.Context, anchor: SignedAnchor, targets: Iterable[Path]) -> None:
    failed = 0
    delivered = signed_anchors.deliver(anchor, targets)
    for each in delivered:
        failed += _print_delivered(each, anchor)
    if failed:
        is_all = failed == len(delivered)
        ctx.exit(InputDataError.exit_code if is_all else errors.SOME_FAILED)


def _print_delivered(each: Delivered, anchor: SignedAnchor) -> bool:
    """Tell where an anchor is; return whether it could not be written."""
    if each.error is not None:
        print_error(each.error)
        return True
    text = _("Anchor of {count} entries: {file}")
    print_line(text.format(count=anchor.checkpoint.size, file=each.target))
    return False


@click.command(
    "verify",
    cls=Command,
    help=N_(
        "Check that the log has not been changed outside photoreg: each entry is linked to all "
        "earlier ones. With an earlier anchor, check also who has signed it, that the end has not "
        "been removed and the whole log has not been rewritten. With public keys that you were "
        "given, those in the registry are not relied on."
    ),
    example=N_("photoreg audit verify --against anchors.txt"),
)
@option(
    "--against",
    metavar="FILE|FOLDER",
    help=N_(
        "A file with an anchor or anchors of `photoreg audit anchor`, a line of it, or a folder "
        "into which it has written anchors: all of them are verified."
    ),
)
@public_key_option
@click.pass_obj
def audit_verify(context: CliContext, against: str | None, public_keys: tuple[str, ...]) -> None:
    """Verify the hash chain of the log."""
    if against and _is_folder(against):
        _verify_folder(context, Path(against), list(map(_public_key, public_keys)))
        return
    text = _text_or_file(against) if against else ""
    anchors = log_anchor.anchors_in(text) if text and not is_note(text) else []
    if public_keys and not is_note(text):
        raise click.UsageError(_("--public-key needs a signed anchor: --against FILE."))
    keys = list(map(_public_key, public_keys))
    chain = log_anchor.verify(context.application, anchors)
    signed = (
        signed_anchors.verify_signed(context.application, text, keys) if is_note(text) else None
    )
    print_line(_("The log is intact. Entries: {count}.").format(count=chain.entries))
    if anchors:
        print_line(_("It matches the anchors: {count}.").format(count=len(anchors)))
    if signed:
        print_line(_("It still begins with the entries that the anchor covers."))
        _print_signatures(signed)
    print_line(_("The hash of the last entry is {hash}.").format(hash=chain.head))


def _verify_folder(context: CliContext, folder: Path, keys: list[VerifierKey]) -> None:
    chain = log_anchor.verify(context.application, ())
    found = signed_anchors.verify_folder(context.application, folder, keys)
    print_line(_("The log is intact. Entries: {count}.").format(count=chain.entries))
    print_line(_("It matches the anchors: {count}.").format(count=len(found.anchors)))
    for anchor in found.anchors:
        if anchor.cosigned or anchor is found.anchors[-1]:
            _print_signatures(anchor)
    if found.others:
        print_note(
            _("Anchors of other registries, which were not verified: {count}.").format(
                count=found.others
            )
        )
    print_line(_("The hash of the last entry is {hash}.").format(hash=chain.head))


def _is_folder(given: str) -> bool:
    try:
        return Path(given).is_dir()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _text_or_file(given: str) -> str:
    """Return the text of the file, or the argument itself if there is no such file."""
    try:
        is_there = Path(given).exists()
    except (OSError, ValueError):  # too long for a name, or no name at all
        is_there = False
    return read_text(Path(given)) if is_there else given


def _public_key(given: str) -> VerifierKey:
    return parse_verifier_key(_text_or_file(given).strip().partition("\n")[0])


def _print_signatures(anchor: VerifiedAnchor) -> None:
    print_line(
        _("Anchor of {count} entries, signed with the key {key}: {name}").format(
            count=anchor.checkpoint.size, key=anchor.key.id.hex(), name=anchor.key.name
        )
    )
    for each in anchor.cosigned:
        text = _("Signed also with the key {key}, on {time}: {name}")
        print_line(
            text.format(key=each.key.id.hex(), time=format_time(each.at), name=each.key.name)
        )
    if anchor.others:
        print_note(
            _("Signatures by other keys, which were not verified: {count}.").format(
                count=anchor.others
            )
        )


@click.command(
    "cosign",
    cls=Command,
    help=N_(
        "Add your own signature to an anchor, as an auditor. It states that the log fits the "
        "anchor and continues what you signed last, which is kept beside your key. Keep your key "
        "where those who work with the registry cannot write."
    ),
    example=N_("photoreg audit cosign anchor.checkpoint --key-file tarja.key"),
)
@argument("file", type=file_type, metavar="FILE")
@key_options
@public_key_option
@click.pass_obj
def audit_cosign(
    context: CliContext,
    file: Path,
    key_file: Path | None,
    passphrase_file: Path | None,
    public_keys: tuple[str, ...],
) -> None:
    """Add an auditor's signature to an anchor."""
    if key_file is None:
        raise click.UsageError(_("Give the place of your own key: --key-file FILE."))
    passphrase = passphrase_from(passphrase_file)
    keys = list(map(_public_key, public_keys))
    done = cosigning.cosign_anchor(context.application, file, key_file, passphrase, keys)
    print_line(
        _("You have signed the anchor of {count} entries, on {time}: {file}").format(
            count=done.entries, time=format_time(done.at), file=file
        )
    )
    if done.since is None:
        print_note(_("It is the first that this key has signed of this log."))
    else:
        text = _("The log continues the anchor of {count} entries that you signed before.")
        print_note(text.format(count=done.since))


@click.command(
    "proof",
    cls=Command,
    help=N_(
        "Write a proof that a decision is in the log, for somebody outside. The file holds the "
        "log's entry, with ids and codes but no names, and a signed anchor. It can be verified "
        "with the public key alone, by other programs too (c2sp.org/tlog-proof)."
    ),
    example="photoreg audit proof D-12 -o D-12.tlog-proof",
)
@argument("decision", metavar="DECISION")
@option(
    "-o", "--output", type=file_type, required=True, metavar="FILE", help=N_("The file to write.")
)
@option(
    "--anchor",
    type=file_type,
    metavar="FILE",
    help=N_("Rely on this anchor, such as one that an auditor has signed, instead of a new one."),
)
@key_options
@click.pass_obj
def audit_proof(
    context: CliContext,
    decision: str,
    output: Path,
    anchor: Path | None,
    key_file: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write a proof of a decision."""
    entry = decision_proofs.prove_decision(
        context.application,
        decision,
        output,
        passphrase_from(passphrase_file),
        anchor=anchor,
        key_file=key_file,
    )
    text = _("Proof of entry {entry} of the log, about {decision}: {file}")
    print_line(text.format(entry=entry, decision=decision.upper(), file=output))


@click.command(
    "verify-proof",
    cls=Command,
    help=N_(
        "Verify a proof that was made with `photoreg audit proof`, without any registry. Get the "
        "public key from the municipality, in another way than the proof came."
    ),
    example=N_("photoreg audit verify-proof D-12.tlog-proof --public-key key.txt"),
)
@argument("file", type=file_type, metavar="FILE")
@public_key_option
def audit_verify_proof(file: Path, public_keys: tuple[str, ...]) -> None:
    """Verify a proof of a decision."""
    proven = decision_proofs.verify_proof(file, list(map(_public_key, public_keys)))
    print_line(_("The proof holds: entry {entry} of the log.").format(entry=proven.number))
    _print_signatures(proven.anchor)
    about = [f"{name}={value}" for name, value in proven.details.items()]
    entry = (proven.at, proven.action, proven.subject, ", ".join(about))
    print_line(safe("  ".join(entry)))


ANCHOR_COMMANDS = (
    audit_anchor,
    audit_verify,
    audit_cosign,
    audit_make_key,
    audit_keys,
    audit_proof,
    audit_verify_proof,
)
"""The commands of this module, for the group `audit`."""
