"""Write every generated file of the project: part of `make docs`. The tests compare them.

`python tools/generate.py --check` lists the files that are out of date and exits with 1.
"""

import hashlib
import json
import sys
from collections.abc import Container, Iterator
from pathlib import Path

import click

from photoreg.cli.app import COMMANDS, cli
from photoreg.cli.printing.next_steps import command_line
from photoreg.errors import EXIT_CODES
from photoreg.imaging.containers.detection import CONTAINERS
from photoreg.imaging.metadata.fields import FIELDS, PLUS_VOCABULARY
from photoreg.presentation.next_steps import PLANS
from photoreg.presentation.views.all import VIEWS
from photoreg.registry.engines import postgresql_schema, sqlite, sqlite_migration
from photoreg.registry.engines.postgresql_roles import roles_sql
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.decision_table import COLUMNS, NEWER_COLUMNS
from photoreg.rulebook.reasons import REASONS, Family, Severity
from photoreg.rulebook.verdict import RULES_VERSION
from photoreg.steps import NextStep
from photoreg.texts import _, use_language
from photoreg.web.api.openapi import description

ROOT = Path(__file__).parent.parent
GENERATED_NOTICE = (
    "<!-- Made by tools/generate.py from the code: change the code, then run `make docs`. -->\n\n"
)


def generated_files() -> Iterator[tuple[str, str]]:
    """Yield the path of each generated file, relative to the root, and its content."""
    use_language("en")
    schemas = sqlite.schema_sql(), postgresql_schema.schema_sql()
    yield "schema/registry.sqlite.sql", schemas[0]
    yield "schema/registry.postgresql.sql", schemas[1]
    yield "src/photoreg/registry/engines/schema_version.py", schema_version("".join(schemas))
    yield "schema/roles.postgresql.sql", roles_sql()
    for view in VIEWS.values():
        yield f"schema/{view.name}.schema.json", json.dumps(view.schema(), indent=2) + "\n"
    yield "schema/openapi.json", json.dumps(description(), indent=2, ensure_ascii=False) + "\n"
    yield "docs/exit-codes.md", exit_codes()
    yield "docs/cli.md", commands()
    yield "docs/rules.md", rules()
    yield "docs/metadata.md", metadata()


def schema_version(schemas: str) -> str:
    """Return the module with the schema version, so that it need not be computed at start-up."""
    migrations = sorted((ROOT / "schema" / "migrations" / "versions").glob("[0-9]*.py"))
    number, _, _name = migrations[-1].stem.partition("_")
    digest = hashlib.sha256(schemas.encode()).hexdigest()[:8]
    triggers = sqlite.acting_digest(sqlite_migration.statements_of(sqlite.schema_sql()))
    return f'''\
"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "{number}_{digest}"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "{triggers}"
"""The digest of all triggers in a registry file."""
'''


def exit_codes() -> str:
    """Return the reference page of exit codes."""
    rows = [f"| {code} | {_(meaning)} |" for code, meaning in sorted(EXIT_CODES.items())]
    return "\n".join(
        ["# Exit codes\n", GENERATED_NOTICE + "| code | meaning |", "|---|---|", *rows, ""]
    )


def commands() -> str:
    """Return the reference page of commands: the help of each."""
    lines = ["# Commands\n", GENERATED_NOTICE.strip() + "\n"]
    context = click.Context(cli, info_name="photoreg", max_content_width=100, terminal_width=100)
    lines += ["```text", cli.get_help(context), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is not None:
            lines += _command_pages(name, command, context)
    return "\n".join(lines)


def _command_pages(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    yield f"## {context.command_path}\n"
    # The default of --as is the login name on the machine that generates this page.
    yield from ("```text", command.get_help(context), "```", "")
    if isinstance(command, click.Group):
        for sub_name in sorted(command.commands):
            yield from _command_pages(sub_name, command.commands[sub_name], context)


def rules() -> str:
    """Return the reference page of rules: every reason by family, then the clauses."""
    lines = ["# Rules\n", GENERATED_NOTICE.strip() + "\n"]
    lines.append(
        f"Rules version {RULES_VERSION}. A photo is publishable when no reason is found.\n"
    )
    for family in Family:
        lines.append(f"## {family.capitalize()}\n")
        for reason in (r for r in REASONS.values() if r.family is family):
            asked = ", ".join(filter(None, [" ".join(reason.clauses), reason.law]))
            lines.append(f"**{reason.code}** ({reason.severity}; {asked or 'photoreg'})  ")
            lines.append(f"{reason.title.capitalize()}.")
            if reason.severity is not Severity.NOTICE:
                lines.append(f"*How to fix this:* {reason.remedy}")
                plan = PLANS[reason.code]
                if plan is not None:
                    known = [
                        name for name in plan.known if name != "by" or "GUARDIAN" in reason.code
                    ]
                    step = NextStep(plan.action, {}, (*known, *plan.question))
                    lines.append(f"`{command_line(step)}`")
            lines.append("")
    lines += ["## Clauses of the guideline\n", "| clause | section | asks that |", "|---|---|---|"]
    lines += [f"| {c.id} | {c.section} | {c.asks} |" for c in CLAUSES.values()]
    lines += ["\n## Columns of a decision table\n", "`photoreg rules test` needs these columns:\n"]
    lines.append(", ".join(f"`{column}`" for column in COLUMNS) + ".\n")
    lines.append("These may be left out; an empty cell means that the question does not apply:\n")
    lines.append(", ".join(f"`{column}`" for column in NEWER_COLUMNS) + ".")
    return "\n".join([*lines, ""])


def metadata() -> str:
    """Return the reference page of metadata fields and their tags."""
    lines = ["# Metadata of photo files\n", GENERATED_NOTICE.strip() + "\n"]
    lines.append(
        "Three standards may each hold a value: XMP counts first, then IPTC-IIM, then Exif. "
        "`photoreg metadata show` shows all of them, and where they disagree. "
        f"Values of PLUS are whole addresses that begin with `{PLUS_VOCABULARY}`.\n"
    )
    lines.append("| field | meaning | XMP | IPTC-IIM (bytes at most) | Exif | written |")
    lines.append("|---|---|---|---|---|---|")
    for field in FIELDS.values():
        iim = f"{field.iim} ({field.iim.limit})" if field.iim else ""
        exif = f"{field.exif} {field.exif_name}" if field.exif else ""
        written = "yes" if field.is_written else ""
        xmp = f"`{field.xmp}` ({field.xmp.form})"
        lines.append(f"| {field.name} | {field.title} | {xmp} | {iim} | {exif} | {written} |")
    lines.append("\n## Formats\n")
    lines.append("| format | read | `metadata write` | `export`, `metadata strip` |")
    lines.append("|---|---|---|---|")
    for kind, container in CONTAINERS.items():
        read = ", ".join(container.metadata_places)
        beside = container.rights_go_beside
        written = "a sidecar, or with `--embed` XMP" if beside else "into the file"
        copied = "keeps its image" if container.copied_as is container else "becomes a JPEG"
        lines.append(f"| {kind} | {read} | {written} | {copied} |")
    lines += METADATA_NOTES
    return "\n".join([*lines, ""])


METADATA_NOTES = (
    """
HEIC photos need pi-heif, which every installation has but that on Windows for ARM; their metadata
are read without it. BigTIFF is refused.
How a HEIC or AVIF photo is turned, its own boxes say (irot, imir); its Exif orientation does not
count.

## Writing into a photo's file

`photoreg metadata write` puts the marked fields into the file. The image data, colour profiles,
makers' notes, further images (gain maps), what follows after the image (films of motion photos),
and all other metadata stay as they are, byte for byte; the offsets of further images follow. Of
lists that others write too (licensors, registries, release documents) only our own entry changes.
What cannot be changed so is refused with its cause: two Exif blocks, an Exif block without room
(64 kilobytes), XMP that is not well formed, directories that run in a circle.

The new file is written beside the old one under a hidden name, forced to the disk, read back and
compared with the old one part by part, and only then takes its place, in one step and under a lock.
Permissions, owner, times and extended attributes are kept. A further hard link to the file keeps
the old content. What a killed writer leaves behind is no photo, and the next writer removes it.
Writing twice gives the same bytes. Nobody who is shown is named, nor a guardian, nor anybody's age.
Content credentials (C2PA) become invalid by any change: it is refused without
`--break-credentials`.

HEIC and AVIF photos are not changed. Their rights go into a sidecar: for `IMG_1.HEIC` into
`IMG_1.HEIC.xmp`, or into `IMG_1.xmp` if that is there and the other is not. It is read with the
photo, and what it says counts before the XMP in the photo. With `--embed`, exiftool puts the same
XMP packet into the photo; the coded pictures and every other part are compared before it counts.

Whether programs may be trained with the photo, the policy setting `data_mining` says:
`prohibited` (the default), `only_for_search`, `allowed` or `unspecified` (nothing is written).
Nothing is written either for photos under a Creative Commons licence or in the public domain.

## Copies

A copy is built from an allow-list: image data, colour profile, and fresh Exif, XMP and IPTC that
name the rights. Location, serial numbers, makers' notes, thumbnails, face regions, names, edit
history, further images and films never get in. `metadata strip` keeps the rights that the file
itself names; `export` those of the register. A moving picture is refused; of several pages, the
first is taken, and the output says so.

TIFF, HEIC and AVIF, and everything larger than `--max-size`, are decoded and encoded again:
upright, 8 bits, Lanczos resampling, converted to sRGB by their own profile (CMYK and Lab too,
with black point compensation) with a small sRGB profile; without a profile, colours are taken to
be sRGB. Transparency stays in PNG and WebP and lies on white in JPEG. JPEG quality is 90
(`--quality`),
from 90 on without colour subsampling. The tone curves of HDR pictures are not converted.""",
)
"""Notes that the table of fields cannot express."""


def left_over(names: Container[str]) -> Iterator[Path]:
    """Yield the schemas of views that are no longer there."""
    for path in sorted((ROOT / "schema").glob("*.schema.json")):
        if path.relative_to(ROOT).as_posix() not in names:
            yield path


def main() -> int:
    """Write the files that differ, and remove those left over; with --check only list them."""
    stale, files = [], dict(generated_files())
    for path in left_over(files):
        stale.append(path.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv:
            path.unlink()
    for name, wanted in files.items():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != wanted:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(wanted, "utf-8")
    print("\n".join(stale) or "every generated file is up to date")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
