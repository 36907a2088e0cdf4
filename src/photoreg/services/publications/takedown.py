"""Find publications that are no longer allowed, and open take-down tasks for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from photoreg.registry.facts.photo_selection import PhotoSelection, selection_batches, value_batches
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.cases import cases_in_force
from photoreg.registry.queries.publications import (
    PublicationRecord,
    channel_admins,
    last_logged_codes,
    live_publications,
    print_candidates,
    published_selection,
)
from photoreg.registry.queries.verdict_cache import VerdictBasis
from photoreg.registry.rows import add_all
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.publications import TakeDown
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator
from photoreg.services.decisions.case_verdicts import case_verdicts
from photoreg.services.unit_of_work import (
    AffectedPublication,
    UnitOfWork,
    VoidedCase,
    current_policy,
)

Place = tuple[int, int]
"""The numbers of a publication and of a photo in it."""


def open_take_downs(work: UnitOfWork, photo_ids: Iterable[int]) -> None:
    """Open a task for each publication of these photos that is no longer allowed today.

    New ones are added to `work.reacted`. No photo of a publication gets a second open task. Print
    cannot be recalled: such a publication is logged, once for the same reasons.
    """
    for batch in selection_batches(photo_ids):
        found = list(disallowed_publications(work, batch, new=True))
        tasks = _open_tasks(work, [disallowed for disallowed in found if disallowed.needs_task])
        logged = _log_print(
            work, [disallowed for disallowed in found if not disallowed.is_recallable]
        )
        work.reacted.publications += [
            as_affected(disallowed, tasks.get(disallowed.place))
            for disallowed in found
            if disallowed.place in {*tasks, *logged}
        ]


def _open_tasks(
    work: UnitOfWork, violations: Sequence["DisallowedPublication"]
) -> dict[Place, int]:
    """Open a task for each of these photos; return the task numbers by publication and photo."""
    if not violations:
        return {}
    _, policy = current_policy(work.session)
    admins = channel_admins(work.session)
    tasks = [
        TakeDown(
            publication_id=disallowed.publication.id,
            photo_id=disallowed.publication.photo_id,
            codes=";".join(disallowed.codes),
            owner_id=_owner(disallowed.publication, admins),
            opened_at=work.now,
            due_at=work.now + timedelta(hours=policy.response_target_hours),
        )
        for disallowed in violations
    ]
    add_all(work.session, tasks)
    work.log_all(
        Action.TAKE_DOWN_OPENED,
        Kind.TAKE_DOWN,
        [
            (
                task.id,
                {
                    "publication": disallowed.publication.id,
                    "photo": disallowed.publication.photo_id,
                    "codes": disallowed.codes,
                },
            )
            for task, disallowed in zip(tasks, violations, strict=True)
        ],
    )
    return {(task.publication_id, task.photo_id): id_of(task) for task in tasks}


def _log_print(work: UnitOfWork, printed: Sequence["DisallowedPublication"]) -> set[Place]:
    """Log printed violations, unless the same reasons were logged last; return the new ones."""
    if not printed:
        return set()
    before = last_logged_codes(work.session, [disallowed.publication.id for disallowed in printed])
    new = [
        disallowed
        for disallowed in printed
        if disallowed.place not in before or set(disallowed.codes) - before[disallowed.place]
    ]
    work.log_all(
        Action.PUBLICATION_NOT_RECALLABLE,
        Kind.PUBLICATION,
        [(w.publication.id, {"photo": w.publication.photo_id, "codes": w.codes}) for w in new],
    )
    return {disallowed.place for disallowed in new}


def _owner(publication: PublicationRecord, admins: Mapping[int, Sequence[int]]) -> int | None:
    """Return the task's owner: the administrator who recorded it, else the channel's first one."""
    candidates = admins.get(publication.channel_id, ())
    if publication.recorded_by in candidates:
        return publication.recorded_by
    return next(iter(candidates), None)


def count_disallowed_print(work: UnitOfWork) -> int:
    """Return the number of photos in print that are no longer allowed there."""
    selection = PhotoSelection(print_candidates(work.session, current_basis(work)))
    return sum(
        not disallowed.is_recallable for disallowed in disallowed_publications(work, selection)
    )


def current_basis(work: UnitOfWork, on: date | None = None) -> VerdictBasis:
    """Return the basis a cached verdict must have to be valid, by default for today."""
    return VerdictBasis(on or work.today, current_policy(work.session)[0])


def all_disallowed(work: UnitOfWork, on: date | None = None) -> Iterator[AffectedPublication]:
    """Yield every publication that is not allowed on a day. Changes nothing."""
    for disallowed in disallowed_publications(work, published_selection(), on):
        yield as_affected(disallowed, disallowed.publication.task_id)


def void_cases(work: UnitOfWork, photo_ids: Iterable[int]) -> None:
    """Void the cases of these photos whose facts have changed (rulebook §7.4).

    This is recorded, so that a ruling does not apply again when a fact changes back.
    """
    for batch in value_batches(photo_ids):
        cases = cases_in_force(work.session, batch)
        verdicts = case_verdicts(work, cases)
        for details in cases:
            now = verdicts[id_of(details.case)]
            if details.case.facts_digest != now.digest:
                details.case.voided_at = work.now
                work.reacted.cases.append(
                    VoidedCase(
                        human_id(Kind.CASE, details.case.number),
                        human_id(Kind.PHOTO, details.photo.id),
                        details.channel.name,
                        details.case.purpose,
                        details.case.mode,
                        is_settled=now.verdict.outcome is Outcome.PUBLISHABLE,
                    )
                )
    work.session.flush()


@dataclass(frozen=True, slots=True)
class DisallowedPublication:
    """A photo in a publication that is no longer allowed; lists may show `codes`, the reasons."""

    publication: PublicationRecord
    channel: ChannelRow
    codes: tuple[str, ...]

    @property
    def place(self) -> Place:
        """The numbers of the publication and of the photo in it."""
        return self.publication.id, self.publication.photo_id

    @property
    def is_recallable(self) -> bool:
        """Can it be taken down at all?"""
        return self.channel.kind.is_recallable

    @property
    def needs_task(self) -> bool:
        """Can it be taken down, and is there no task for that yet?"""
        return self.is_recallable and self.publication.task_id is None


def disallowed_publications(
    work: UnitOfWork,
    selection: PhotoSelection,
    on: date | None = None,
    policy: Policy | None = None,
    *,
    new: bool = False,
) -> Iterator[DisallowedPublication]:
    """Yield the publications of these photos that are not allowed, in order of photo.

    Each is evaluated for the channel, mode and purpose of its decision, under the policy in force
    or `policy`. With `new`, publications that have a take-down task are skipped if the selection is
    small. In a selection that is not small, every photo must have a publication.
    """
    published = live_publications(work.session, selection)
    if selection.is_small:
        found = [publication for publication in published if not (new and publication.task_id)]
        published = iter(found)
        if not found:
            return
        selection = PhotoSelection(publication.photo_id for publication in found)
    evaluator = BulkEvaluator.for_selection(work, selection, on)
    evaluator = evaluator.with_policy(policy) if policy else evaluator
    channels = {id_of(channel): channel for channel in evaluator.channels}
    by_photo = groupby(published, lambda publication: publication.photo_id)
    for streamed, (_photo, group) in zip(evaluator.photos(), by_photo, strict=True):
        for publication in group:
            channel = channels[publication.channel_id]
            photo_verdict = evaluator.evaluate(
                streamed, channel, publication.mode, publication.purpose
            )
            if not photo_verdict.is_allowed:
                yield DisallowedPublication(
                    publication, channel, photo_verdict.class_verdict.verdict.listed_codes
                )


def as_affected(disallowed: DisallowedPublication, task_id: int | None) -> AffectedPublication:
    """Return a publication that is no longer allowed as it is reported to users."""
    return AffectedPublication(
        publication=human_id(Kind.PUBLICATION, disallowed.publication.id),
        photo=human_id(Kind.PHOTO, disallowed.publication.photo_id),
        channel=disallowed.channel.name,
        address=disallowed.publication.address,
        codes=disallowed.codes,
        recallable=disallowed.is_recallable,
        task=human_id(Kind.TAKE_DOWN, task_id) if task_id else None,
    )
