"""Other systems in the tests, which ask the API with their keys."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from tests.web.desks import ServedDesk
from werkzeug.test import TestResponse

from photoreg.registry.tables.people import ApiScope
from photoreg.services.organisation import api_keys

PAGE, SITE = "kunta-public-page", "kunta-website"
UNTIL = date(2027, 12, 31)


@dataclass
class Caller:
    """A system with a key, or with what it takes for one."""

    client: FlaskClient
    key: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send a request."""
        headers = {"Authorization": f"Bearer {self.key}", **self.headers, **more.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **query: str) -> TestResponse:
        """Ask for something."""
        return self.ask("GET", path, query_string=query)

    def post(self, path: str, content: object, **headers: str) -> TestResponse:
        """Send JSON."""
        return self.ask("POST", path, json=content, headers=headers)

    def match(self, content: bytes, kind: str = "image/jpeg") -> TestResponse:
        """Ask which photo a picture is."""
        query = {"channel": PAGE}
        return self.ask("POST", "/match", query_string=query, data=content, content_type=kind)

    def publish(
        self, photos: dict[str, str], address: str, name: str = "post-1", **more: str
    ) -> TestResponse:
        """Record a publication of photos with these digests of facts."""
        content = {
            "channel": PAGE,
            "address": address,
            "photos": [{"photo": each, "facts_digest": facts} for each, facts in photos.items()],
            **more,
        }
        return self.post("/publications", content, **{"Idempotency-Key": name})

    def digest(self, photo: str = "P-1", channel: str = PAGE) -> str:
        """Return the digest of the facts on which a photo may be published."""
        return str(self.get(f"/photos/{photo}/verdict", channel=channel).json["facts_digest"])  # type: ignore[index]


def make_key(
    desk: ServedDesk, name: str = "website", *scopes: ApiScope, channels: tuple[str, ...] = (PAGE,)
) -> str:
    """Return a new key that the coordinator has made; for all uses, unless some are named."""
    return api_keys.add_key(
        desk.application("kaisa"),
        name=name,
        scopes=scopes or tuple(ApiScope),
        channels=channels,
        until=UNTIL,
    )


def caller(desk: ServedDesk, key: str) -> Caller:
    """Return a system with this key."""
    return Caller(desk.app.test_client(), key)
