"""`register` of cameras and folders: who took what, an event for each folder, what lies beside."""

import json
import shlex
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from tests.imaging.builders import exif_segment, full_jpeg, jpeg_named, with_segments

from photoreg.imaging.metadata.exif import ascii_entry, write_exif
from photoreg.services.photos.folders.folder_days import read_folder_name

Run = Callable[..., Result]
MAKE, MODEL, ARTIST = 0x010F, 0x0110, 0x013B
PHONE, CANON = ("Apple", "iPhone 13"), ("Canon", "Canon EOS 90D")


def take(file: Path, camera: tuple[str, str] = ("", ""), artist: str = "") -> None:
    """Write a photo that a camera took."""
    values = (*zip((MAKE, MODEL), camera, strict=True), (ARTIST, artist))
    tags = [ascii_entry(tag, text) for tag, text in values if text]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(with_segments(jpeg_named(file), exif_segment(write_exif(tags, []))))


@pytest.fixture
def feast(run: Run) -> Run:
    """E-1, and H-1 and H-2 who take photos."""
    run("person", "add", "Petri Tornensis", "--adult")
    run("person", "add", "Anna Aikio", "--adult")
    run("event", "add", "Juhla", "--on", "30.5.2026")
    return run


def photographers(run: Run) -> list[list[str]]:
    listed = json.loads(run("photo", "list", "--format", "json").stdout)
    return [item["photographers"] for item in listed["items"]]


def test_who_took_the_photos_of_a_camera_is_said_once_for_the_event(
    feast: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    take(folder / "1.jpg", PHONE)
    take(folder / "2.jpg", CANON)
    cameras = ("--camera", "iphone 13=Petri Tornensis", "--camera", "Nikon=H-2")
    told = feast("register", folder, "--event", "E-1", *cameras).stderr
    assert "Camera Apple iPhone 13: H-1 Petri Tornensis. Photos: 1." in told
    assert "No new photo is by the camera Nikon." in told
    take(folder / "3.jpg", PHONE)
    take(folder / "4.jpg", PHONE, artist="Anna Aikio")
    told = feast("register", folder, "--event", "E-1").stderr
    assert "H-1 Petri Tornensis, as in the earlier photos of the event. Photos: 1." in told
    assert photographers(feast) == [
        *(["H-1 Petri Tornensis"], []),
        *(["H-1 Petri Tornensis"], ["H-2 Anna Aikio"]),
    ]
    feast("register", folder, "--camera", "iPhone 13", exit_code=2)
    feast("register", folder, "--camera", "x=H-1", "--camera", "X=H-2", exit_code=2)


NIKONS = ("NIKON CORPORATION", "NIKON Z 6_2"), ("NIKON CORPORATION", "NIKON D750")


def test_a_part_of_the_name_of_a_camera_is_enough_if_it_is_part_of_one_only(
    feast: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    take(folder / "1.jpg", PHONE)
    take(folder / "2.jpg", NIKONS[0])
    told = feast("register", folder, "--camera", "nikon=H-1").stderr
    assert "Camera NIKON Z 6_2: H-1 Petri Tornensis. Photos: 1." in told
    take(folder / "3.jpg", NIKONS[1])
    told = feast("register", folder, "--camera", "Nikon=H-1", exit_code=9).stderr
    assert "Nikon may be any of these cameras: NIKON D750, NIKON Z 6_2" in told
    assert "Options: --camera" in told
    cameras = ("--camera", "Z6=H-1", "--camera", "z 6_2=H-2")
    told = feast("register", folder, *cameras, exit_code=9).stderr
    assert "Z6 and z 6_2 are the same camera: NIKON Z 6_2" in told
    assert len(photographers(feast)) == 2
    feast("register", folder, "--camera", "d750=H-2")
    assert photographers(feast)[-1] == ["H-2 Anna Aikio"]


def test_what_is_the_same_of_many_photos_is_told_once(feast: Run, tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        (tmp_path / name).write_bytes(full_jpeg(jpeg_named(name)))
    told = feast("register", tmp_path, "--event", "E-1").output
    assert told.count("more than two days") == told.count("contains a location") == 1
    assert "P-1–P-3: taken, according to the file, more than two days" in told


def test_every_file_is_named_with_the_folders_that_lead_to_it(feast: Run, archive: Path) -> None:
    take(archive / "2019" / "Retki 3.6." / "IMG_1.jpg", PHONE)
    told = feast("register", archive).stdout.splitlines()
    files = [line.split(":")[0] for line in told if line.startswith("P-")]
    assert files == [
        "P-1 2018/Retki 3.6./IMG_1.jpg",
        "P-2 2019/Retki 3.6./IMG_1.jpg",
        "P-3 2019-05-30 Hetan koulun kevätjuhla/3B/IMG_1.jpg",
        "P-4 2019-05-30 Hetan koulun kevätjuhla/IMG_1.jpg",
        "P-5 sekalaiset/IMG_2.jpg",
    ]
    again = feast("register", archive / "sekalaiset", archive / "2018").stdout
    assert again.startswith("P-5 sekalaiset/IMG_2.jpg")
    assert feast("register", archive / "sekalaiset").stdout.startswith("P-5 IMG_2.jpg")


def test_equal_files_are_asked_about_once(feast: Run, tmp_path: Path) -> None:
    take(tmp_path / "a" / "1.jpg")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    told = feast("register", tmp_path / "a", tmp_path / "b").output
    assert "\nP-1: who took the photo (--photographer)," in told
    assert "photo answer P-1 --" in told


def test_what_is_open_about_photos_of_an_event_is_told_once_and_can_be_answered_in_a_table(
    feast: Run, tmp_path: Path
) -> None:
    for name in ("1.jpg", "2.jpg"):
        take(tmp_path / "kuvat" / name)
    told = feast("register", tmp_path / "kuvat", "--event", "E-1").output
    assert "P-1–P-2: who took the photo (--photographer)," in told
    assert told.count("(--basis)") == 1
    assert "→ photoreg sheet export E-1 --output E-1.xlsx" in told
    take(tmp_path / "3.jpg")
    assert "sheet export" not in feast("register", tmp_path / "3.jpg", "--event", "E-1").output


def test_several_cameras_are_asked_about_one_by_one(feast: Run, tmp_path: Path) -> None:
    folder = tmp_path / "kuvat"
    take(folder / "1.jpg", PHONE)
    take(folder / "2.jpg", CANON)
    typed = ["H-2", *[""] * 6]
    told = feast(
        "register", folder, "--event", "E-1", "--ask", typed="\n".join((*typed, ""))
    ).stderr
    assert told.count("Who took") == 2
    assert "Apple iPhone 13, photos: 1. Who took them" in told
    assert "Camera Canon EOS 90D: who took the photos? Photos: 1." in told
    assert photographers(feast) == [["H-2 Anna Aikio"], []]


def test_who_took_photos_is_asked_once_and_not_of_photos_whose_file_tells(
    feast: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    take(folder / "1.jpg", PHONE, artist="Petri Tornensis")
    take(folder / "2.jpg", CANON)
    take(folder / "3.jpg", PHONE)
    told = feast("register", folder, "--event", "E-1").stderr.splitlines()
    steps = [line for line in told if "→ photoreg photo answer" in line]
    who = sorted(step.strip() for step in steps if "--photographer" in step)
    assert who == [f"→ photoreg photo answer {each} --photographer NAME" for each in ("P-2", "P-3")]
    rest = [line for line in steps if "--basis" in line]
    assert {line.split()[4] for line in rest} == {"P-1", "P-2", "P-3"}


def test_cameras_are_asked_about_also_where_the_event_names_a_photographer(
    feast: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    feast("event", "add", "Retki", "--on", "31.5.2026", "--photographer", "H-2")
    take(folder / "1.jpg", PHONE)
    take(folder / "2.jpg", CANON, artist="Petri Tornensis")
    take(folder / "3.jpg", NIKONS[0])
    nikon = ("--camera", "nikon=H-2")
    asked = ("register", folder, "--event", "Retki", "--ask", *nikon)
    told = feast(*asked, typed="\n".join(["", "H-1", *[""] * 6])).stderr
    assert "Canon EOS 90D, photos: 1. Who took them" in told
    assert "NIKON Z 6_2, photos" not in told
    assert "The files name" not in told
    names = ["H-2 Anna Aikio"], ["H-1 Petri Tornensis"], ["H-2 Anna Aikio"]
    assert photographers(feast) == [*names]


def test_the_step_for_files_that_name_somebody_else_locks_no_photo(
    feast: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    feast("event", "add", "Retki", "--on", "31.5.2026", "--photographer", "H-2")
    take(folder / "1.jpg", CANON, artist="Petri Tornensis")
    take(folder / "2.jpg", PHONE)
    told = feast("register", folder, "--event", "Retki").stderr
    assert "a colleague must then confirm it" in told
    forget, register, answer = [
        shlex.split(line.partition("→ photoreg ")[2])
        for line in told[told.index("The files name") :].splitlines()
        if "→" in line
    ][:3]
    assert answer[:3] == ["photo", "answer", "P-1"]
    feast(*forget)
    told = feast(*register).stderr
    assert "Canon EOS 90D: H-1 Petri Tornensis. Photos: 1." in told
    assert photographers(feast) == [["H-2 Anna Aikio"], ["H-1 Petri Tornensis"]]
    assert "RG_SECOND_LOOK" not in told


def test_a_photographer_whom_the_files_contradict_is_told_once(feast: Run, tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg"):
        take(tmp_path / "kuvat" / name, PHONE, artist="Tornensis, Petri")
    take(tmp_path / "kuvat" / "3.jpg", PHONE, artist="Aikio, Anna")
    take(tmp_path / "kuvat" / "4.jpg", PHONE, artist="OLYMPUS DIGITAL CAMERA")
    told = feast("register", tmp_path / "kuvat", "--photographer", "H-2").stderr
    assert told.count("The files name") == 1
    assert "name Tornensis, Petri as the photographer, the registry now H-2 Anna Aikio" in told
    assert "Photos: 2." in told


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Folders with and without a day in their names, and what is no photo."""
    root = tmp_path / "arkisto"
    take(root / "2019-05-30 Hetan koulun kevätjuhla" / "IMG_1.jpg")
    take(root / "2019-05-30 Hetan koulun kevätjuhla" / "3B" / "IMG_1.jpg")
    take(root / "2018" / "Retki 3.6." / "IMG_1.jpg")
    take(root / "sekalaiset" / "IMG_2.jpg")
    for name in ("IMG_3.CR2", "IMG_4.CR2", "MVI_1.MOV", "lupa.pdf", "Thumbs.db", ".DS_Store"):
        (root / "sekalaiset" / name).write_bytes(b"x")
    return root


def test_an_event_is_proposed_for_each_folder_and_nothing_is_recorded(
    run: Run, archive: Path
) -> None:
    shown = run("register", archive, "--events-from-folders", "--format", "json")
    rows = json.loads(shown.stdout)["items"]
    assert [(row["name"], row["starts_on"], row["photos"]) for row in rows] == [
        ("Retki", "2018-06-03", 1),
        ("Hetan koulun kevätjuhla", "2019-05-30", 2),
        ("sekalaiset", None, 1),
    ]
    assert "RAW negatives, 2 (IMG_3.CR2, IMG_4.CR2)" in shown.stderr
    assert "videos, 1 (MVI_1.MOV)" in shown.stderr
    assert "documents, 1 (lupa.pdf)" in shown.stderr
    assert "files of other programs, 2 (.DS_Store, Thumbs.db)" in shown.stderr
    told = run("register", archive, "--events-from-folders", "--apply", exit_code=9).stderr
    assert "do not tell a day for certain: 1" in told
    assert f"→ photoreg register {archive} --events-from-folders --plan arkisto-events.xlsx" in told
    assert json.loads(run("event", "list", "--format", "json").stdout)["items"] == []


def test_a_plan_has_days_as_finns_write_them_and_tells_how_to_go_on_until_it_is_complete(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive.parent)
    plan = Path("plan.csv")
    folders = ("register", archive, "--events-from-folders")
    run("--lang", "fi", *folders, "--plan", plan)
    lines = plan.read_text("utf-8-sig").splitlines()
    assert ";30.5.2019;30.5.2019;" in lines[2]
    told = run(*folders, "--planned", plan, exit_code=9).stderr
    again = f"→ photoreg register {archive} --events-from-folders --planned plan.csv"
    assert again in told
    lines[3] = lines[3].replace(";;;", ";1.9.2019;;")
    plan.write_text("\n".join(lines), "utf-8")
    run(*folders, "--planned", plan)
    events = json.loads(run("event", "list", "--format", "json").stdout)["items"]
    days = sorted((e["starts_on"], e["ends_on"]) for e in events)
    assert days == [("2018-06-03",) * 2, ("2019-05-30",) * 2, ("2019-09-01",) * 2]


def test_a_plan_is_corrected_in_a_table_and_applied(run: Run, archive: Path) -> None:
    plan = archive.parent / "plan.xlsx"
    run("register", archive, "--events-from-folders", "--plan", plan)
    book = openpyxl.load_workbook(plan)
    sheet = book["Events"]
    rows = {str(row[0].value).rpartition("/")[2]: row for row in sheet.iter_rows(min_row=2)}
    rows["sekalaiset"][2].value = "Arkea"
    book.save(plan)
    told = run("register", archive, "--events-from-folders", "--planned", plan, exit_code=9).stderr
    assert "the day of the event is missing" in told
    rows["sekalaiset"][3].value = date(2019, 1, 1)
    rows["Retki 3.6."][5].value = "no"
    book.save(plan)
    applied = run("register", archive, "--events-from-folders", "--planned", plan)
    assert "Registered: 3." in applied.stderr
    assert "Left out, as in the table" in applied.stderr
    events = json.loads(run("event", "list", "--format", "json").stdout)["items"]
    assert [(e["name"], e["starts_on"], e["photos"]) for e in events] == [
        ("Hetan koulun kevätjuhla", "2019-05-30", 2),
        ("Arkea", "2019-01-01", 1),
    ]
    again = run("register", archive, "--events-from-folders", "--planned", plan).stderr
    assert "Registered: 0. Already in the registry: 3." in again
    listed = run("photo", "list").stdout
    assert "3B/IMG_1.jpg" in listed
    assert "/IMG_2.jpg" not in listed
    run("sheet", "export", "E-1", "-o", archive.parent / "sheet.csv")
    assert "3B/IMG_1.jpg" in (archive.parent / "sheet.csv").read_text("utf-8-sig")
    assert "Nothing was recorded" in run("sheet", "import", archive.parent / "sheet.csv").stderr
    book.create_sheet("Muistiinpanot")["A1"] = "3B ei saa näkyä"
    book.save(plan)
    told = run("register", archive, "--events-from-folders", "--planned", plan, exit_code=9).stderr
    assert "the sheet Muistiinpanot is not part of a plan of events" in told


@pytest.mark.parametrize(
    ("name", "title", "days"),
    [
        ("2019-05-30 Juhla", "Juhla", "2019-05-30"),
        ("20190530_Juhla", "Juhla", "2019-05-30"),
        ("Juhla 30.5.2019", "Juhla", "2019-05-30"),
        ("30. toukokuuta 2019 Juhla", "Juhla", "2019-05-30"),
        ("Juhla May 30, 2019", "Juhla", "2019-05-30"),
        ("190530 Juhla", "Juhla", "2019-05-30"),
        ("30.-31.5.2019 Leiri", "Leiri", "2019-05-30 2019-05-31"),
        ("30.12.-2.1.2020 Leiri", "Leiri", "2019-12-30 2020-01-02"),
        ("05-06-2019 Juhla", "05-06-2019 Juhla", ""),
        ("2019-02-30 Juhla", "2019-02-30 Juhla", ""),
        ("2019-05-30 ja 2019-06-01", "2019-05-30 ja 2019-06-01", ""),
        ("Juhla 2019", "Juhla 2019", ""),
    ],
)
def test_a_folder_tells_a_day_only_if_it_is_certain(name: str, title: str, days: str) -> None:
    found = read_folder_name(name, date(2026, 11, 30))
    assert found.name == title
    told = dict.fromkeys(day.isoformat() for day in found.days or ())
    assert " ".join(told) == days
