"""`consent` and `permission`: what people who are shown, and photographers, have said."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg.cli.app import Group, Office
from photoreg.cli.options import day_option, format_option, option, word_option
from photoreg.cli.output import safe, say, show
from photoreg.cli.touched import print_touched
from photoreg.cli.views import CONSENTS, PERMISSIONS
from photoreg.cli.words import Word
from photoreg.registry.tables import ConsentKind, Method
from photoreg.rulebook.facts import Basis, Purpose
from photoreg.services import consents, permissions
from photoreg.services.consents import ConsentRecorded, Form, Whose
from photoreg.services.permissions import PermissionRecorded, Rights, Terms
from photoreg.services.spoken import Recorded, Spoken
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])
_LICENSED = ("photographer_permission", "staff_agreement", "transferred", "licence_cc", "stock")


def _options(*decorators: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        for each in reversed(decorators):
            function = each(function)
        return function

    return decorate


_whose_options = _options(
    option("--by", help=N_("The guardian who says it; without it, it is the person's own word.")),
    option("--event", help=N_("Only for the photos of this event.")),
    option("--photo", help=N_("Only for this photo.")),
)
_channels_option = option(
    "--channel",
    "channels",
    multiple=True,
    required=True,
    help=N_("A channel by its name, or a kind of channel such as public_page; may be repeated."),
)
_some_channels_option = option(
    "--channel",
    "channels",
    multiple=True,
    help=N_("Take back only this channel or kind of channel; without it, everything."),
)
_purposes_option = word_option(
    "--purpose",
    "purposes",
    kind="ScopePurpose",
    multiple=True,
    default=("information",),
    show_default=True,
    help=N_("What it may be used for; may be repeated."),
)
_on_option = day_option("--on", help=N_("The day it was said; today unless said."))
_answer_options = _options(
    day_option("--until", help=N_("The last day on which the yes holds.")),
    option("--open-ended", is_flag=True, help=N_("The yes has no end until it is withdrawn.")),
    _on_option,
    word_option(
        "--method",
        kind="Method",
        default="written",
        show_default=True,
        help=N_("How it was said."),
    ),
    option(
        "--evidence",
        type=click.Path(path_type=Path),
        help=N_("The signed form, message or recording; a copy is kept beside the registry."),
    ),
    option("--paper", default="", help=N_("Where the signed paper is kept.")),
    option("--refused", is_flag=True, help=N_("The answer is no.")),
    option("--renewed", is_flag=True, help=N_("An earlier yes is given again.")),
)
_withdrawal_options = _options(
    _some_channels_option,
    _on_option,
    word_option(
        "--method", kind="Method", default="oral", show_default=True, help=N_("How it was said.")
    ),
)


def _purposes(named: Sequence[str]) -> tuple[Purpose, ...]:
    return tuple(Purpose) if "any" in named else tuple(map(Purpose, named))


def _answer(
    *,
    channels: Sequence[str],
    purposes: Sequence[str],
    until: date | None,
    open_ended: bool,
    on: date | None,
    method: str,
    evidence: Path | None,
    paper: str,
    refused: bool,
    renewed: bool,
) -> Spoken:
    """Put an answer together; a yes without an end, or with two, is wrong use."""
    if refused and (until or open_ended or renewed):
        raise click.UsageError(_("A no has no end: leave out --until, --open-ended and --renewed."))
    if until and open_ended:
        raise click.UsageError(_("Give either --until or --open-ended."))
    if not refused and not until and not open_ended:
        raise click.UsageError(
            _("A yes needs an end: give its last day with --until DAY, or say --open-ended.")
        )
    yes = ConsentKind.RENEWED if renewed else ConsentKind.GIVEN
    return Spoken(
        kind=ConsentKind.REFUSED if refused else yes,
        channels=channels,
        purposes=_purposes(purposes),
        on=on,
        until=until,
        open_ended=open_ended,
        method=Method(method),
        evidence=evidence,
        paper=paper,
    )


def _withdrawal(channels: Sequence[str], on: date | None, method: str) -> Spoken:
    return Spoken(
        kind=ConsentKind.WITHDRAWN, channels=channels, purposes=(), on=on, method=Method(method)
    )


def _only_one(first: object, second: object, text: str) -> None:
    """Refuse two options (or none is fine) that exclude each other, as wrong use."""
    if first and second:
        raise click.UsageError(text)


@click.group("consent", cls=Group, help=N_("Consents of people who are shown."))
def consent_command() -> None:
    """Group."""


@consent_command.command(
    "request",
    help=N_("Note that somebody was asked for consent."),
    example="photoreg consent request --for H-1 --by H-2 --channel kunta",
)
@option("--for", "person", required=True, help=N_("Who is shown."))
@_whose_options
@_channels_option
@_purposes_option
@_on_option
@click.pass_obj
def consent_request(
    office: Office,
    person: str,
    by: str | None,
    event: str | None,
    photo: str | None,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
) -> None:
    """Note one request."""
    spoken = Spoken(ConsentKind.REQUESTED, channels, _purposes(purposes), on)
    _tell_consent(consents.record(office.workplace, _whose(person, by, photo, event), spoken))


@consent_command.command(
    "record",
    help=N_(
        "Record somebody's answer. Without --by it is the person's own word; for a child that is "
        "the child's own view, and the guardians' consents are recorded beside it."
    ),
    example=(
        "photoreg consent record --for H-1 --by H-2 --channel kunta --until 2027-12-31 "
        '--paper "binder 3, page 12"'
    ),
)
@option("--for", "person", required=True, help=N_("Who is shown."))
@_whose_options
@_channels_option
@_purposes_option
@_answer_options
@option(
    "--form-language",
    type=click.Choice(["fi", "en", "sv", "se"]),
    default="",
    show_default=False,
    help=N_("The language of the form."),
)
@option("--form-version", default="", help=N_("The version of the form."))
@option(
    "--releases-confidential",
    is_flag=True,
    help=N_("The yes also allows to show that the person is a care client."),
)
@click.pass_obj
def consent_record(
    office: Office,
    person: str,
    by: str | None,
    event: str | None,
    photo: str | None,
    form_language: str,
    form_version: str,
    releases_confidential: bool,
    **said: Any,
) -> None:
    """Record one answer."""
    recorded = consents.record(
        office.workplace,
        _whose(person, by, photo, event),
        _answer(**said),
        Form(form_language, form_version, releases_confidential),
    )
    _tell_consent(recorded)


@consent_command.command(
    "withdraw",
    help=N_(
        "Record that a consent is taken back, or that somebody objects to being shown. It counts "
        "at once; no evidence is needed."
    ),
    example="photoreg consent withdraw C-1",
)
@click.argument("consent", required=False)
@option("--for", "person", help=N_("Who is shown."))
@_whose_options
@_withdrawal_options
@click.pass_obj
def consent_withdraw(
    office: Office,
    consent: str | None,
    person: str | None,
    by: str | None,
    event: str | None,
    photo: str | None,
    channels: tuple[str, ...],
    on: date | None,
    method: str,
) -> None:
    """Record one withdrawal."""
    if bool(consent) == bool(person) or (consent and (by or event or photo)):
        raise click.UsageError(
            _("Name either the consent (C-12), or the person with --for PERSON.")
        )
    whose = _whose(person, by, photo, event) if person else None
    spoken = _withdrawal(channels, on, method)
    _tell_consent(consents.withdraw(office.workplace, spoken, consent=consent, whose=whose))


@consent_command.command(
    "list", help=N_("List consents and where each stands."), example="photoreg consent list"
)
@option("--for", "person", help=N_("Only those about this person."))
@format_option
@click.pass_obj
def consent_list(office: Office, person: str | None, layout: str) -> None:
    """List consents."""
    show(CONSENTS, consents.list_consents(office.workplace, person), layout)


def _whose(person: str, by: str | None, photo: str | None, event: str | None) -> Whose:
    _only_one(photo, event, _("Give either --photo or --event."))
    return Whose(person, by, photo, event)


_CONSENT_TEXTS = {
    ConsentKind.REQUESTED: N_("{thread}: asked."),
    ConsentKind.GIVEN: N_("{thread}: the consent was recorded."),
    ConsentKind.RENEWED: N_("{thread}: the renewed consent was recorded."),
    ConsentKind.REFUSED: N_("{thread}: the no was recorded. It counts for every channel."),
    ConsentKind.WITHDRAWN: N_("{thread}: the withdrawal was recorded."),
}
_PERMISSION_TEXTS = {
    ConsentKind.REQUESTED: N_("{thread}: asked."),
    ConsentKind.GIVEN: N_("{thread}: the permission was recorded."),
    ConsentKind.RENEWED: N_("{thread}: the renewed permission was recorded."),
    ConsentKind.REFUSED: N_("{thread}: the no was recorded. It counts for every channel."),
    ConsentKind.WITHDRAWN: N_("{thread}: the withdrawal was recorded."),
}
_YES = (ConsentKind.GIVEN, ConsentKind.RENEWED)


def _tell_consent(told: ConsentRecorded) -> None:
    recorded = told.recorded
    click.echo(_(_CONSENT_TEXTS[recorded.kind]).format(thread=recorded.thread))
    if told.child_view:
        say(_("This is the child's own view; the guardians' consents are recorded with --by."))
    if recorded.kind in _YES and not recorded.documented:
        say(_("It does not count until there is something to show (CN_UNDOCUMENTED):"))
        say(_("record it again with --evidence FILE or --paper TEXT."))
    _tell_effect(recorded)


def _tell_effect(recorded: Recorded) -> None:
    """Say what a new word changes: photos, publications, and what stands against it."""
    if recorded.outlived:
        say(_("A later word is recorded already, and it stands: this one changes nothing."))
    if recorded.kind in _YES and recorded.replaced:
        say(
            _("It replaces an earlier yes; no longer covered: {channels}.").format(
                channels=", ".join(recorded.replaced)
            )
        )
    if recorded.kind not in (*_YES, ConsentKind.REQUESTED):
        photos = ", ".join(recorded.photos) or _("none")
        click.echo(_("Photos no longer allowed: {photos}").format(photos=photos))
    print_touched(recorded.publications)


@click.group("permission", cls=Group, help=N_("Copyright permissions of photographers."))
def permission_command() -> None:
    """Group."""


_rights_options = _options(
    option("--photographer", help=N_("The photographer, who permits.")),
    option("--photo", "photos", multiple=True, help=N_("Only for this photo; may be repeated.")),
    option("--event", help=N_("Only for the photos of this event.")),
)
_licensor_option = option(
    "--licensor", default="", help=N_("An agency or another licensor, with --photo.")
)


def _rights(
    photographer: str | None, photos: Sequence[str], event: str | None, licensor: str = ""
) -> Rights:
    _only_one(photos, event, _("Give either --photo or --event."))
    if bool(photographer) == bool(licensor) or (licensor and not photos):
        raise click.UsageError(
            _("Name either --photographer PERSON, or --licensor TEXT with --photo.")
        )
    return Rights(photographer, licensor, photos, event)


@permission_command.command(
    "request",
    help=N_("Note that a photographer or licensor was asked for permission."),
    example="photoreg permission request --photographer H-1 --channel kunta",
)
@_rights_options
@_licensor_option
@_channels_option
@_purposes_option
@_on_option
@click.pass_obj
def permission_request(
    office: Office,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    licensor: str,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
) -> None:
    """Note one request."""
    spoken = Spoken(ConsentKind.REQUESTED, channels, _purposes(purposes), on)
    rights = _rights(photographer, photos, event, licensor)
    _tell_permissions(permissions.record(office.workplace, rights, spoken))


@permission_command.command(
    "grant",
    help=N_(
        "Record a permission. Without --photo or --event it covers all of the photographer's "
        "photos."
    ),
    example=(
        "photoreg permission grant --photographer H-1 --channel kunta --open-ended "
        '--paper "e-mail of 2 March, archive 12"'
    ),
)
@_rights_options
@_licensor_option
@option(
    "--basis",
    type=Word("Basis", _LICENSED),
    default="photographer_permission",
    show_default=True,
    help=N_("On what ground the photo may be used."),
)
@_channels_option
@_purposes_option
@_answer_options
@option("--credit", help=N_("How the photographer is named; the recorded name unless said."))
@option("--credit-waived", is_flag=True, help=N_("The photographer need not be named."))
@click.pass_obj
def permission_grant(
    office: Office,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    licensor: str,
    basis: str,
    credit: str | None,
    credit_waived: bool,
    **said: Any,
) -> None:
    """Record one permission, or one for each photo."""
    _only_one(credit, credit_waived, _("Give either --credit or --credit-waived."))
    rights = _rights(photographer, photos, event, licensor)
    terms = Terms(Basis(basis), credit, credit_waived)
    _tell_permissions(permissions.record(office.workplace, rights, _answer(**said), terms))


@permission_command.command(
    "withdraw",
    help=N_("Record that a permission is taken back. It counts at once."),
    example="photoreg permission withdraw L-1",
)
@click.argument("permission", required=False)
@_rights_options
@_withdrawal_options
@click.pass_obj
def permission_withdraw(
    office: Office,
    permission: str | None,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    channels: tuple[str, ...],
    on: date | None,
    method: str,
) -> None:
    """Record one withdrawal."""
    if bool(permission) == bool(photographer) or (permission and (photos or event)):
        raise click.UsageError(_("Name either the permission (L-12), or --photographer PERSON."))
    rights = _rights(photographer, photos, event) if photographer else None
    spoken = _withdrawal(channels, on, method)
    _tell_permissions(
        permissions.withdraw(office.workplace, spoken, permission=permission, rights=rights)
    )


@permission_command.command(
    "list", help=N_("List permissions and where each stands."), example="photoreg permission list"
)
@option("--photographer", help=N_("Only those of this photographer."))
@format_option
@click.pass_obj
def permission_list(office: Office, photographer: str | None, layout: str) -> None:
    """List permissions."""
    show(PERMISSIONS, permissions.list_permissions(office.workplace, photographer), layout)


def _tell_permissions(told: Sequence[PermissionRecorded]) -> None:
    for each in told:
        recorded = each.recorded
        click.echo(_(_PERMISSION_TEXTS[recorded.kind]).format(thread=recorded.thread))
        if recorded.kind in _YES:
            _tell_credit(each)
            if not recorded.documented:
                say(_("It is unclear until it is confirmed (CR_PERMISSION_UNDOCUMENTED):"))
                say(_("record it again with --evidence FILE or --paper TEXT."))
        if not each.by_taker:
            say(_("Nobody has recorded that this photographer took the photo."))
            say("→ photoreg photo answer PHOTO --photographer NAME")
        _tell_effect(recorded)


def _tell_credit(told: PermissionRecorded) -> None:
    if told.credit:
        click.echo(_("Credit: {credit}").format(credit=safe(told.credit)))
    elif told.credit_waived:
        click.echo(_("The photographer need not be named."))
    else:
        say(_("No credit is recorded: give it with --credit NAME."))
