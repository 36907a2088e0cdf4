"""`photoreg.toml`, the languages, and what is told in a wrong folder."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from photoreg.cli.app import main
from photoreg.cli.last_registry import last_registry, remember_registry
from photoreg.services.application import Application
from photoreg.services.organisation import policy
from photoreg.texts import language, language_named, use_language

Typed = Callable[..., Result]

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, which hold nothing yet; the test is in a working folder beside them."""
    for variable in ("PHOTOREG_REGISTRY", "PHOTOREG_ACTOR", "PHOTOREG_LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PHOTOREG_STATE", str(tmp_path / "state"))
    (tmp_path / "config" / "photoreg").mkdir(parents=True)
    return tmp_path


def written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    return file


def test_registry_and_login_come_from_option_environment_and_file_in_this_order(
    home: Path, typed: Typed, registry_path: Path
) -> None:
    written(home / "photoreg.toml", f'registry = "{registry_path.name}"\nwho = "tarja"\n')
    written(home / "config/photoreg/photoreg.toml", 'registry = "none.db"\nwho = "ville"\n')
    change = ("photo", "answer", "P-1", "--sensitive", "no")
    assert "role auditor" in typed(*change, exit_code=5).stderr
    typed(*change, exit_code=6, PHOTOREG_ACTOR="anna")
    assert "nobody is not a user" in typed("--as", "nobody", *change, exit_code=5).stderr
    (home / "photoreg.toml").unlink()
    told = typed("today", exit_code=8).stderr
    assert f"settings file {home}/config/photoreg/photoreg.toml names {home}/config" in told


def test_the_file_is_read_once(home: Path, registry_path: Path) -> None:
    written(home / "photoreg.toml", f'registry = "{registry_path}"\nwho = "kaisa"\n')
    code = (
        "import sys\nopened = []\n"
        "sys.addaudithook(lambda event, of: event == 'open' and opened.append(str(of[0])))\n"
        "from photoreg.cli.app import main\ntry: main(['today'])\nexcept SystemExit: pass\n"
        "sys.exit(sum(each.endswith('photoreg.toml') for each in opened))"
    )
    environment = {**os.environ, "PHOTOREG_LANG": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=home, env=environment, check=False)
    assert done.returncode == 1


def test_a_login_from_the_file_is_stated_and_never_trusted_as_the_computers(
    home: Path, typed: Typed, registry_path: Path, application: Application
) -> None:
    written(home / "photoreg.toml", f'registry = "{registry_path}"\nwho = "kaisa"\n')
    typed("today")
    policy.set_policy(application, {"logins": "computer"})
    assert "kaisa is not your login on this computer" in typed("today", exit_code=5).stderr


@posix_only
@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_file_in_a_folder_that_others_may_write_is_not_read_and_that_is_told(
    home: Path, typed: Typed, registry_path: Path, mode: int
) -> None:
    written(home / "photoreg.toml", f'registry = "{registry_path}"\nwho = "kaisa"\n')
    before = stat.S_IMODE(home.stat().st_mode)
    home.chmod(mode)
    told = typed("--registry", str(registry_path), "today", exit_code=5).stderr
    home.chmod(before)
    assert f"The settings file {home}/photoreg.toml is not read" in told
    (home / "photoreg.toml").chmod(0o666)
    assert "is not read" in typed("--registry", "registry.db", "today", exit_code=5).stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who = anna", "line 1, column 7: this is not a setting with a value"),
        ('\nwho = "anna"\nregister = "x.db"', "line 3: there is no setting register"),
        ('\n\nlanguage = "sv"', "line 3: sv is not a language"),
        ("who = 5", "line 1: the value of who is not a text"),
        ('registry = "K:\\kunta\\x.db"', "'K:\\kunta\\photoreg.db'"),
        ('[photoreg]\nwho = "anna"', "line 1: there is no setting photoreg"),
        ('who = """anna', "ends in the middle of a setting"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(
    home: Path, typed: Typed, text: str, told: str
) -> None:
    written(home / "photoreg.toml", text)
    assert told in typed("today", exit_code=9).stderr
    typed("--help")


def test_in_a_wrong_folder_it_is_told_where_it_looked_and_what_was_used_last(
    home: Path, typed: Typed, registry_path: Path
) -> None:
    typed("--registry", str(registry_path), "--as", "anna", "today")
    note = home / "state" / "last-registry"
    assert note.read_text("utf-8") == str(registry_path)
    assert os.name == "nt" or stat.S_IMODE(note.stat().st_mode) == 0o600
    other = home / "elsewhere"
    other.mkdir()
    os.chdir(other)
    told = typed("today", exit_code=8).stderr
    assert f"looked for in the working folder: {other / 'photoreg.db'}" in told
    assert f"→ photoreg --registry {registry_path} today" in told
    told = typed("--as", "anna", "today", exit_code=8).stderr
    assert f"→ photoreg --registry {registry_path} --as anna today" in told
    assert "init" not in told
    told = typed("--registry", registry_path.parent, "today", exit_code=8).stderr
    assert f"is a folder. Name the file of the registry. Registries in it: {registry_path}" in told
    assert "used last" not in typed("db", "copy", "none.db", "new.db", exit_code=8).stderr
    made = typed("init", "--organisation", "K", "--name", "K", "--as", "kaisa").stderr
    assert (other / "photoreg.db").exists()
    assert f"The registry that you used last: {registry_path}" in made
    assert f"→ photoreg --registry {registry_path} today" in made
    beside = ("--registry", "b.db", "init", "--organisation", "K", "--name", "K")
    assert "photoreg.db" in typed(*beside, exit_code=5).stderr
    typed(*beside, "--another", "--as", "kaisa")


def test_where_the_state_cannot_be_kept_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PHOTOREG_STATE", str(tmp_path / "file"))
    remember_registry("photoreg.db")
    assert last_registry() is None


@pytest.mark.parametrize(
    ("named", "code"),
    [
        *((name, "fi") for name in ("fi", "FI", "fi_FI.UTF-8", "suomi", "Finnish", "fi-FI")),
        *((name, "en") for name in ("en", "en_GB", "English", "englanti")),
        *((name, None) for name in ("", "sv_FI", "swedish", "finish")),
    ],
)
def test_a_language_is_named_in_many_ways(named: str, code: str | None) -> None:
    assert language_named(named) == code


@pytest.mark.parametrize(
    ("wish", "arguments", "expected"),
    [
        ("swedish", ["--version"], "fi"),
        ("", ["--version"], "fi"),
        ("en", ["--version"], "en"),
        ("en", ["unit", "list", "--help", "--lang", "suomi"], "fi"),
    ],
)
def test_the_language_comes_from_option_environment_and_file(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wish: str,
    arguments: list[str],
    expected: str,
) -> None:
    written(home / "config/photoreg/photoreg.toml", 'language = "fi_FI.UTF-8"')
    monkeypatch.setenv("PHOTOREG_LANG", wish)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(home)
    with pytest.raises(SystemExit):
        main(arguments)
    assert language() == expected
    assert ("not swedish" in capsys.readouterr().err) == (wish == "swedish")
    use_language("en")
