"""Evaluate the photos and uses of cases as of today."""

from collections import defaultdict
from collections.abc import Iterable

from photoreg.registry.facts.photo_selection import VALUES_PER_QUERY
from photoreg.registry.ids import id_of
from photoreg.registry.queries.cases import CaseDetails
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_photos
from photoreg.services.unit_of_work import UnitOfWork


def case_verdicts(work: UnitOfWork, cases: Iterable[CaseDetails]) -> dict[int, Checked]:
    """Return today's verdict on the photo and use of each case, by case number."""
    groups: dict[tuple[int, Mode, Purpose], list[CaseDetails]] = defaultdict(list)
    for details in cases:
        groups[id_of(details.channel), details.case.mode, details.case.purpose].append(details)
    result: dict[int, Checked] = {}
    for (_, mode, purpose), group in groups.items():
        channel = group[0].channel
        asked = AskedUse(channel.name, purpose, mode)
        photos = list({id_of(details.photo): details.photo for details in group}.values())
        checked = {
            c.photo_id: c
            for start in range(0, len(photos), VALUES_PER_QUERY)
            for c in check_photos(work, photos[start : start + VALUES_PER_QUERY], channel, asked)
        }
        result.update({id_of(details.case): checked[id_of(details.photo)] for details in group})
    return result
