"""Attacks with a login on the server: acting as somebody else, through photoreg and by SQL."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from tests.conftest import Clock
from tests.servers import Server, database_in, log_in
from tests.services.scenes import PAGE_USE, create_person, list_all
from tests.services.test_reactions import (
    ANTE,
    CHILD,
    ELLE,
    MARKET_VIEW,
    OF_EVENT,
    published_registry,  # noqa: F401 - a fixture
)
from tests.services.test_server_rights import guarded_registry  # noqa: F401 - a fixture

from photoreg.cli.app import cli
from photoreg.errors import InputDataError, NotAllowed, RegistryError, SessionEnded
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger import LogEntry
from photoreg.registry.rows import add
from photoreg.registry.tables.credentials import ATTEMPTS, AccessSecret
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import Confidentiality
from photoreg.rulebook.policy import Logins
from photoreg.services.agenda import agenda
from photoreg.services.application import Application, system_clock
from photoreg.services.audits import audits
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.data_subjects import erasure, merge
from photoreg.services.decisions import flags
from photoreg.services.organisation import channels, policy, staff
from photoreg.services.organisation.passwords import change_password, give_password
from photoreg.services.organisation.registry_setup import organisation_of
from photoreg.services.organisation.sessions import (
    login_of_ended,
    note_use,
    sign_in,
    sign_out,
    signed_in,
)
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, events
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers

pytestmark = pytest.mark.engines("postgresql")  # SQLite knows no logins

TWIN, EVENT = "H-6", "E-1"
IDS = {"kaisa": 1, "anna": 2, "ville": 3}


@pytest.fixture(scope="session")
def attacked_registry(
    guarded_registry: tuple[str, Path],  # noqa: F811
    postgresql_server: Server,
) -> str:
    """A registry with a stopped photo, blocks, a twice entered person and a proposed change."""
    where = postgresql_server.new_database(database_in(guarded_registry[0]))
    registry = Registry.open(where, guarded_registry[1])
    anna = Application(registry, "anna", Clock())
    flags.raise_flag(anna, OF_EVENT, reason="A number plate.")
    blocks.block_person(anna, ELLE)
    create_person(anna, "Elle Aikio")
    block = Confidentiality.PUBLICATION_BLOCK
    answers.answer(anna, [MARKET_VIEW], PhotoAnswers(confidentiality=block))
    events.change_event(anna, EVENT, answers=EventAnswers(confidentiality=block))
    with registry.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("UPDATE photo SET confidentiality = NULL WHERE id = 3")
        connection.exec_driver_sql(
            "INSERT INTO evidence (sha256, size, suffix, added_at, added_by)"
            " VALUES (repeat('a', 64), 1, '.pdf', now(), 2)"
        )
    registry.close()
    return where


class Users:
    """Applications of the users, each with a login of their own on the server."""

    def __init__(self, server: Server, where: str, evidence: Path, opened: ExitStack) -> None:
        self.server, self.where = server, where
        self._evidence, self._opened = evidence, opened
        self.clock = Clock()
        self.addresses: dict[str, str] = {}

    def log_in(self, login: str, group: str, *, role: str = "") -> Application:
        """Make a login with one of photoreg's roles, and open the registry with it."""
        role = role or login
        self.addresses[login] = log_in(self.server, self.where, role, group)
        return self.open(self.addresses[login], login)

    def open(self, address: str, login: str, secret: str = "") -> Application:
        """Open the registry at an address."""
        registry = Registry.open(address, self._evidence)
        self._opened.callback(registry.close)
        return Application(registry, login, self.clock, secret=secret)

    def door(self, *members: str) -> str:
        """Make the login of a door that may take the roles of these users; return its address."""
        address = log_in(self.server, self.where, "desk", "door", more="NOINHERIT")
        self.server.execute("ALTER ROLE desk SET role = photoreg_door")
        for member in members:
            self.server.execute(f"GRANT {member} TO desk")
        return address


@pytest.fixture
def users(
    attacked_registry: str,
    postgresql_server: Server,
    duplicate: Callable[[str], str],
    evidence_folder: Path,
) -> Iterator[Users]:
    with ExitStack() as opened:
        yield Users(postgresql_server, duplicate(attacked_registry), evidence_folder, opened)


@pytest.fixture
def anna(users: Users) -> Application:
    return users.log_in("anna", "staff")


@pytest.fixture
def kaisa(users: Users) -> Application:
    return users.log_in("kaisa", "coordinator")


def execute(application: Application, *statements: str) -> None:
    """Run SQL in one transaction, as another program does."""
    with application.registry.store.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def refusal(application: Application, *statements: str) -> str:
    """Return the SQLSTATE with which the server refuses a transaction."""
    with pytest.raises(sa.exc.DBAPIError) as error:
        execute(application, *statements)
    return str(getattr(error.value.orig, "sqlstate", ""))


def entries_of(application: Application) -> list[LogEntry]:
    with application.reading() as work:
        return list(ledger.entries(work.session))


# --- a colleague's login --------------------------------------------------------------------------

AS_A_COORDINATOR: dict[str, Callable[[Application], object]] = {
    "lift a flag": lambda a: flags.resolve_flag(a, "F-2", outcome=FlagOutcome.LIFTED, reason="x"),
    "fewer guardians": lambda a: persons.change_person(a, CHILD, PersonDetails(guardians=1)),
    "end a guardianship": lambda a: guardians.end_guardian(a, CHILD, ANTE),
    "excuse": lambda a: guardians.excuse_guardian(a, CHILD, ANTE, ground="abroad"),
    "lift a block": lambda a: blocks.unblock_person(a, ELLE),
    "merge": lambda a: merge.merge_persons(a, ELLE, TWIN),
    "erase": lambda a: erasure.erase(a, ELLE, erasure.ErasureGround.REQUEST),
    "settings": lambda a: policy.set_policy(a, {"guardians": "one"}),
    "staff": lambda a: staff.change_staff(a, "anna", role=StaffRole.COORDINATOR),
    "read": agenda,
}


@pytest.mark.parametrize("attack", AS_A_COORDINATOR)
def test_nobody_acts_under_a_colleague_s_login(attack: str, anna: Application) -> None:
    before = entries_of(anna)
    with pytest.raises(NotAllowed, match="you are anna on the server, so you cannot act as kaisa"):
        AS_A_COORDINATOR[attack](replace(anna, login="kaisa"))
    assert entries_of(anna) == before


def test_without_another_login_the_server_s_login_acts(anna: Application) -> None:
    create_person(replace(anna, login="root", is_stated=False), "Biret")
    last = entries_of(anna)[-1]
    assert (last.actor_id, last.database_login, last.database_role) == (2, "anna", "anna")
    assert last.hash == sha256(last.canonical().encode()).hexdigest()


def test_the_command_line_acts_as_who_is_logged_in(users: Users, anna: Application) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        settings = {"PHOTOREG_REGISTRY": users.addresses["anna"], "PHOTOREG_LANG": "en"}
        result = CliRunner().invoke(cli, arguments, env=settings)
        return result.exit_code, result.output

    lift = ("flag", "resolve", "F-2", "--outcome", "lifted", "--reason", "x")
    code, output = run("--as", "kaisa", *lift)
    assert code == NotAllowed.exit_code
    assert "you are anna on the server, so you cannot act as kaisa" in output
    code, output = run(*lift)
    assert code == NotAllowed.exit_code
    assert "employee" in output
    code, output = run("person", "add", "Biret")
    assert code == 0, output
    assert entries_of(anna)[-1].actor_id == IDS["anna"]


def test_a_login_that_is_recorded_for_nobody_does_nothing(users: Users) -> None:
    stranger = users.log_in("anna", "staff", role="stranger")
    with pytest.raises(RegistryError, match="not recorded for a user"):
        create_person(stranger, "Biret")
    with pytest.raises(RegistryError, match="not recorded for a user"):
        agenda(stranger)
    assert refusal(stranger, "SELECT * FROM person") == "PR001"
    assert refusal(stranger, "UPDATE photo SET credit = 'Mine'") == "PR001"


def test_a_role_on_the_server_can_be_recorded_for_a_user(users: Users, kaisa: Application) -> None:
    lahti = users.log_in("anna", "staff", role="lahti")
    staff.change_staff(kaisa, "anna", server_role="lahti")
    create_person(lahti, "Biret")
    last = entries_of(lahti)[-1]
    assert (last.actor_id, last.database_login) == (IDS["anna"], "lahti")
    with audits.list_log(kaisa) as rows:
        assert next(rows).other_logins == ()
    assert refusal(users.log_in("anna", "staff"), "SELECT * FROM person") == "PR001"
    with pytest.raises(NotAllowed, match="the role lahti on the server is that of anna"):
        staff.change_staff(kaisa, "ville", server_role="lahti")
    with pytest.raises(NotAllowed, match="the role lahti on the server is that of anna"):
        staff.add_staff(kaisa, login="lahti", name="Lahti", role=StaffRole.EMPLOYEE)
    with pytest.raises(InputDataError, match="the server has no role misspelt"):
        staff.change_staff(kaisa, "anna", server_role="misspelt")
    staff.change_staff(kaisa, "anna", server_role="")
    assert [s.server_role for s in staff.list_staff(kaisa) if s.login == "anna"] == [None]


def test_who_has_left_does_nothing_any_more(kaisa: Application, anna: Application) -> None:
    staff.change_staff(kaisa, "anna", active=False)
    with pytest.raises(RegistryError, match="not recorded for a user"):
        create_person(anna, "Biret")
    assert refusal(anna, "SELECT * FROM person") == "PR001"


def test_a_login_with_more_rights_than_its_user_does_nothing(users: Users) -> None:
    anna = users.log_in("anna", "coordinator")
    with pytest.raises(RegistryError, match="rights that your role in the registry"):
        create_person(anna, "Biret")
    assert refusal(anna, "UPDATE photo_flag SET objector = ''") == "PR003"


def test_where_the_server_knows_who_acts_the_computer_s_login_is_not_asked(
    kaisa: Application,
) -> None:
    policy.set_policy(kaisa, {"logins": Logins.COMPUTER})
    create_person(kaisa, "Biret")
    with state_as_of(kaisa, kaisa.clock().date()) as then:
        assert agenda(then)


def test_the_owner_of_the_registry_may_act_for_everybody(users: Users) -> None:
    owner = users.open(users.where, "kaisa")
    create_person(owner, "Biret")
    last = entries_of(owner)[-1]
    assert (last.actor_id, last.database_role) == (IDS["kaisa"], "owner")
    with audits.list_log(owner) as rows:
        assert next(rows).other_logins == ("owner",)


# --- SQL of one's own -----------------------------------------------------------------------------

ENTRY = (
    "INSERT INTO ledger (seq, at, actor_id, action, subject, details, computer_login,"
    " database_login, database_role, previous, hash) SELECT max(seq) + 1, max(at), {actor},"
    " '{action}', 'H-9', '{{}}', '', '{login}', '{login}',"
    " (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), repeat('b', 64) FROM ledger"
)

COORDINATORS_ONLY = {
    "lift a flag": "UPDATE photo_flag SET outcome = 'lifted', resolved_at = now(),"
    " resolved_by = {me}, resolution = 'x', objector = '' WHERE id = 2",
    "add a resolved flag": "INSERT INTO photo_flag (photo_id, objector, objector_kind, reason,"
    " cause, concerns_person, raised_at, raised_by, due_at, resolved_at, resolved_by, outcome,"
    " resolution) SELECT photo_id, '', 'staff', 'x', 'reported', false, now(), {me}, now(), now(),"
    " {me}, 'lifted', 'x' FROM photo_flag WHERE id = 2",
    "fewer guardians": "UPDATE person SET guardians_total = 1 WHERE id = 3",
    "an unknown number of guardians": "UPDATE person SET guardians_total = NULL WHERE id = 3",
    "end a guardianship": "UPDATE guardianship SET last_day = '2026-01-01'",
    "excuse": "UPDATE guardianship SET excused_ground = 'x', excused_by = {me}",
    "add an excused guardian": "INSERT INTO guardianship (child_id, guardian_id, basis,"
    " verified_how, excused_ground, excused_by, decides_alone, created_at, created_by)"
    " VALUES (3, 6, 'parent', 'x', 'x', {me}, false, now(), {me})",
    "another guardian": "UPDATE guardianship SET guardian_id = 6 WHERE guardian_id = 4",
    "lift a block": "UPDATE person SET blocked = false, blocked_at = NULL, blocked_by = NULL"
    " WHERE id = 2",
    "merge": "UPDATE person SET merged_into = 2 WHERE id = 6",
    "erase": "UPDATE person SET erased_at = now(), blocked = true, born = NULL WHERE id = 6",
    "a death": "UPDATE person SET deceased = true WHERE id = 4",
    "end a childhood": "UPDATE person SET born = '1990-01-01' WHERE id = 3",
    "lift the block of a photo": "UPDATE photo SET confidentiality = 'none' WHERE id = 1",
    "lift the block of an event": "UPDATE event SET confidentiality = 'none' WHERE id = 1",
    "over the block of an event": "UPDATE photo SET confidentiality = 'internal' WHERE id = 3",
    "a photo out of its event": "UPDATE photo SET event_id = NULL WHERE event_id = 1",
    "move a consent": "UPDATE consent SET subject_id = 6 WHERE subject_id = 2",
    "erase a document": "UPDATE evidence SET erased_at = now()",
    "settings": "INSERT INTO policy_version (version, settings, adopted_at, adopted_by)"
    " SELECT max(version) + 1, '{{}}', now(), {me} FROM policy_version",
    "staff": "UPDATE staff SET role = 'deputy' WHERE id = 2",
    "a channel": "UPDATE channel SET since = '2000-01-01'",
    "rule": "INSERT INTO ruling (case_id, kind, reason, ruled_at, ruled_by)"
    " SELECT max(id) + 1, 'publishable', 'x', now(), {me} FROM unclear_case",
    "log it": ENTRY.replace("{actor}", "{me}").replace("{action}", "clock.wrong"),
}


@pytest.mark.parametrize("attack", sorted(COORDINATORS_ONLY))
def test_the_server_refuses_staff_what_is_the_coordinator_s(
    attack: str, anna: Application, kaisa: Application
) -> None:
    def statement(login: str) -> str:
        return COORDINATORS_ONLY[attack].format(me=IDS[login], login=login)

    assert refusal(anna, statement("anna")) == "42501"
    if attack not in NOTHING_TO_CHANGE:
        execute(kaisa, statement("kaisa"))


NOTHING_TO_CHANGE = {"rule"}
"""Attacks for which there is no row that a coordinator could change by SQL alone."""

IN_ANOTHER_S_NAME = {
    "log": ENTRY.format(actor=1, action="person.added", login="anna"),
    "log another login": ENTRY.format(actor=2, action="person.added", login="kaisa"),
    "add a person": "INSERT INTO person (name, name_key, letters_key, age_group, deceased,"
    " capacity, contact, blocked, created_at, created_by)"
    " VALUES ('B', 'b', 'b', 'unknown', false, 'ok', '', false, now(), 1)",
    "who added a person": "UPDATE person SET created_by = 1 WHERE created_by = 2",
    "who registered": "UPDATE photo SET registered_by = 3",
    "block": "UPDATE person SET blocked = true, blocked_at = now(), blocked_by = 1 WHERE id = 4",
    "decide": "INSERT INTO decision (photo_id, channel_id, mode, purpose, day, facts,"
    " facts_digest, codes, rules_version, policy_version, made_for, outcome, decided_at,"
    " decided_by) SELECT photo_id, channel_id, mode, purpose, day, facts, facts_digest, codes,"
    " rules_version, policy_version, made_for, outcome, decided_at, 1 FROM decision LIMIT 1",
    "a session": "INSERT INTO access_secret (staff_id, sha256, valid_until, added_at)"
    " VALUES (1, repeat('a', 64), now() + interval '1 day', now())",
}


@pytest.mark.parametrize("attack", sorted(IN_ANOTHER_S_NAME))
def test_nobody_writes_in_a_colleague_s_name(attack: str, anna: Application) -> None:
    assert refusal(anna, IN_ANOTHER_S_NAME[attack]) == "42501"


def test_a_coordinator_does_not_either(kaisa: Application) -> None:
    for entry in (
        ENTRY.format(actor=2, action="person.added", login="kaisa"),
        ENTRY.format(actor=1, action="person.added", login="anna"),
    ):
        assert refusal(kaisa, entry) == "42501"


def test_no_table_of_a_login_comes_before_that_of_the_users(anna: Application) -> None:
    """Or whoever made it would be somebody else."""
    execute(
        anna,
        "CREATE TEMP TABLE staff AS SELECT * FROM public.staff",
        "UPDATE pg_temp.staff SET login = 'kaisa', role = 'coordinator' WHERE login = 'anna'",
        "GRANT ALL ON pg_temp.staff TO PUBLIC",
    )
    for attack in ("who added a person", "log"):
        assert refusal(anna, IN_ANOTHER_S_NAME[attack]) == "42501"
    assert refusal(anna, COORDINATORS_ONLY["fewer guardians"]) == "42501"


@pytest.mark.usefixtures("kaisa")
@pytest.mark.parametrize("role", ["photoreg_staff", "photoreg_auditor", "kaisa", "owner"])
def test_a_login_takes_no_other_role(role: str, anna: Application) -> None:
    state = refusal(anna, f"SET LOCAL ROLE {role}", "SELECT * FROM person")
    assert state in {"42501", "PR001"}
    change = "UPDATE person SET guardians_total = 1 WHERE id = 3"
    assert refusal(anna, change, f"SET LOCAL ROLE {role}") in {"42501", "PR001"}


def test_staff_answer_a_colleague_s_change_of_a_channel_and_change_none_themselves(
    anna: Application, kaisa: Application
) -> None:
    earlier = date(2019, 1, 1)
    answer = "UPDATE channel SET since = '{}', proposed_since = NULL, proposed_by = NULL"
    assert refusal(anna, answer.format("2019-01-01")) == "42501"
    channels.change_channel(kaisa, PAGE_USE.channel, channels.ChannelChange(since=earlier))
    assert refusal(anna, answer.format("2010-01-01")) == "42501"
    assert refusal(anna, "UPDATE channel SET proposed_by = 2") == "42501"
    change = channels.ChannelChange(own=True, since=earlier)
    assert channels.confirm_channel(anna, PAGE_USE.channel, change)


@pytest.mark.parametrize(
    "removed",
    [
        "DROP POLICY person_of_members ON person",
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE person DISABLE TRIGGER person_guard",
        "DROP TRIGGER ledger_guard ON ledger",
    ],
)
def test_a_check_names_the_rules_about_logins_that_are_missing(
    removed: str, users: Users, kaisa: Application
) -> None:
    with kaisa.reading() as work:
        kaisa.registry.check(work.session)
    execute(users.open(users.where, "kaisa"), removed)
    with kaisa.reading() as work, pytest.raises(RegistryError, match="rules about what logins"):
        kaisa.registry.check(work.session)


def test_after_a_coordinator_s_refusal_staff_confirm_no_answer(
    users: Users, anna: Application, kaisa: Application
) -> None:
    case = (
        "photo_id, channel_id, mode, purpose, day, facts, facts_digest, codes, rules_version,"
        " policy_version, opened_at, opened_by, due_at, cause"
    )
    look = (
        "INSERT INTO second_look (photo_id, about, before, after, asked_at, taken_back_by)"
        " VALUES ({}, '', '{{}}', '{{}}', now(), 3)"
    )
    execute(
        users.open(users.where, "kaisa"),
        f"INSERT INTO unclear_case ({case}) SELECT {case} FROM unclear_case WHERE photo_id = 5",  # noqa: S608
        "INSERT INTO ruling (case_id, kind, reason, ruled_at, ruled_by)"
        " SELECT max(id), 'refused', 'x', now(), 1 FROM unclear_case",
        look.format(5),
        look.format(2),
    )
    confirm = (
        "UPDATE second_look SET outcome = 'agreed', confirmed_at = now(), confirmed_by = {}"
        " WHERE taken_back_by = 3 AND photo_id = {}"
    )
    execute(anna, confirm.format(2, 2))
    assert refusal(anna, confirm.format(2, 5)) == "42501"
    execute(kaisa, confirm.format(1, 5))


BY_NO_ADMIN = {
    "end": "UPDATE take_down SET done_at = now(), done_by = 2, proof = 'x'",
    "assign": "UPDATE take_down SET owner_id = 2",
    "put off": "UPDATE take_down SET due_at = due_at + interval '1 year'",
    "about another publication": (
        "UPDATE take_down SET (publication_id, photo_id) ="
        " (SELECT publication_id, photo_id FROM published_photo"
        " ORDER BY publication_id DESC LIMIT 1) WHERE id = 1"
    ),
    "another publication": "UPDATE publication SET address = 'https://a.example'",
}


@pytest.mark.parametrize("attack", sorted(BY_NO_ADMIN))
def test_a_take_down_task_is_ended_and_changed_as_through_photoreg_only(
    attack: str, users: Users, anna: Application, kaisa: Application
) -> None:
    owner = users.open(users.where, "kaisa")
    execute(owner, "DELETE FROM channel_admin")
    execute(owner, "UPDATE take_down SET owner_id = NULL")
    assert refusal(anna, BY_NO_ADMIN[attack]) == "42501"
    execute(kaisa, BY_NO_ADMIN[attack].replace("done_by = 2", "done_by = 1"))


def test_who_takes_a_publication_down_or_administers_its_channel_ends_the_task(
    users: Users, anna: Application
) -> None:
    execute(anna, BY_NO_ADMIN["assign"], "UPDATE take_down SET owner_id = 1")
    owner = users.open(users.where, "kaisa")
    execute(owner, "DELETE FROM channel_admin")
    removed = "UPDATE published_photo SET removed_on = current_date"
    execute(anna, BY_NO_ADMIN["end"], removed)
    assert refusal(anna, "UPDATE published_photo SET removed_on = NULL") == "42501"
    assert refusal(anna, "UPDATE take_down SET done_at = NULL, done_by = NULL") == "42501"


ASKED = (
    "INSERT INTO second_look"
    " (photo_id, about, before, after, asked_at, taken_back_by, correctable_until)"
    " VALUES ({photo}, '', '{before}', '{{}}', now(), 2, {until})"
)
ENDED = "UPDATE second_look SET outcome = '{}', confirmed_at = now(), confirmed_by = 2"


@pytest.mark.parametrize(
    "before",
    [
        '{"persons": ["H-2"]}',
        '{"people": "recognisable", "persons": []}',
        '{"people": "unsure"}',
        '{"shot": "person_subject"}',
        '{"taken_year": 1999}',
        '{"series": "same"}',
        '{"H-2 record": null}',
    ],
)
@pytest.mark.parametrize("outcome", ["put_back", "corrected"])
def test_who_took_an_answer_back_does_not_end_the_question(
    outcome: str, before: str, users: Users, anna: Application
) -> None:
    owner = users.open(users.where, "kaisa")
    execute(owner, ASKED.format(photo=4, before=before, until="NULL"))
    assert refusal(anna, "DELETE FROM second_look") == "42501"
    assert refusal(anna, ENDED.format(outcome)) == "42501"
    later = "UPDATE second_look SET correctable_until = now() + interval '1 day'"
    assert refusal(anna, later) == "42501"


def test_an_answer_that_stands_again_ends_the_question(users: Users, anna: Application) -> None:
    owner = users.open(users.where, "kaisa")
    before = '{"persons": ["H-2"], "people": "recognisable", "H-2 role": "private"}'
    execute(owner, ASKED.format(photo=1, before=before, until="NULL"))
    execute(anna, ENDED.format("put_back"))


# --- doors ----------------------------------------------------------------------------------------

SECRET = "a secret of 256 bits"  # noqa: S105
HOUR = timedelta(hours=1)


def begin_session(application: Application, secret: str, lasts: timedelta = HOUR) -> None:
    """Record the secret of a session of who acts."""
    with application.changing() as work:
        row = AccessSecret(
            staff_id=work.actor.id,
            sha256=hashlib.sha256(secret.encode()).hexdigest(),
            valid_until=system_clock() + lasts,  # the server's clock decides
            added_at=system_clock() + min(lasts, timedelta(0)),
        )
        add(work.session, row)


def test_a_door_acts_for_who_has_a_live_session(users: Users, anna: Application) -> None:
    begin_session(anna, SECRET)
    desk = users.open(users.door("anna"), "anna", SECRET)
    create_person(desk, "Biret")
    last = entries_of(desk)[-1]
    assert (last.actor_id, last.database_login, last.database_role) == (2, "desk", "anna")
    assert last.hash == sha256(last.canonical().encode()).hexdigest()
    with audits.list_log(desk) as rows:
        assert next(rows).other_logins == ("desk",)


def test_a_preview_leaves_the_role_in_force(users: Users, anna: Application) -> None:
    begin_session(anna, SECRET)
    desk = users.open(users.door("anna"), "anna", SECRET)
    with desk.changing() as work:
        work.undo()
        assert work.session.connection().exec_driver_sql("SELECT current_user").scalar() == "anna"


@pytest.mark.parametrize("secret", ["", "wrong", SECRET])
def test_a_door_without_the_secret_of_a_live_session_does_nothing(
    secret: str, users: Users, anna: Application, kaisa: Application
) -> None:
    begin_session(anna, SECRET, lasts=-HOUR)
    begin_session(kaisa, "hers")
    for shown in (secret, "hers"):
        desk = users.open(users.door("anna"), "anna", shown)
        with pytest.raises(RegistryError):
            create_person(desk, "Biret")
        with pytest.raises(RegistryError):
            agenda(desk)


def test_a_door_that_takes_a_role_by_sql_is_asked_for_the_secret(
    users: Users, anna: Application
) -> None:
    begin_session(anna, SECRET)
    desk = users.open(users.door("anna"), "anna")
    show = "SELECT set_config('photoreg.secret', '{}', true)"
    take = "SET LOCAL ROLE anna"
    read, write = "SELECT * FROM person", "UPDATE photo SET credit = 'Mine'"
    for attempt in (read, write):
        assert refusal(desk, attempt) == "42501"
        assert refusal(desk, take, attempt) == "PR002"
        assert refusal(desk, take, show.format("wrong"), attempt) == "PR002"
    execute(desk, take, show.format(SECRET), read, write)
    assert refusal(desk, take, read) == "PR002"  # the secret was for that transaction only


def test_a_door_acts_for_nobody_else_with_that_secret(users: Users, anna: Application) -> None:
    users.log_in("kaisa", "coordinator")
    begin_session(anna, SECRET)
    address = users.door("anna", "kaisa")
    with pytest.raises(RegistryError, match="your session has ended"):
        agenda(users.open(address, "kaisa", SECRET))
    with pytest.raises(NotAllowed, match="is not a user"):
        agenda(users.open(address, "biret", SECRET))
    with pytest.raises(RegistryError, match="no right"):
        agenda(users.open(users.door(), "anna", SECRET))


def test_a_door_does_not_change_roles_before_a_transaction_ends(
    users: Users, anna: Application
) -> None:
    users.log_in("kaisa", "coordinator")
    begin_session(anna, SECRET)
    desk = users.open(users.door("anna", "kaisa"), "anna")
    as_anna = ("SET LOCAL ROLE anna", f"SELECT set_config('photoreg.secret', '{SECRET}', true)")
    change = "UPDATE person SET guardians_total = 1 WHERE id = 3"
    assert refusal(desk, *as_anna, change) == "42501"
    assert refusal(desk, *as_anna, change, "SET LOCAL ROLE kaisa") == "PR002"
    assert refusal(desk, *as_anna, change, "SET LOCAL ROLE photoreg_door") == "42501"


def test_a_session_is_not_lengthened_and_only_coordinators_end_another_s(
    anna: Application, kaisa: Application
) -> None:
    begin_session(anna, SECRET)
    begin_session(kaisa, "hers")
    longer = "UPDATE access_secret SET valid_until = valid_until + interval '1 hour'"
    shorter = (
        "UPDATE access_secret SET valid_until = now() WHERE staff_id = {} AND valid_until > now()"
    )
    assert refusal(anna, f"{longer} WHERE staff_id = 2") == "42501"
    assert refusal(kaisa, longer) == "42501"
    assert refusal(kaisa, "UPDATE access_secret SET staff_id = 1 WHERE staff_id = 2") == "42501"
    another = "UPDATE access_secret SET sha256 = repeat('a', 64) WHERE staff_id = 1"
    assert refusal(kaisa, another) == "42501"
    assert refusal(anna, shorter.format(1)) == "42501"
    execute(anna, shorter.format(2))
    begin_session(anna, "another")
    execute(kaisa, shorter.format(2))


def test_a_session_that_is_not_used_opens_nothing(users: Users, anna: Application) -> None:
    begin_session(anna, SECRET)
    idle = "UPDATE access_secret SET added_at = added_at - interval '30 minutes'"
    desk = users.open(users.door("anna"), "anna", SECRET)
    assert agenda(desk) is not None
    owner = users.open(users.where, "kaisa")
    execute(owner, idle)
    with pytest.raises(SessionEnded):
        agenda(desk)


NEW_PASSWORD = "seven reindeer by the lake"  # noqa: S105


@pytest.fixture
def desk_of(users: Users, anna: Application, kaisa: Application) -> Callable[..., Application]:
    """The desk as a door for Anna, Kaisa and the auditor, who have passwords."""
    users.log_in("tarja", "auditor")
    address = users.door("anna", "kaisa", "tarja")
    del anna, kaisa

    def application(login: str, secret: str = "") -> Application:
        return replace(users.open(address, login, secret), clock=system_clock)

    return application


Desk = Callable[..., Application]


def test_a_door_signs_users_in_by_their_passwords(desk_of: Desk, kaisa: Application) -> None:
    password = give_password(replace(kaisa, clock=system_clock), "anna")
    for login in ("anna", "nobody", ""):
        with pytest.raises(NotAllowed, match="the login or the password is wrong"):
            sign_in(desk_of(login), "wrong", address="192.0.2.1")
    secret = sign_in(desk_of("Anna"), password, address="192.0.2.1")
    desk = desk_of("anna", secret)
    create_person(desk, "Biret")
    assert entries_of(desk)[-1].actor_id == IDS["anna"]
    with desk.reading() as work:
        user = signed_in(work, secret)
    assert user is not None
    note_use(desk, replace(user, used_at=user.used_at - timedelta(hours=1)))
    change_password(desk, password, NEW_PASSWORD)
    secret = sign_in(desk_of("anna"), NEW_PASSWORD, address="192.0.2.1")
    desk = desk_of("anna", secret)
    sign_out(desk)
    with pytest.raises(SessionEnded):
        agenda(desk)
    assert login_of_ended(desk_of(""), secret) == "anna"


def test_a_server_counts_the_attempts_that_fail(desk_of: Desk, kaisa: Application) -> None:
    password = give_password(replace(kaisa, clock=system_clock), "anna")
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAllowed, match="wrong"):
            sign_in(desk_of("ANNA"), "wrong", address="192.0.2.1")
    with pytest.raises(NotAllowed, match="too many attempts"):
        sign_in(desk_of("anna"), password, address="192.0.2.2")
    assert refusal(desk_of(""), "DELETE FROM sign_in_attempt") == "42501"


DOOR_ATTACKS = {
    "open a session": "INSERT INTO access_secret (staff_id, sha256, valid_until, added_at)"
    " VALUES ({}, repeat('b', 64), now() + interval '1 hour', now())",
    "lengthen it": "UPDATE access_secret SET valid_until = valid_until + interval '1 hour'"
    " WHERE staff_id = {}",
    "set a password": "UPDATE password SET sha256 = repeat('b', 64), set_by = {}"
    " WHERE staff_id = {}",
    "set another's": "UPDATE password SET sha256 = repeat('b', 64), set_by = {}"
    " WHERE staff_id <> {}",
    "make a key": "INSERT INTO api_key (staff_id, sha256, scopes, last_day, added_at, added_by)"
    " VALUES ({}, repeat('b', 64), 'publish', now() + interval '1 day', now(), {})",
    "use a session": "INSERT INTO session_use (secret_id, used_at) VALUES ({}, now())",
    "forget attempts": "DELETE FROM sign_in_attempt WHERE {} > 0",
}
"""What whoever controls the desk would do with the session of one user, to act for others later."""


@pytest.mark.parametrize("login", ["anna", "kaisa"])
@pytest.mark.parametrize("attack", sorted(DOOR_ATTACKS))
def test_a_door_makes_no_way_in_for_later_out_of_a_session(
    attack: str, login: str, desk_of: Desk, kaisa: Application
) -> None:
    now = replace(kaisa, clock=system_clock)
    passwords = {each: give_password(now, each) for each in ("anna", "kaisa")}
    secret = sign_in(desk_of(login), passwords[login], address="192.0.2.1")
    statement = DOOR_ATTACKS[attack].format(IDS[login], IDS[login])
    show = f"SELECT set_config('photoreg.secret', '{secret}', true)"
    assert refusal(desk_of(""), f"SET LOCAL ROLE {login}", show, statement) == "42501"


def test_a_coordinator_gives_no_password_through_a_door(desk_of: Desk, kaisa: Application) -> None:
    password = give_password(replace(kaisa, clock=system_clock), "kaisa")
    desk = desk_of("kaisa", sign_in(desk_of("kaisa"), password, address="192.0.2.1"))
    with pytest.raises(NotAllowed, match="not given on the desk"):
        give_password(desk, "anna")


def test_a_door_reads_no_passwords_and_no_sessions(desk_of: Desk) -> None:
    for table in ("password", "access_secret", "session_use", "sign_in_attempt", "registry_info"):
        assert refusal(desk_of(""), f"SELECT * FROM {table}") == "42501"  # noqa: S608
    assert organisation_of(desk_of("")) == "Kunta"


def test_only_the_hash_of_a_secret_is_kept(anna: Application) -> None:
    begin_session(anna, SECRET)
    with anna.reading() as work:
        [row] = work.session.connection().exec_driver_sql("SELECT * FROM access_secret").all()
    assert SECRET not in repr(row)
    assert list_all(audits.list_log(anna))
