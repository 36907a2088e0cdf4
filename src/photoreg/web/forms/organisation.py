"""Forms about the organisation: users, channels, units; the clock and restored backups."""

from datetime import date

import flask

from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.presentation.rows.restores import may_be_missing, stop_lines
from photoreg.registry.tables.people import USER_ROLES
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.inputs import require_text
from photoreg.services.organisation import channels, staff, units
from photoreg.services.organisation.api_keys import revoke_key
from photoreg.services.organisation.channels import ChannelChange
from photoreg.services.organisation.sessions import sign_out_user
from photoreg.services.upkeep.clock import note_wrong_clock
from photoreg.services.upkeep.replacing import Replaced
from photoreg.services.upkeep.restores import acknowledge_restore
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values

LOGIN = FormField("login", N_("Login"), required=True)
UNIT = FormField("unit", N_("Unit"), FieldKind.UNIT)
NEW_UNIT = FormField(
    "new_unit", N_("It is a new unit, although its name resembles one in use."), FieldKind.TICK
)
CHANNEL = FormField("channel", N_("Channel"), FieldKind.CHANNEL, required=True)
OWN = FormField("own", N_("Does the municipality itself control the channel?"), FieldKind.YES_NO)
CONTROLLER = FormField(
    "controller",
    N_("Who controls it (name)"),
    hint=N_("If not the municipality: a company of the group, a medium, the owner of a profile."),
)
PERSON = FormField(
    "person",
    N_("The user as a person in the registry, if they take photos: name or id."),
    FieldKind.PERSON,
)
SERVER_ROLE = FormField(
    "server_role",
    N_("The role on a PostgreSQL server, if it is not the login; an empty text removes it."),
)


def _add_staff(application: Application, values: Values) -> Done:
    login, role = values["login"], values["role"]
    staff.add_staff(
        application,
        login=login,
        name=values["name"],
        role=role,
        person=values["person"],
        unit=values["unit"] or "",
        new_unit=values["new_unit"],
        server_role=values["server_role"] or "",
    )
    text = _("{login} was added: {role}.").format(login=login, role=label(role))
    return Done((text,), flask.url_for("settings.staff"))


def _change_staff(application: Application, values: Values) -> Done:
    works_here = values["active"]
    staff.change_staff(
        application,
        values["login"],
        role=values["role"],
        active=works_here,
        name=values["name"],
        person=values["person"],
        unit="" if values["no_unit"] else values["unit"],
        new_unit=values["new_unit"],
        server_role=values["server_role"],
    )
    text = _("The user {login} was changed.").format(login=values["login"])
    return Done((text,), flask.url_for("settings.staff"))


def _sign_out(application: Application, values: Values) -> Done:
    ended = sign_out_user(application, values["login"])
    text = _("Sessions ended: {count}.").format(count=ended)
    return Done((text,), flask.url_for("settings.staff"))


def _revoke_key(application: Application, values: Values) -> Done:
    revoke_key(application, values["name"])
    text = _("The API key {name} works no more.").format(name=values["name"])
    return Done((text,), flask.url_for("settings.api_keys"))


def _whose(values: Values) -> str | None:
    """Return who controls a channel, None for the municipality; nothing is assumed."""
    own, controller = values["own"], values["controller"]
    if own is (controller is not None):
        raise InputDataError(
            N_("it is not clear whose channel it is"),
            N_("Say that the municipality controls it, or name who else does."),
            fields=("own", "controller"),
        )
    if own is None and controller is None:
        raise InputDataError(
            N_("it is not told whose channel it is"),
            N_("Say that the municipality controls it, or name who else does."),
            fields=("own", "controller"),
        )
    return None if own else str(controller)


def _few(has_enough: bool) -> tuple[str, ...]:
    text = _("It has too few administrators: the guideline (Y1) asks for several.")
    return () if has_enough else (text,)


def _to_channels(*messages: str) -> Done:
    return Done(messages, flask.url_for("settings.channels"))


def _add_channel(application: Application, values: Values) -> Done:
    name = values["channel"]
    _number, has_enough = channels.add_channel(
        application,
        name=name,
        title=values["title"],
        kind=values["kind"],
        controller=_whose(values),
        since=values["since"],
        admins=values["admin"],
        terms_url=values["terms_url"] or "",
    )
    text = _("The channel {name} was added.").format(name=name.lower())
    return _to_channels(text, *_few(has_enough))


def _change_channel(application: Application, values: Values) -> Done:
    is_told = values["own"] is not None or values["controller"] is not None
    controller = _whose(values) if is_told else None
    if not is_told and values["since"] is None:
        raise InputDataError(N_("nothing that changes was filled in"), N_("Fill in what changes."))
    change = ChannelChange(is_told and controller is None, controller, values["since"])
    waits = channels.change_channel(application, values["channel"], change)
    text = _("The channel {name} was changed.").format(name=values["channel"])
    more = _("Earlier consents would cover more: that holds once a colleague confirms it.")
    return _to_channels(text, *((more,) if waits else ()))


def _confirm_channel(application: Application, values: Values) -> Done:
    controller = _whose(values)
    answer = ChannelChange(controller is None, controller, values["since"])
    agrees = channels.confirm_channel(application, values["channel"], answer)
    text = (
        _("{name}: confirmed.")
        if agrees
        else _("{name}: your answer differs; the stricter one applies.")
    )
    return _to_channels(text.format(name=values["channel"]))


def _change_admins(application: Application, values: Values) -> Done:
    has_enough = channels.change_admins(
        application, values["channel"], add_logins=values["login"], remove_logins=values["leaving"]
    )
    text = _("The administrators of {name} were changed.").format(name=values["channel"])
    return _to_channels(text, *_few(has_enough))


def _review_channel(application: Application, values: Values) -> Done:
    again = channels.record_review(application, values["channel"], values["on"])
    text = _("Recorded. The next review is due on {day}.")
    return _to_channels(text.format(day=day_in_words(again)))


def _change_terms(application: Application, values: Values) -> Done:
    channels.record_terms_change(application, channel=values["channel"], on=values["on"])
    return _to_channels(_("Recorded. Photos with older consents are evaluated again."))


def _rename_unit(application: Application, values: Values) -> Done:
    new = require_text(values["name"], units.MAX_UNIT_LENGTH)
    old, name, count = units.rename_unit_everywhere(application, values["unit"], new)
    text = _("{old} is {new} from now on. Its events and users: {count}.")
    return Done(
        (text.format(old=safe(old), new=safe(name), count=count),), flask.url_for("settings.units")
    )


def _note_clock(application: Application, values: Values) -> Done:
    number = note_wrong_clock(application, values["entry"])
    text = _("Noted: the clock was wrong when entry L-{entry} was written.")
    return Done((text.format(entry=number),))


def _acknowledge(application: Application, values: Values) -> Done:
    seen = acknowledge_restore(application, values["entry"])
    noted = _("Noted: you have looked at it, {entry}.").format(entry=seen.entry)
    is_whole = seen.replaced is Replaced.REGISTRY
    missing = () if is_whole else (may_be_missing(date.fromisoformat(seen.made_on)),)
    return Done((noted, *missing, *stop_lines(seen.stops)))


ROLE = FormField("role", N_("Role"), FieldKind.CHOICE, choices=USER_ROLES)
ENTRY = FormField("entry", N_("The entry of the log"), required=True)

FORMS = (
    ActionForm(
        NextAction.STAFF_ADD,
        N_("Add a user"),
        (
            LOGIN,
            FormField("name", N_("Name"), required=True),
            FormField("role", N_("Role"), FieldKind.CHOICE, choices=USER_ROLES, required=True),
            UNIT,
            NEW_UNIT,
            PERSON,
            SERVER_ROLE,
        ),
        _add_staff,
        about=N_("Afterwards, give the user a password for the desk."),
    ),
    ActionForm(
        NextAction.STAFF_CHANGE,
        N_("Change a user"),
        (
            LOGIN,
            FormField("name", N_("Name")),
            ROLE,
            UNIT,
            NEW_UNIT,
            FormField("no_unit", N_("Belongs to no unit any more."), FieldKind.TICK),
            PERSON,
            SERVER_ROLE,
            FormField("active", N_("Does the user work here?"), FieldKind.YES_NO),
        ),
        _change_staff,
        about=N_("What you leave empty stays as it is. The entries that the user made are kept."),
    ),
    ActionForm(
        NextAction.STAFF_SIGN_OUT,
        N_("End the sessions"),
        (LOGIN,),
        _sign_out,
        about=N_("The user is signed out on every computer, for example when one was lost."),
    ),
    ActionForm(
        NextAction.API_KEY_REVOKE,
        N_("Revoke the API key"),
        (FormField("name", N_("Name"), required=True),),
        _revoke_key,
        about=N_("The other system can ask and record nothing any more."),
        is_final=True,
    ),
    ActionForm(
        NextAction.CHANNEL_ADD,
        N_("Add a channel"),
        (
            FormField(
                "channel",
                N_("A short name, such as kunta-website"),
                required=True,
            ),
            FormField("title", N_("Title"), required=True),
            FormField(
                "kind", N_("Kind of channel"), FieldKind.CHOICE, choices=Channel, required=True
            ),
            OWN,
            CONTROLLER,
            FormField("since", N_("The first day of the channel; default: today."), FieldKind.DAY),
            FormField(
                "admin",
                N_("Administrators (guideline Y1: several)"),
                FieldKind.STAFF,
                several=True,
            ),
            FormField("terms_url", N_("The address of the service's terms.")),
        ),
        _add_channel,
    ),
    ActionForm(
        NextAction.CHANNEL_CHANGE,
        N_("Correct whose channel it is"),
        (
            CHANNEL,
            OWN,
            CONTROLLER,
            FormField("since", N_("The first day of the channel."), FieldKind.DAY),
        ),
        _change_channel,
        about=N_("The photos published there are checked again."),
    ),
    ActionForm(
        NextAction.CHANNEL_CONFIRM,
        N_("State whose channel it is"),
        (
            CHANNEL,
            OWN,
            CONTROLLER,
            FormField("since", N_("The first day of the channel."), FieldKind.DAY, required=True),
        ),
        _confirm_channel,
        about=N_(
            "A colleague has changed it so that earlier consents cover more. State yourself whose "
            "channel it is and since when it exists: of two answers the stricter one counts."
        ),
    ),
    ActionForm(
        NextAction.CHANNEL_ADMINS,
        N_("Change the administrators"),
        (
            CHANNEL,
            FormField("login", N_("To add"), FieldKind.STAFF, several=True),
            FormField("leaving", N_("To remove"), FieldKind.STAFF, several=True),
        ),
        _change_admins,
    ),
    ActionForm(
        NextAction.CHANNEL_REVIEW,
        N_("Record a review"),
        (CHANNEL, FormField("on", N_("The day of the review; default: today."), FieldKind.DAY)),
        _review_channel,
        about=N_("The channel's practices were reviewed (guideline V6)."),
    ),
    ActionForm(
        NextAction.CHANNEL_TERMS_CHANGED,
        N_("Record changed terms"),
        (CHANNEL, FormField("on", N_("The day of the change; default: today."), FieldKind.DAY)),
        _change_terms,
        about=N_("The service behind the channel has changed its terms (guideline J4)."),
    ),
    ActionForm(
        NextAction.UNIT_RENAME,
        N_("Rename a unit"),
        (
            FormField("unit", N_("Unit"), FieldKind.UNIT, required=True),
            FormField("name", N_("The new name"), FieldKind.UNIT, required=True),
        ),
        _rename_unit,
        about=N_("If another unit has the new name, the two become one."),
    ),
    ActionForm(
        NextAction.CLOCK_WRONG,
        N_("Note that the clock was wrong"),
        (ENTRY,),
        _note_clock,
        about=N_("The last entry of the log was written with a clock that was ahead."),
    ),
    ActionForm(
        NextAction.RESTORE_ACKNOWLEDGE,
        N_("Note that you have looked at it"),
        (ENTRY,),
        _acknowledge,
        about=N_(
            "A backup was restored. Withdrawals, refusals, blocks and flags recorded after it was "
            "made may be missing: look at what the log tells, and ask those who record."
        ),
    ),
)
