"""Requests that are generated from the description (schemathesis), against a running server."""

import copy
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.web.api.callers import PAGE

from photoreg.web.api.openapi import description

CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "422"]
"""
"""422: what fits the description may still be no picture, or a day in the future."""


def with_real_ids(told: Any, folder: Path) -> Any:
    """Return the description with what the registry knows in place of every id that fits."""
    known = sha256((folder / "photos" / "shown.jpg").read_bytes()).hexdigest()
    real = {
        "photo": ["P-1", "P-2", "P-3", "P-99"],
        "photos": ["P-1", "P-2", "P-3"],
        "channel": [PAGE],
        "publication": ["J-1"],
        "since": ["T-1"],
        "sha256": [known, "0" * 64],
        "facts_digest": ["0" * 64],
        "on": ["2026-11-02"],
    }
    told = copy.deepcopy(told)
    for operation in (each for path in told["paths"].values() for each in path.values()):
        for parameter in operation["parameters"]:
            if parameter["name"] in real:
                parameter["schema"] = {"type": "string", "enum": real[parameter["name"]]}
                parameter["example"] = real[parameter["name"]][0]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            body.pop("examples")
    for name in ("VerdictsAsked", "FilesAsked", "PublicationAsked", "RemovalAsked"):
        _fill_in(told["components"]["schemas"][name], real)
    return told


def _fill_in(schema: Any, real: dict[str, list[str]]) -> None:
    for name, each in schema["properties"].items():
        items = each.get("items", {})
        if "properties" in items:
            _fill_in(items, real)
        elif name in real and items:
            each["items"] = {"type": "string", "enum": real[name]}
        elif name in real:
            schema["properties"][name] = {"type": "string", "enum": real[name]}


def test_every_answer_is_as_described(
    served: tuple[str, str], folder: Path, tmp_path: Path
) -> None:
    base, key = served
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(with_real_ids(description(), folder)), "utf-8")
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(file)),
            *("--url", f"{base}/api/v1", "--header", f"Authorization: Bearer {key}"),
            *("--max-examples", "6", "--seed", "16", "--rate-limit", "45/s"),
            *("--phases", "examples,coverage,fuzzing", "--continue-on-failure"),
        ],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)[-8000:] + done.stderr
