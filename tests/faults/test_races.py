"""Many work at once: no change is lost, no number given twice, and no approval outlives a no."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from tests.faults.killing import ROUNDS
from tests.faults.racing import BarrierWait, retry_while_in_use, run_concurrently
from tests.imaging.builders import full_jpeg, with_unused_table
from tests.logged import logged
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    unlike_any_other,
    withdraw_consent,
)

from photoreg.errors import NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import LogEntry
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.registry.lookup import find_photos
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions import approval, checks
from photoreg.services.organisation import policy, staff
from photoreg.services.photos import registration
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import publishing

pytestmark = pytest.mark.engines("sqlite", "postgresql")

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OFFICES = 4
TURNS = ROUNDS // 5 or 3
RACES = ROUNDS or 8


ComeIn = Callable[[], Application]


@pytest.fixture
def come_in(registry_location: Path | str, evidence_folder: Path) -> ComeIn:
    """Open the registry anew, as each process must for itself; a photographer is in it."""
    registry = Registry.open(registry_location)
    add_photographer(Application(registry, "kaisa", lambda: NOW))
    registry.close()
    return lambda: Application(
        Registry.open(registry_location, evidence_folder), "kaisa", lambda: NOW
    )


def test_many_at_once_lose_nothing_and_no_number_is_given_twice(
    come_in: ComeIn, tmp_path: Path
) -> None:
    def context(number: int) -> Callable[[BarrierWait], list[str]]:
        def works(meet: BarrierWait) -> list[str]:
            application, done = come_in(), []
            for turn in range(TURNS):
                name = f"{number}-{turn}"
                file = tmp_path / f"{name}.jpg"
                file.write_bytes(with_unused_table(full_jpeg(), name))
                meet()
                done += retry_while_in_use(partial(registered, application, file))
                person = retry_while_in_use(
                    partial(create_person, application, unlike_any_other(name))
                )
                retry_while_in_use(partial(record_consent, application, person))
                retry_while_in_use(partial(approval.approve, application, [done[-1]], PAGE_USE))
                changes = {"controller_contact": name}  # another one each time
                adopted = retry_while_in_use(partial(policy.set_policy, application, changes))
                done += [person, f"V-{adopted.version}"]
            application.registry.close()
            return done

        return works

    answers = run_concurrently([context(number) for number in range(OFFICES)])
    given = [one for answer in answers for one in answer]
    assert len(set(given)) == len(given) == OFFICES * TURNS * 3
    application = come_in()
    with application.reading() as work:
        assert first_broken_entry(work.session) is None
        subjects = [entry.subject for entry in logged(work.session)]
        photos = [one for one in given if one.startswith("P-")]
        assert len(find_photos(work.session, photos)) == OFFICES * TURNS
        persons = [int(one[2:]) for one in given if one.startswith("H-")]
        assert len(persons_of(work.session, persons)) == OFFICES * TURNS
    assert set(given) <= set(subjects)
    assert policy.show_policy(application)[0] == OFFICES * TURNS + 1
    application.registry.close()


def registered(application: Application, file: Path) -> list[str]:
    """Register one photo and return its id, unless it was registered already."""
    return [
        human_id(Kind.PHOTO, photo.photo_id)
        for photo in registration.register_files(application, [file], EMPTY_STREET)
        if isinstance(photo, RegisteredPhoto) and photo.is_new
    ]


def test_the_same_photo_and_the_same_login_are_taken_in_once(
    come_in: ComeIn, tmp_path: Path
) -> None:
    file = tmp_path / "one.jpg"
    file.write_bytes(full_jpeg())

    def works(meet: BarrierWait) -> list[str]:
        application = come_in()
        meet()
        done = retry_while_in_use(partial(registered, application, file))
        try:
            hire = partial(staff.add_staff, login="uusi", name="U", role=StaffRole.EMPLOYEE)
            retry_while_in_use(partial(hire, application))
            done.append("uusi")
        except NotAllowed:
            pass
        application.registry.close()
        return done

    answers = run_concurrently([works] * OFFICES)
    assert sorted(one for answer in answers for one in answer) == ["P-1", "uusi"]


def test_whatever_the_order_no_approval_is_in_force_after_a_withdrawal(
    come_in: ComeIn, tmp_path: Path
) -> None:
    application = come_in()
    pairs = []
    for number in range(RACES):
        photo = register_photo(application, tmp_path, MARKET, name=f"{number}.jpg")
        person = create_person(application, f"Elle {number}")
        tag_person(application, photo, person)
        record_consent(application, person)
        pairs.append((photo, person))
    application.registry.close()

    def approves(meet: BarrierWait) -> list[str]:
        context, published = come_in(), []
        for turn, (photo, _person) in enumerate(pairs):
            meet()
            if turn % 2:  # otherwise publishing itself races with the withdrawal
                retry_while_in_use(partial(approval.approve, context, [photo], PAGE_USE))
            address = f"https://kunta.example/{photo}"
            publish = partial(
                publishing.add_publication, context, [photo], PAGE_USE, address=address
            )
            if retry_while_in_use(publish).publication:
                published.append(photo)
        context.registry.close()
        return published

    def withdraws(meet: BarrierWait) -> list[str]:
        context = come_in()
        for _photo, person in pairs:
            meet()
            retry_while_in_use(partial(withdraw_consent, context, person))
        context.registry.close()
        return []

    published, _none = run_concurrently([approves, withdraws])
    application = come_in()
    checked = checks.check(application, [photo for photo, _person in pairs], PAGE_USE)
    assert {one.outcome for one in checked} == {Outcome.REFUSED}
    tasks = {row.photo for row in list_all(publishing.list_publications(application)) if row.task}
    assert tasks == set(published)
    with application.reading() as work:
        assert first_broken_entry(work.session) is None
        assert not allowed_after_the_no(logged(work.session), pairs)
    application.registry.close()
    print(f"\n{RACES} approvals against withdrawals: {len(published)} were published first")  # noqa: T201


def allowed_after_the_no(
    entries: Iterable[LogEntry], pairs: list[tuple[str, str]]
) -> list[LogEntry]:
    """Return the approvals and publications that the log holds after the withdrawal."""
    shows = {person: photo for photo, person in pairs}
    withdrawn: set[str] = set()
    wrong = []
    for entry in entries:
        details = json.loads(entry.details)
        if entry.action == "consent.withdrawn":
            withdrawn.add(shows[details["person"]])
        about = {"photo.approved": [entry.subject], "publication.added": details.get("photo")}
        if withdrawn.intersection(about.get(entry.action) or ()):
            wrong.append(entry)
    assert withdrawn == set(shows.values())
    return wrong
