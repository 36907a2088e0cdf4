"""Every address of the desk, with records of the furnished registry (`tests.cli.furnished`)."""

from collections.abc import Iterator
from itertools import product
from typing import cast
from urllib.parse import quote, urlencode

from werkzeug.routing import Rule

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import StaffRole
from photoreg.web.app import create_app
from photoreg.web.forms.all import FORMS
from photoreg.web.forms.form import FieldKind
from photoreg.web.lists.catalogue import LISTS
from photoreg.web.serving import Desk

EXAMPLES: dict[str, tuple[str, ...]] = {
    "case": ("K-1",),
    "event": ("E-1",),
    "filename": ("desk.css",),
    "key": ("gone",),
    "listed": tuple(sorted(LISTS)),
    "login": ("anna",),
    "flag": ("F-1",),
    "name": tuple(sorted(FORMS)),
    "person": ("H-3", "H-5", "H-6"),
    "number": ("1",),
    "photo": ("P-1", "P-2", "P-3"),
    "publication": ("J-1",),
    "record": ("C-1",),
    "secret": ("wrong",),
    "size": ("small", "large"),
    "task": ("T-1",),
}
"""What stands for each argument in an address; a page with a new one names a record here."""

OF_PAGES = {"publishing.show": "?event=E-1"}
"""What the address of a page says that shows nothing without it, by endpoint."""

LOGINS = {
    StaffRole.EMPLOYEE: "anna",
    StaffRole.COORDINATOR: "kaisa",
    StaffRole.DEPUTY: "ville",
    StaffRole.AUDITOR: "tarja",
    StaffRole.ELECTED_OFFICIAL: "osmo",
}
"""Somebody of each role."""


def addresses(method: str = "GET") -> list[tuple[str, str]]:
    """Return the endpoint and an address of every page that takes this method; not of the API."""
    app = create_app(Desk(cast("Registry", None)))
    rules = (
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and not rule.endpoint.startswith("api.")
    )
    return sorted(found for rule in rules for found in _of_rule(rule))


def _of_rule(rule: Rule) -> Iterator[tuple[str, str]]:
    names = sorted(rule.arguments)
    for values in product(*(EXAMPLES[name] for name in names)):
        known = dict(zip(names, map(quote, values), strict=True))
        _subdomain, path = rule.build(known) or ("", "")
        about = OF_PAGES.get(rule.endpoint, "") or _query(known.get("name", ""))
        yield rule.endpoint, path + about


def _query(action: str) -> str:
    """Return what the address of a form says about the records that it is about."""
    fields = next((form.fields for name, form in FORMS.items() if name == action), ())
    about = [
        (each.name, EXAMPLES[each.name][0])
        for each in fields
        if each.kind is FieldKind.HIDDEN and each.name in EXAMPLES
    ]
    return f"?{urlencode(about)}" if about else ""
