"""Today's verdicts on the photos and uses of cases."""

from collections import defaultdict
from collections.abc import Iterable

from photoreg.registry.facts.photo_selection import AT_A_TIME
from photoreg.registry.ids import id_of
from photoreg.registry.queries.cases import Filed
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_photos
from photoreg.services.unit_of_work import Desk


def verdicts_on_cases(desk: Desk, cases: Iterable[Filed]) -> dict[int, Checked]:
    """Return what the rules say today about the photo and use of each case, by case id."""
    groups: dict[tuple[int, Mode, Purpose], list[Filed]] = defaultdict(list)
    for filed in cases:
        groups[id_of(filed.channel), filed.case.mode, filed.case.purpose].append(filed)
    now: dict[int, Checked] = {}
    for (_, mode, purpose), group in groups.items():
        channel = group[0].channel
        asked = AskedUse(channel.name, purpose, mode)
        photos = list({id_of(filed.photo): filed.photo for filed in group}.values())
        checked = {
            c.photo_id: c
            for start in range(0, len(photos), AT_A_TIME)
            for c in check_photos(desk, photos[start : start + AT_A_TIME], channel, asked)
        }
        now.update({id_of(filed.case): checked[id_of(filed.photo)] for filed in group})
    return now
