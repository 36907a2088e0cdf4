"""`demo`: the main workflow on the sample images, with real commands and real output."""

import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import click

from photoreg.cli.app import Command, cli
from photoreg.cli.options import option
from photoreg.cli.output import print_line
from photoreg.cli.printing.next_steps import print_step
from photoreg.errors import InputDataError, PhotoregError, os_cause
from photoreg.imaging.reading import describe_metadata
from photoreg.named_files import require_outside_registry
from photoreg.presentation.cells import metadata_value, visible
from photoreg.presentation.labels import metadata_label
from photoreg.services.application import system_clock
from photoreg.services.unit_of_work import HELSINKI
from photoreg.shipped import data_folder
from photoreg.steps import NextAction
from photoreg.texts import N_, _

CHILD_AGE = 8


@click.command(
    "demo",
    cls=Command,
    help=N_(
        "Show a complete example with sample photos in a registry of its own: a photo that may "
        "be published, a refusal and how to fix it, a ruling, an export, a withdrawal, an "
        "audit."
    ),
    example="photoreg demo",
)
@option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help=N_("Keep the registry and the copies in this new folder, to look at later."),
)
def demo_command(keep: Path | None) -> None:
    """Run the demo."""
    if keep is not None:
        _make_new(keep)
        story = _Story(keep)
        story.play()
        story.narrate(_("Finished. Everything is in the folder {folder}."), folder=keep)
        return
    with tempfile.TemporaryDirectory(prefix="photoreg-demo-") as folder:
        story = _Story(Path(folder))
        story.play()
        story.narrate(_("Finished. To keep the registry and the copies, name a new folder:"))
        print_step(NextAction.DEMO, "folder", err=False)
        print_line(_("To look at it in the browser:"))
        print_step(NextAction.SERVE, err=False, demo="yes")


def _make_new(folder: Path) -> None:
    """Make the folder; InputDataError if it exists or cannot be made."""
    require_outside_registry(folder)
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise InputDataError(
            N_("{folder} exists already"),
            N_("Choose another name: the example begins in a new folder."),
            fields=("keep",),
            folder=folder,
        ) from error
    except OSError as error:
        raise InputDataError(
            N_("the folder {folder} cannot be made: {cause}"),
            N_("Choose a folder that you may write to."),
            fields=("keep",),
            folder=folder,
            cause=os_cause(error),
        ) from error


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set environment variables, as a user would who types the commands as they are shown."""
    before = dict(os.environ)
    os.environ.pop("PHOTOREG_EVIDENCE", None)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def make_demo_registry(folder: Path) -> Path:
    """Play the story without telling it; return the registry that it leaves in the folder."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        _Story(folder).play()
    return folder / "demo.db"


class _Story:
    """One run of the demo in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images = data_folder("sample_images")
        today = system_clock().astimezone(HELSINKI).date()
        self.until = date(today.year + 2, 12, 31).isoformat()
        self.birthday = date(today.year - CHILD_AGE, 1, 15).isoformat()

    def play(self) -> None:
        """Run every step in order."""
        for chapter in (
            self.set_up,
            self.publishable_photo,
            self.child_without_second_consent,
            self.unclear_photo,
            self.export,
            self.withdrawal,
            self.audit,
        ):
            chapter()

    def narrate(self, text: str, **values: object) -> None:
        """Print a line of explanation."""
        print_line()
        click.secho("# " + visible(text.format(**values)), bold=True)

    def run(self, who: str, line: str, exit_code: int = 0, **values: object) -> None:
        """Run one command as `who`; raise PhotoregError on an unexpected exit code."""
        values |= {"images": self.images, "folder": self.folder, "until": self.until}
        shown = line.replace("{images}/", "").replace("{folder}/", "").format(**values)
        # Split before formatting: a path may contain spaces or, on Windows, backslashes.
        typed = [argument.format(**values) for argument in shlex.split(line)]
        click.secho(f"\n{who}$ photoreg {visible(shown)}", fg="cyan")
        with _environment(
            PHOTOREG_REGISTRY=str(self.folder / "demo.db"),
            PHOTOREG_ACTOR=who,
            PHOTOREG_STATE=os.devnull,  # the registry used last stays that of the user
        ):
            found = cli.main(typed, prog_name="photoreg", standalone_mode=False) or 0
        if found != exit_code:
            raise PhotoregError(
                N_("the demo expected exit code {expected} and got {found}"),
                expected=exit_code,
                found=found,
            )
        if found:
            print_line(_("(exit code {code})").format(code=found))

    def form(self, name: str, text: str) -> None:
        """Write a stand-in for a scanned consent form."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def set_up(self) -> None:
        """Create the registry."""
        self.narrate(_("Set-up, once: the registry, a colleague, two channels, a photographer."))
        self.run("kaisa", 'init --organisation "Enontekiön kunta" --name "Kaisa Ruonala"')
        self.run("kaisa", 'staff add anna "Anna Lahti" --role employee')
        self.run(
            "kaisa",
            'channel add kunta "Kunnan sivu" --kind public_page --own --admin anna --admin kaisa',
        )
        self.run(
            "kaisa",
            'channel add lehti "Kuntatiedote" --kind print --own --admin anna --admin kaisa',
        )
        self.run("anna", 'person add "Áile Näkkäläjärvi" --adult')
        self.run(
            "anna",
            'permission grant --photographer "Áile Näkkäläjärvi" --basis staff_agreement '
            '--channel public_page --channel print --open-ended --paper "Sopimus, kansio 3"',
        )

    def publishable_photo(self) -> None:
        """Register, check and approve a landscape photo."""
        self.narrate(_("A landscape: the file names the photographer."))
        self.run(
            "anna",
            "register {images}/maisema.jpg --place public_outdoor --shot general_view "
            "--people none --confidential none",
        )
        self.run("anna", "check P-1 --channel kunta")
        self.run("anna", "approve P-1 --channel kunta")

    def child_without_second_consent(self) -> None:
        """Refuse a child's photo until both guardians have consented."""
        self.narrate(
            _("A school celebration: what is recorded for the event applies to all its photos.")
        )
        self.run(
            "anna",
            'event add "Koulun juhla" --on 2026-10-09 --photographer "Áile Näkkäläjärvi" '
            "--place school_or_daycare --shot person_subject --confidential none --sensitive no",
        )
        self.run(
            "anna", 'person add "Elle Valkeapää" --born {born} --guardians 2', born=self.birthday
        )
        for name in ("Máret Valkeapää", "Ante Valkeapää"):
            self.run("anna", f'person add "{name}" --adult')
            self.run(
                "anna",
                f'guardian add "Elle Valkeapää" "{name}" --basis parent --verified "väestötiedot"',
            )
        self.run(
            "anna",
            'register {images}/lapsi.jpg --event "Koulun juhla" --people recognisable --count 1',
        )
        self.run("anna", 'photo tag P-2 --person "Elle Valkeapää"')
        self.form("lomake-maret.txt", "Suostumuslomake: Máret Valkeapää")
        self.run(
            "anna",
            'consent record --for "Elle Valkeapää" --by "Máret Valkeapää" --event "Koulun juhla" '
            "--channel public_page --until {until} --evidence {folder}/lomake-maret.txt",
        )
        self.narrate(
            _(
                "One guardian has answered, the other has not: refused, with advice on how to fix "
                "it."
            )
        )
        self.run("anna", "check P-2 --channel kunta", 3)
        self.narrate(_("The second guardian's form arrives."))
        self.form("lomake-ante.txt", "Suostumuslomake: Ante Valkeapää")
        self.run(
            "anna",
            'consent record --for "Elle Valkeapää" --by "Ante Valkeapää" --event "Koulun juhla" '
            "--channel public_page --until {until} --evidence {folder}/lomake-ante.txt",
        )
        self.run("anna", "check P-2 --channel kunta")
        self.run(
            "anna", "publication add P-2 --channel kunta --url https://www.example.fi/koulun-juhla"
        )

    def unclear_photo(self) -> None:
        """Refer an unclear street view to the coordinator."""
        self.narrate(
            _("A street view in which somebody can be recognised: unclear, so a case is opened.")
        )
        self.run(
            "anna",
            "register {images}/katunakyma.jpg --place public_outdoor --shot general_view "
            "--people recognisable --count 1 --confidential none --sensitive no",
        )
        self.run("anna", "approve P-3 --channel kunta", 4)
        self.run("kaisa", "case show K-1")
        self.run(
            "kaisa",
            'case rule K-1 publishable --reason "Kaukana, selin, ohikulkija; yleiskuva raitilta."',
        )
        self.run("anna", "check P-3 --channel kunta")

    def export(self) -> None:
        """Export a photo whose metadata contains a location."""
        self.narrate(_("A photo whose file contains a location, a serial number and a thumbnail."))
        self.run(
            "anna",
            "register {images}/poroerotus-gps.jpg --place public_outdoor --shot general_view "
            "--people unrecognisable --context no --confidential none",
        )
        self.show_metadata(_("Before:"), self.images / "poroerotus-gps.jpg")
        self.run("anna", "export P-4 --channel kunta -o {folder}/copies")
        (copy,) = (self.folder / "copies").iterdir()
        self.show_metadata(_("After:"), copy)

    def show_metadata(self, title: str, file: Path) -> None:
        """Print the metadata of a file."""
        print_line(f"\n{title} {file.name}")
        for name, value in describe_metadata(file).items():
            print_line(f"  {metadata_label(name)}: {metadata_value(value)}")

    def withdrawal(self) -> None:
        """Withdraw a guardian's consent after publication."""
        self.narrate(
            _(
                "A guardian withdraws the consent by telephone: the photo may no longer be "
                "published, and a take-down task is opened."
            )
        )
        self.run(
            "anna",
            'consent withdraw --for "Elle Valkeapää" --by "Ante Valkeapää" --method oral',
        )
        self.run("anna", "check P-2 --channel kunta", 3)

    def audit(self) -> None:
        """Show the audit lists."""
        self.narrate(
            _(
                "The auditor: which photos lack consent or permission, and which are online "
                "but may not be."
            )
        )
        self.run("kaisa", 'staff add tarja "Tarja Tarkka" --role auditor')
        self.run("tarja", "audit lacking --channel kunta")
        self.run("tarja", "audit published")
        self.run("tarja", "audit verify")
