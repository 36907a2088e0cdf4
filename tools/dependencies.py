"""Check photoreg's dependencies for permitted licences and known vulnerabilities.

Every distribution that the project and its extras require is checked, as installed. A licence that
is not on the list or not declared is a failure. Advisories come from OSV (https://osv.dev); if it
cannot be reached, the check prints a note and does not fail.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

ALLOWED = re.compile(
    r"\b(MIT|MIT-CMU|MIT-0|BSD|0BSD|Apache|ISC|PSF|PSFL|Python|MPL|MPL-2\.0|LGPL|"
    r"Lesser General Public|Unlicense|Zlib|HPND|EUPL|CC0|ZPL|Zope Public|Public Domain)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
CLEARED = (
    "docutils",  # only an Emacs mode is under the GPL, and no wheel installs it
    "axe-playwright-python",  # declares no licence; its LICENSE is MIT, of axe-core MPL-2.0
)
"""Distributions whose licences were read by hand."""
OSV = "https://api.osv.dev/v1/querybatch"


def collect_dependencies(name: str, extras: frozenset[str], seen: dict[str, Distribution]) -> None:
    """Add the distribution and all its dependencies to `seen`, by normalised name."""
    found = distribution(name)
    seen[normalise_name(name)] = found
    for requirement in found.requires or ():
        needed, wanted_extra = parse_requirement(requirement)
        if wanted_extra and wanted_extra not in extras:
            continue
        if normalise_name(needed) in seen:
            continue
        try:
            collect_dependencies(needed, frozenset(), seen)
        except PackageNotFoundError:
            continue  # for another platform or Python version


def parse_requirement(requirement: str) -> tuple[str, str]:
    """Return the name in a requirement, and the extra that it belongs to."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", requirement)
    return name[0] if name else "", extra[1] if extra else ""


def normalise_name(name: str) -> str:
    """Return a distribution's normalised name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    """Return the licence that a distribution declares, from its most precise metadata field."""
    said = found.metadata.get_all
    classifiers = [c for c in said("Classifier", []) if c.startswith("License ::")]
    named = said("License", [""])[0].partition("\n")[0]
    return "; ".join(said("License-Expression", [])) or "; ".join(classifiers) or named


def wrong_licences(distributions: dict[str, Distribution]) -> Iterator[str]:
    """Yield a line for each distribution whose licence is not permitted."""
    for name, found in sorted(distributions.items()):
        licence = licence_of(found)
        if name in CLEARED:
            continue
        if FORBIDDEN.search(licence) or not ALLOWED.search(licence):
            yield f"{name} {found.version}: licence {licence or 'not declared'}"


def vulnerabilities(distributions: dict[str, Distribution]) -> list[str] | None:
    """Return a line for each known vulnerability, or None if OSV cannot be reached."""
    named = sorted(distributions.items())
    asked = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": found.version}
        for name, found in named
    ]
    request = urllib.request.Request(
        OSV, json.dumps({"queries": asked}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - https, above
            results = json.load(answer)["results"]
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError):
        return None
    return [
        f"{name} {found.version}: {advisory['id']}"
        for (name, found), result in zip(named, results, strict=True)
        for advisory in result.get("vulns", ())
    ]


def main() -> int:
    """Print the failures; return 1 if there are any."""
    distributions: dict[str, Distribution] = {}
    extras = frozenset(distribution("photoreg").metadata.get_all("Provides-Extra") or ())
    collect_dependencies("photoreg", extras, distributions)
    wrong = list(wrong_licences(distributions))
    known = vulnerabilities(distributions)
    print(f"dependencies: {len(distributions)} looked at, {len(wrong)} with a licence to refuse")
    print(
        "advisories: not looked at, the database of vulnerabilities cannot be reached"
        if known is None
        else f"advisories: {len(known)} known vulnerabilities"
    )
    found = [*wrong, *(known or ())]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
