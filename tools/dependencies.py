"""Checks what photoreg depends on: licences that may be shipped, and no known vulnerability.

Every distribution that the project and its extras pull in is looked at, as installed. A licence
that is not on the list fails, and so does one that nobody declared. The advisories come from
OSV (https://osv.dev); where it cannot be reached, that is said and nothing fails.
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
    r"Lesser General Public|Unlicense|Zlib|HPND|EUPL|CC0|Public Domain)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
CLEARED = ("docutils",)
"""Looked at by hand: only an Emacs mode is under the GPL, and what is installed holds none."""
OSV = "https://api.osv.dev/v1/querybatch"


def collect_dependencies(name: str, extras: frozenset[str], seen: dict[str, Distribution]) -> None:
    """Fill `seen` with the distribution and all that it needs, by normalised name."""
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
            continue  # for another system or Python than this one


def parse_requirement(requirement: str) -> tuple[str, str]:
    """Return the name in a requirement, and the extra that asks for it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", requirement)
    return name[0] if name else "", extra[1] if extra else ""


def normalise_name(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    """Return what a distribution says of its licence, the most exact first."""
    said = found.metadata.get_all
    classifiers = [c for c in said("Classifier", []) if c.startswith("License ::")]
    named = said("License", [""])[0].partition("\n")[0]
    return "; ".join(said("License-Expression", [])) or "; ".join(classifiers) or named


def wrong_licences(distributions: dict[str, Distribution]) -> Iterator[str]:
    """Give a line for each distribution whose licence may not be in the tree."""
    for name, found in sorted(distributions.items()):
        licence = licence_of(found)
        if name in CLEARED:
            continue
        if FORBIDDEN.search(licence) or not ALLOWED.search(licence):
            yield f"{name} {found.version}: licence {licence or 'not declared'}"


def vulnerabilities(distributions: dict[str, Distribution]) -> list[str] | None:
    """Return a line for each known vulnerability, or None when nobody can be asked."""
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
    """Print what is wrong; 1 when something is."""
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
