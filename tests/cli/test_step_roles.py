"""Next steps and roles: whoever may not take a step is told whom to ask."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.furnished import WALKS

from photoreg.cli.app import cli
from photoreg.cli.printing.next_steps import LINES
from photoreg.presentation.step_roles import roles_of
from photoreg.registry.tables.people import USER_ROLES, StaffRole
from photoreg.steps import NextAction

LOGINS = {
    StaffRole.EMPLOYEE: "anna",
    StaffRole.ELECTED_OFFICIAL: "olli",
    StaffRole.COORDINATOR: "kaisa",
    StaffRole.DEPUTY: "vesa",
    StaffRole.AUDITOR: "tarja",
}
INSTEAD = {
    "audit make-key": ("audit make-key --passphrase-file phrase.txt",),
    "db check": ("db check --repair",),
    "db restore": ("db restore backup --replace",),
    "evidence restore": ("evidence restore letter.pdf",),
    "photo confirm": ("photo confirm P-1 --people none",),
    "metadata write": ("metadata write P-1",),
    "register": ("register photos",),
}
"""What is run instead of what is walked over elsewhere."""

UNTRIED = {
    *("demo", "init", "rules list", "consent texts", "db upgrade"),  # need no user of a registry
    "serve",  # goes on until it is stopped
    "photo series",  # no photos look alike here
}


def said(line: str, login: str) -> str:
    environment = {"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": login}
    return CliRunner().invoke(cli, ["--lang", "en", *shlex.split(line)], env=environment).output


@pytest.mark.parametrize("role", USER_ROLES)
def test_who_may_take_a_step_is_not_refused_and_nobody_else_may(
    role: StaffRole, walk: object
) -> None:
    assert walk
    Path("phrase.txt").write_text("kolme sanaa ja numero")
    Path("phrase.txt").chmod(0o600)
    for new in (StaffRole.ELECTED_OFFICIAL, StaffRole.DEPUTY):
        said(f"staff add {LOGINS[new]} Name --role {new.replace('_', '-')}", "kaisa")
    said("db backup backups", "kaisa")
    next(Path("backups").iterdir()).rename("backup")
    said("photo untag P-1 --person H-3", "anna")
    said("sheet export E-1 -o sheet.csv", "kaisa")
    wrong = {}
    for action in NextAction:
        command = LINES[action].command
        if command in UNTRIED:
            continue
        line = INSTEAD.get(command, WALKS.get(command, ()))[-1]
        text = said(line, LOGINS[role])
        refused = "does not allow this" in text
        is_run = "Usage:" not in text and "is not a user" not in text
        if refused is (role in roles_of(action)) or not is_run:
            wrong[action] = (line, text)
    assert wrong == {}


def test_an_auditor_is_told_who_can_do_what_a_verdict_asks_for(walk: object) -> None:
    assert walk
    line = "check P-1 --channel kunta-website --purpose marketing"
    steps = {
        login: [each.strip() for each in said(line, login).splitlines() if "→ " in each]
        for login in ("anna", "tarja")
    }
    assert steps["anna"]
    assert all(each.startswith("→ photoreg ") for each in steps["anna"])
    assert steps["tarja"] == steps["anna"]
    asked = "A colleague who records photos can do this:"
    assert said(line, "tarja").count(asked) == len(steps["anna"])
    assert asked not in said(line, "anna")
    [verdict] = json.loads(said(f"{line} --format json", "tarja"))["items"]
    roles = [finding["step"]["roles"] for finding in verdict["findings"]]
    assert ["coordinator", "deputy", "elected_official", "employee"] in roles


def test_what_only_coordinators_do_is_said_to_others_without_their_own_login(
    walk: object,
) -> None:
    assert walk
    told = said("--registry registry.db --as anna audit anchor", "anna")
    assert (
        "The communications coordinator can do this:\n"
        "→ photoreg --registry registry.db audit make-key"
    ) in told
    assert "→ photoreg audit make-key" in said("audit anchor", "kaisa")
