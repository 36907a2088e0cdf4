"""The client in docs/api.md, against a running server."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.conftest import ROOT
from tests.web.api.callers import PAGE
from tests.web.desks import ServedDesk

from photoreg.services.application import system_clock
from photoreg.services.people import blocks


def client_of_docs(address: str, key: str) -> Any:
    """Return the client as it stands in the docs."""
    [source] = re.findall(
        r"^```python\n(.*?)^```",
        (ROOT / "docs/api.md").read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    found: dict[str, Any] = {}
    exec(compile(source, "docs/api.md", "exec"), found)  # noqa: S102 - our own docs
    return SimpleNamespace(**found).Photoreg(address, key, PAGE)


def test_the_client_of_the_docs_publishes_and_takes_away(
    served: tuple[str, str], desk: ServedDesk
) -> None:
    client = client_of_docs(*served)
    posted: list[bytes] = []
    assert client.publish("P-1", posted.append, "https://kunta.example/news/1") == "J-2"
    assert posted[0].startswith(b"\xff\xd8")
    assert client.publish("P-3", posted.append, "https://kunta.example/news/2") is None
    assert len(posted) == 1
    blocks.block_person(desk.as_changed(clock=system_clock).application("kaisa"), "H-3")
    removed: list[tuple[str, str]] = []
    assert client.take_away(lambda *each: removed.append(each)) == 2
    assert sorted(removed) == [
        ("https://kunta.example/1", "P-1"),
        ("https://kunta.example/news/1", "P-1"),
    ]
    assert client.take_away(lambda *each: removed.append(each)) == 0


def test_a_server_that_is_not_reached_or_a_wrong_key_is_a_no(
    served: tuple[str, str], folder: Path
) -> None:
    address, _key = served
    for client in (
        client_of_docs(address, "website.wrong"),
        client_of_docs("http://127.0.0.1:9", "website.wrong"),
    ):
        posted: list[bytes] = []
        assert client.verdict("P-1") is None
        assert client.publish("P-1", posted.append, "https://kunta.example/news/1") is None
        assert posted == []
    assert folder.exists()
