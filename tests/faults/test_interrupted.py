"""Ctrl-C at any moment of a bulk registration: the reported count is what is stored."""

import os
import random
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.faults.killing import ROUNDS
from tests.imaging.builders import jpeg_file, with_unused_table

from photoreg.registry.queries.photos import photo_ids
from photoreg.services.application import Application

SEED = 20261122
PHOTOS = 400


def test_the_sum_after_ctrl_c_is_what_is_stored(application: Application, tmp_path: Path) -> None:
    dice = random.Random(SEED)  # noqa: S311 - reproducible
    data = jpeg_file()
    interrupted = stored = 0
    for number in range(ROUNDS // 10 or 3):
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        for photo in range(PHOTOS):
            (folder / f"{photo}.jpg").write_bytes(with_unused_table(data, (number, photo)))
        lines, seconds = dice.randrange(1, PHOTOS), dice.uniform(0, 0.1)
        result = register_until_interrupted(application, folder, lines, seconds)
        with application.reading() as work:
            now_stored = len(photo_ids(work.session))
        new = re.search(r"Registered: (\d+)\.", result.stderr)
        assert int(new[1] if new else 0) == now_stored - stored, result.stderr
        assert result.stdout.count(": registered") <= now_stored - stored
        interrupted += result.returncode == 130
        stored = now_stored
    assert interrupted
    print(f"\ninterrupted {interrupted} times: {stored} photos stored and reported")  # noqa: T201


def register_until_interrupted(
    application: Application, folder: Path, lines: int, seconds: float
) -> "subprocess.CompletedProcess[str]":
    """Register a folder, and send SIGINT `seconds` after `lines` lines of output.

    The output of half the files does not fit into a pipe, so the process has not ended by then.
    """
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "photoreg.cli.app"),
            *("--registry", str(application.registry.path), "--as", application.login),
            *("register", str(folder)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PHOTOREG_LANG": "en", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    first = "".join(process.stdout.readline() for _line in range(lines))
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, first + rest, errors)
