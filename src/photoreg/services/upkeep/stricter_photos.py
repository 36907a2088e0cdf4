"""Stop the photos that a replaced registry judges more strictly than its backup would.

An answer, such as that somebody is a client of care, a person who was named since, or any other
fact that the backup lacks may be why a photo is refused. What the replaced registry forbids stays
forbidden until a coordinator has looked at it.
"""

from collections.abc import Iterator
from itertools import product

from photoreg.registry.engines.database import Session
from photoreg.registry.facts.photo_selection import PhotoSelection, value_batches
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.lost_stops import photos_meant
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.photos import photo_ids
from photoreg.registry.queries.stops import active_flags
from photoreg.registry.tables.photos import FlagCause
from photoreg.rulebook.contradictions import EVIDENCE_DAMAGED
from photoreg.rulebook.facts import Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, PhotoVerdict
from photoreg.services.flagging import FlagReason, raise_flags
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.services.upkeep.carried_stops import CarriedStop, StopKind

_BY_LENIENCY = (Outcome.REFUSED, Outcome.UNCLEAR, Outcome.PUBLISHABLE)


def flag_stricter(old: Session, work: UnitOfWork) -> list[CarriedStop]:
    """Flag the photos that `old` judges more strictly; call it when stops were carried over."""
    work.session.flush()
    found = dict(_judged_stricter(old, work))
    raise_flags(work, dict.fromkeys(found, FlagReason(FlagCause.CARRIED_OVER)))
    return [_carried(work, new, was) for new, was in found.items()]


def _carried(work: UnitOfWork, new: int, was: int) -> CarriedStop:
    replaced = human_id(Kind.PHOTO, was)
    stop = StopKind.PHOTO
    work.log(Action.STOP_CARRIED, Kind.PHOTO, new, stop=stop, replaced=replaced, photo=None)
    return CarriedStop(stop, replaced, human_id(Kind.PHOTO, new))


def _judged_stricter(old: Session, work: UnitOfWork) -> Iterator[tuple[int, int]]:
    """Yield photos by their number here and in `old`, but for those that are flagged anyway."""
    for numbers in value_batches(photo_ids(old)):
        meant = photos_meant(old, work.session, numbers)
        flagged = active_flags(work.session, meant.values())
        open_photos = {was: new for was, new in meant.items() if new not in flagged}
        comparison = _Comparison(old, work, open_photos)
        for was, new in open_photos.items():
            if comparison.is_stricter(was, new):
                yield new, was


class _Comparison:
    """The verdicts of both registries on the same photos, for every active channel and purpose.

    Today, with the settings and channels of the replaced registry: only what is known of the photos
    makes a difference.
    """

    def __init__(self, old: Session, work: UnitOfWork, photos: dict[int, int]) -> None:
        channels = all_channels(old)
        policy = current_policy(old)
        self._uses = list(product([c for c in channels if c.active], Purpose))
        self._before, self._after = (
            BulkEvaluator.for_session(session, PhotoSelection(some), work.today, policy, channels)
            for session, some in ((old, photos.keys()), (work.session, photos.values()))
        )
        self._there, self._here = (
            {each.rows.id: each for each in evaluator.photos()}
            for evaluator in (self._before, self._after)
        )

    def is_stricter(self, was: int, new: int) -> bool:
        """Return whether the replaced registry judges a photo more strictly for some use."""
        there, here = self._there[was], self._here[new]
        return any(
            _is_stricter(
                self._before.evaluate(there, channel, purpose=purpose),
                self._after.evaluate(here, channel, purpose=purpose),
            )
            for channel, purpose in self._uses
        )


def _is_stricter(before: PhotoVerdict, after: PhotoVerdict) -> bool:
    """Compare verdicts; that a document was damaged, which a backup may mend, is no reason."""
    reasons = {*before.class_verdict.verdict.codes} - {*after.class_verdict.verdict.codes}
    is_more_lenient = _BY_LENIENCY.index(after.outcome) > _BY_LENIENCY.index(before.outcome)
    return is_more_lenient and reasons != {EVIDENCE_DAMAGED.code}
