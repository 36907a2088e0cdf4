"""A registry with something in every list, and lines that run every command on it."""

import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from tests.conftest import COORDINATOR, Clock
from tests.documents.scanned import page_with
from tests.imaging.builders import jpeg_named
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
)

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application, system_clock
from photoreg.services.consents.forms import FormOrder, print_forms
from photoreg.services.decisions import approval, flags
from photoreg.services.organisation import staff
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, events
from photoreg.services.publications import publishing

NAMES = (
    *("Matti Kuvaamo", "Liisa Ottamo", "Aino Kettula", "Biret Outakka", "Cecilia Nuorgam"),
    *("Doris Nuorgam", "Elias Nuorgam", "Fredrik Utsjoki", "Kettula Aino"),
)
LISTED = ("Ensimmäinen Oppilas", "Toinen Oppilas")
"""The children of a class list that is not in the registry yet."""
CONTACTS = ("aino@kettula.example", "doris@nuorgam.example", "vanha@kettula.example")
API_KEY = "website --scope check --channel kunta-website --until 2027-12-31"
SIGNED = '--paper "binder 1" --open-ended'

OLD_CONSENTS = "id;kunta-website;signed by;day;paper\nH-4;no;;;\nH-5;yes;;2026-01-02;binder 1\n"
"""An old list: a no, and a yes of which it is not told who signed."""

WALKS: dict[str, tuple[str, ...]] = {
    "init": (
        '--registry other.db init --another --organisation "Enontekiön kunta" --name "Kaisa"',
    ),
    "demo": ("demo",),
    "today": ("today", "today --format json"),
    "register": ("register new --event E-1 --people none",),
    "check": ("check P-1 P-2 P-3 --channel kunta-public-page --explain",),
    "approve": ("approve P-1 P-3 --channel kunta-public-page",),
    "export": ("export P-1 --channel kunta-public-page -o copies",),
    "show": ("show P-1",),
    "match": ("match photos --channel kunta-public-page",),
    "photo answer": ("photo answer P-1 P-2 --sensitive no",),
    "photo tag": ("photo tag P-2 --person H-3",),
    "photo untag": ("photo untag P-1 --person H-3",),
    "photo series": ("photo series P-1",),
    "photo flag": ("photo flag P-1 --reason 'Stop.'",),
    "photo list": ("photo list", "photo list --format csv", "photo list --event E-1"),
    "photo confirm": (
        "--as anna photo untag P-1 --person H-3 --person H-4",
        "photo confirm P-1",
    ),
    "photo contact-sheet": ("photo contact-sheet E-1 -o contact.html",),
    "photo show": ("photo show P-1", "photo show P-1 --format json"),
    "photo add-version": ("photo add-version P-1 new/new.jpg",),
    "photo forget": ("photo forget P-2",),
    "photo fingerprint": ("photo fingerprint",),
    "event add": ("event add Syysjuhla --on 2026-05-30 --person H-3 --person H-4",),
    "event change": ("event change E-1 --place school_or_daycare",),
    "event list": ("event list", "event list --format jsonl"),
    "event show": ("event show E-1", "event show E-1 --format json"),
    "event roster": (
        "event roster E-1 --add H-8",
        "event roster E-1",
        "event roster E-1 --remove H-8",
    ),
    "event import-roster": (
        "event import-roster E-1 class.csv",
        "event import-roster E-1 class.csv --apply",
    ),
    "event no-photo-list": (
        "event no-photo-list E-1",
        "event no-photo-list E-1 --html none.html",
        "event no-photo-list E-1 --format csv",
    ),
    "sheet export": (
        "sheet export E-1 -o sheet.csv",
        "consent form --event E-1 --roster --until 2027-12-31 --format html --out forms",
        "sheet export E-1 --answers -o answers.csv",
    ),
    "sheet import": (
        "sheet export E-1 -o sheet.csv",
        "sheet import sheet.csv",
        "sheet import sheet.csv --apply",
    ),
    "template": ("template permissions -o empty.csv", "template class-list -o empty.xlsx"),
    "person add": ('person add "Gunvor Uusi" --adult',),
    "person change": ("person change H-3 --language fi",),
    "person block": ("person block H-3",),
    "person unblock": ("person unblock H-3",),
    "person blocks": ("person blocks",),
    "person list": ("person list", "person list --format csv", "person list --format jsonl"),
    "person show": ("person show H-3", "person show H-5", "person show H-6"),
    "person report": ("person report H-3", "person report H-3 --format html --out report.html"),
    "person erase": ("person erase H-3 --ground request",),
    "person merge": ("person merge H-3 H-9", "person merge H-3 H-9 --yes"),
    "guardian add": ("guardian add H-5 H-8 --basis parent",),
    "guardian verify": ("guardian verify H-5 H-6 --how register",),
    "guardian excuse": ("guardian excuse H-5 H-6 --ground abroad --evidence letter.pdf",),
    "guardian end": ("guardian end H-5 H-6",),
    "guardian decides-alone": (
        "guardian decides-alone H-5 H-6 --evidence letter.pdf --reason court",
    ),
    "guardian list": ("guardian list H-5",),
    "consent request": ("consent request --for H-4 --channel kunta-public-page",),
    "consent record": (f"consent record --for H-4 --channel kunta-public-page {SIGNED}",),
    "consent withdraw": ("consent withdraw C-1",),
    "consent correct": ("consent correct C-1",),
    "consent list": ("consent list", "consent list --format csv"),
    "consent import": (
        "consent import old.csv --until 2027-12-31",
        "consent import old.csv --until 2027-12-31 --rest rest.csv --apply",
    ),
    "consent scan": ("consent scan scans -o to-type.csv --apply",),
    "consent form": (
        "consent form --event E-1 --roster --until 2027-12-31 --format html --out forms",
        "consent form --person H-5 --until 2027-12-31 --format html --out forms",
    ),
    "consent texts": ("consent texts --out texts",),
    "consent receipt": ("consent receipt C-1", "consent receipt C-3 --format jsonld"),
    "consent pending": (
        "consent form --event E-1 --roster --until 2027-12-31 --format html --out forms",
        "consent pending",
        "consent pending --event E-1 --format csv",
    ),
    "consent expiring": ("consent expiring --within 90d",),
    "permission request": ("permission request --photographer H-1 --channel kunta-website",),
    "permission grant": (f"permission grant --photographer H-1 --channel kunta-print {SIGNED}",),
    "permission withdraw": ("permission withdraw L-1",),
    "permission correct": ("permission correct L-1",),
    "permission list": ("permission list", "permission list --format json"),
    "channel add": ("channel add uusi Uusi --kind website --own --admin anna",),
    "channel change": ("channel change kunta-website --controller Vuokratalot",),
    "channel confirm": ("channel confirm kunta-website --own --since 2026-01-15",),
    "channel admins": ("channel admins kunta-website --add ville",),
    "channel review": ("channel review kunta-website",),
    "channel list": ("channel list",),
    "channel terms-changed": ("channel terms-changed kunta-website",),
    "case list": ("case list",),
    "case show": ("case show K-1",),
    "case correct": ("case correct K-1 refused --reason no",),
    "case rule": ("case rule K-1 refused --reason no",),
    "flag list": ("flag list",),
    "flag show": ("flag show F-1",),
    "flag resolve": ("flag resolve F-1 --outcome lifted --reason ok",),
    "publication add": ("publication add P-1 --channel kunta-website --url https://k.example/2",),
    "publication list": ("publication list --all",),
    "publication show": ("publication show J-1",),
    "publication takedown": ("publication takedown J-1 --proof seen",),
    "publication assign": ("publication assign J-1 --to anna",),
    "publication correct": ("publication correct J-1",),
    "publication keep": ("publication keep J-1 --reason ok",),
    "audit lacking": ("audit lacking", "audit lacking --purpose yearly --format csv"),
    "audit refresh": ("audit refresh",),
    "audit published": ("audit published",),
    "audit log": ("audit log",),
    "audit history": ("audit history P-1", "audit history H-3 --purpose yearly --format csv"),
    "audit anchor": ("audit anchor",),
    "audit verify": ("audit verify",),
    "audit keys": ("audit keys",),
    "audit make-key": ("audit make-key --passphrase-file letter.pdf",),
    "audit cosign": ("audit cosign letter.pdf --key-file letter.pdf",),
    "audit proof": ("audit proof D-1 --output proof.tlog-proof",),
    "audit verify-proof": ("audit verify-proof letter.pdf",),
    "evidence show": ("evidence show C-1",),
    "evidence export": ("evidence export C-1 --output copy.pdf",),
    "evidence restore": ("evidence restore letter.pdf",),
    "audit expiring": ("audit expiring --within 90d --purpose yearly",),
    "audit undocumented": ("audit undocumented --purpose yearly",),
    "audit one-guardian": ("audit one-guardian --purpose yearly",),
    "audit rulings": ("audit rulings",),
    "audit second-looks": ("audit second-looks",),
    "audit looser-policy": ("audit looser-policy",),
    "audit channels": ("audit channels",),
    "audit evidence": ("audit evidence",),
    "audit disclosures": ("audit disclosures --person H-3",),
    "audit report": ("audit report --year 2026 --out report.html",),
    "retention run": ("retention run --dry-run",),
    "metadata show": ("metadata show P-1",),
    "metadata write": ("metadata write P-1 --dry-run",),
    "metadata strip": ("metadata strip P-1 -o stripped",),
    "undo": ("undo --yes",),
    "rules list": ("rules list",),
    "rules explain": ("rules explain CN_NO_CONSENT",),
    "rules test": ("rules test class.csv",),
    "policy show": ("policy show",),
    "policy diff": ("policy diff child_view_age=12",),
    "policy set": ("policy set child_view_age=12",),
    "staff add": ('staff add jussi "Jussi Uusi" --role employee',),
    "staff change": ("staff change anna --left",),
    "staff list": ("staff list",),
    "staff password": ("staff password anna",),
    "staff sign-out": ("staff sign-out anna",),
    "api-key add": (f"api-key add {API_KEY}",),
    "api-key list": (f"api-key add {API_KEY}", "api-key list", "api-key list --format json"),
    "api-key revoke": (f"api-key add {API_KEY}", "api-key revoke website"),
    "unit list": ("unit list",),
    "unit rename": ("unit rename Koulu Yhtenäiskoulu",),
    "db check": ("db check",),
    "db acknowledge": ("db acknowledge L-1",),
    "db clock": ("db clock --wrong L-1",),
    "db backup": ("db backup backups",),
    "db restore": ("--registry restored.db db restore backups/none",),
    "db copy": ("db copy registry.db copy.db",),
    "db upgrade": ("db upgrade",),
    "completion install": ("completion install fish --uninstall",),
    "completion show": ("completion show bash",),
}
"""What is run of every command, one line after the other."""

REFUSED = {
    *("channel confirm", "db clock", "guardian decides-alone", "photo add-version"),
    "photo confirm",
    *("audit make-key", "audit cosign", "audit proof", "audit verify-proof", "db acknowledge"),
    *("evidence show", "evidence export", "evidence restore"),
    *("photo series", "publication assign", "publication keep", "publication takedown"),
    *(
        "photo forget",
        "undo",
        "retention run",
        "rules test",
        "db restore",
        "case correct",
        "case rule",
        "publication add",
    ),
}
"""Commands with nothing to do here; what else they print is looked at."""

Walk = Callable[..., Result]


@pytest.fixture(scope="session")
def furnished(sample_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a registry in which every list has something to show."""
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "registry.db"
    shutil.copy(sample_registry, path)
    path.with_name("registry.db.evidence").mkdir(mode=0o700)
    registry = Registry.open(path)
    _furnish(Application(registry, "anna", Clock()), folder)
    registry.close()
    return folder


def _furnish(anna: Application, folder: Path) -> None:
    kaisa = replace(anna, login=COORDINATOR)
    takers = [add_photographer(anna, name) for name in ("Matti Kuvaamo", "Liisa Ottamo")]
    aino = create_person(anna, "Aino Kettula")
    biret = create_person(anna, "Biret Outakka")
    child = add_child(anna, "Cecilia Nuorgam", date(2016, 5, 4), ["Doris Nuorgam", "Elias Nuorgam"])
    lacking = create_person(anna, "Fredrik Utsjoki")
    old = create_person(anna, "Kettula Aino", born=None, others=[aino])
    for person, contact in ((aino, 0), ("H-6", 1), (old, 2)):
        persons.change_person(anna, person, PersonDetails(contact=CONTACTS[contact]))
    events.add_event(
        anna,
        "Kevätjuhla",
        on=date(2026, 5, 30),
        photographers=takers,
        roster=[aino, biret, child, lacking, old],
        unit="Koulu",
    )
    later = replace(anna, clock=system_clock).today + timedelta(days=60)
    ends_soon = replace(granted_consent(), until=later)
    for each in (aino, biret):
        record_consent(anna, each, ends_soon)
    record_consent(anna, child, ends_soon, by="H-6")
    (folder / "photos").mkdir()
    answers_given = replace(MARKET, event="E-1", photographers=tuple(takers))
    for name in ("shown.jpg", "unclear.jpg", "lacking.jpg"):
        count = 1 if name == "unclear.jpg" else 2
        answered = replace(answers_given, recognisable_count=count)
        plain = b"" if name == "unclear.jpg" else jpeg_named(name)
        register_photo(anna, folder / "photos", answered, name, plain)
    for photo, shown in (("P-1", [aino, biret]), ("P-2", [lacking]), ("P-3", [child, lacking])):
        depictions.tag_persons(anna, [photo], persons=shown)
    publishing.add_publication(anna, ["P-1"], PAGE_USE, address="https://kunta.example/1")
    approval.approve(anna, ["P-2"], PAGE_USE)
    for person in (lacking, old):
        blocks.block_person(kaisa, person)
    flags.raise_flag(anna, "P-2", reason="Look again.")
    (folder / "new").mkdir()
    shutil.copy(folder / "photos" / "unclear.jpg", folder / "new" / "new.jpg")
    (folder / "letter.pdf").write_bytes(b"signed")
    rows = ("name;born", *(f"{name};2016-01-02" for name in LISTED))
    (folder / "class.csv").write_text("\n".join(rows), "utf-8")
    (folder / "scans").mkdir()
    with TemporaryDirectory() as printed:
        order = FormOrder(Path(printed) / "forms", date(2027, 12, 31), persons=[aino, biret])
        for form in print_forms(anna, order).forms:
            page_with(form.code).save(folder / "scans" / f"{form.person}.png")
    (folder / "old.csv").write_text(OLD_CONSENTS, "utf-8")


OWN = ("Gunilla Lukija", "Hilla Lukija", "Inka Lukija")
"""A reader of the library's, a child who reads there, and the child's guardian."""
OWN_CONTACT = "inka@lukija.example"


@pytest.fixture(scope="session")
def two_units(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The furnished registry with a library: Berit, an event (E-2) and three people (H-10 to 12).

    Osmo, an elected official, is of the library too; Jussi, an employee, is of no unit.
    """
    folder = tmp_path_factory.mktemp("units") / "here"
    shutil.copytree(furnished, folder)
    registry = Registry.open(folder / "registry.db")
    kaisa = Application(registry, COORDINATOR, Clock())
    for login, role, unit in (
        ("berit", StaffRole.EMPLOYEE, "Kirjasto"),
        ("osmo", StaffRole.ELECTED_OFFICIAL, "Kirjasto"),
        ("jussi", StaffRole.EMPLOYEE, ""),
    ):
        staff.add_staff(kaisa, login=login, name=login.title(), role=role, unit=unit)
    berit = Application(registry, "berit", Clock())
    reader = create_person(kaisa, OWN[0], born=date(1971, 3, 2))
    child = add_child(kaisa, OWN[1], date(2015, 1, 2), [OWN[2]])
    guardian = PersonDetails(born=date(1972, 4, 3), contact=OWN_CONTACT)
    persons.change_person(kaisa, "H-12", guardian)
    events.add_event(berit, "Satutunti", on=date(2026, 5, 29))
    events.change_roster(kaisa, "E-2", add_persons=[reader, child], remove_persons=[])
    registry.close()
    (folder / "own").mkdir()
    (folder / "own" / "reading.jpg").write_bytes(jpeg_named("reading.jpg"))
    return folder


@pytest.fixture
def walk(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Run one line in a copy of the furnished folder, as the coordinator unless `login` says."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder)
    monkeypatch.chdir(folder)

    def run(line: str, login: str = COORDINATOR) -> Result:
        environment = {"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": login}
        done = CliRunner().invoke(cli, shlex.split(line), env=environment)
        assert done.exit_code in {0, 3, 4, 10} or any(each in line for each in REFUSED), (
            f"{line}: exit {done.exit_code}\n{done.output}"
        )
        assert "Traceback" not in done.output
        return done

    return run


def shown_by(done: Result, before: set[Path]) -> tuple[set[str], set[str]]:
    """Return the names and contacts that a command printed, or wrote into new files."""
    files = {path for path in Path().rglob("*") if path.is_file()} - before
    texts = [done.stdout, done.stderr]
    texts += [
        path.read_bytes().decode("utf-8", errors="replace")
        for path in files
        if not str(path).startswith("registry.db")
    ]
    text = "\n".join(texts)
    return {n for n in (*NAMES, *LISTED) if n in text}, {c for c in CONTACTS if c in text}
