"""What a rule looks at: the facts, the use and the policy."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    CARE_PLACES,
    EVERY_CHANNEL,
    PUBLIC_PLACES,
    REFUSALS,
    AgeGroup,
    Answer,
    AnswerState,
    Channel,
    Grant,
    Mode,
    People,
    PersonFacts,
    PhotoFacts,
    Shot,
    Use,
)
from photoreg.rulebook.policy import ClosedGroup, Policy


@dataclass(frozen=True)
class Situation:
    """Facts, use and policy together, with what every family of rules derives from them."""

    facts: PhotoFacts
    use: Use
    policy: Policy

    @cached_property
    def required_channel(self) -> str:
        """What permission and consent must cover (J1): public, unless policy says otherwise."""
        use = self.use
        if use.channel is Channel.CLOSED_WORK_GROUP:
            return Channel.PUBLIC_PAGE
        if use.channel is Channel.CLOSED_GROUP:
            own_scope = self.policy.closed_group is ClosedGroup.OWN_SCOPE
            return Channel.CLOSED_GROUP if own_scope else Channel.PUBLIC_PAGE
        return use.channel

    def covers_channel(self, grant: Grant) -> bool:
        """Does the grant reach the channel that is needed, and was that channel not taken back?"""
        own = {self.use.channel_name or self.use.channel, self.use.channel}
        if grant.excluded & (own | {self.required_channel}):
            return False
        # A grant for one named channel counts for that channel, never for what stands in its place.
        named = own if self.required_channel == self.use.channel else set()
        return bool(grant.channels & ({self.required_channel} | named))

    def is_withdrawn(self, answer: Answer) -> bool:
        """Is this use still refused, though a yes stands for other channels?"""
        if answer.state is not AnswerState.GRANTED:
            return False
        own = {self.use.channel_name or self.use.channel, self.use.channel, self.required_channel}
        if answer.taken_back & own or any(grant.excluded & own for grant in answer.grants):
            return True
        return EVERY_CHANNEL in answer.taken_back and not answer.regained & own

    def may_be_asked(self, answer: Answer) -> bool:
        """May somebody who answered so be asked for this use? Nobody is asked again after a no."""
        return answer.state not in REFUSALS and not self.is_withdrawn(answer)

    def covers_purpose(self, grant: Grant) -> bool:
        """Does the grant reach the purpose?"""
        return bool(grant.purposes & {ANY_PURPOSE, self.use.purpose})

    def is_expired(self, grant: Grant) -> bool:
        """Did the grant end before the day of use? The last day counts; unknown is ended."""
        return grant.valid_until is None or grant.valid_until < self.use.day

    def is_too_old(self, grant: Grant) -> bool:
        """Is the consent older than the policy lets a consent grow?"""
        months = self.policy.max_consent_age_months
        if months is None:
            return False
        return grant.given_on is None or add_months(grant.given_on, months) < self.use.day

    @property
    def is_upload(self) -> bool:
        """Is the picture itself published, as opposed to a link, an embedding or a share?"""
        return self.use.mode is Mode.UPLOAD

    @cached_property
    def in_public_place(self) -> bool:
        """Was it taken in a public place (T6), or in one that the coordinator added?"""
        return self.facts.place in PUBLIC_PLACES | self.policy.public_places

    @property
    def in_care(self) -> bool:
        """Was it taken on the premises of a care institution?"""
        return self.facts.place in CARE_PLACES

    @property
    def is_general_view(self) -> bool:
        """Is it a general view of a public place (T5)?"""
        return self.facts.shot is Shot.GENERAL_VIEW and self.in_public_place

    @cached_property
    def shows_people(self) -> bool:
        """Can somebody be recognised in what is published? A bare link shows nothing (T3)."""
        facts = self.facts
        if self.use.mode is Mode.LINK:
            return False
        if facts.people is People.NONE:
            # "Nobody" beside registered persons is a contradiction, and it must not open the gate.
            return bool(facts.persons)
        return facts.people is People.RECOGNISABLE or (
            facts.people is People.UNRECOGNISABLE and facts.context_identifies is True
        )

    @cached_property
    def persons(self) -> tuple[PersonFacts, ...]:
        """The registered persons whom the rules about people concern."""
        return self.facts.persons if self.shows_people else ()

    def is_minor(self, person: PersonFacts) -> bool:
        """Is the person a minor on the day of use? The day decides, not the day of taking."""
        age = person.age_on(self.use.day)
        if age is None:
            return person.age_group is AgeGroup.MINOR and not person.deceased
        return age < self.policy.child_age and not person.deceased

    @cached_property
    def minors(self) -> tuple[PersonFacts, ...]:
        """The minors among the persons."""
        return tuple(p for p in self.persons if self.is_minor(p))

    @cached_property
    def adults(self) -> tuple[PersonFacts, ...]:
        """Everybody else who is alive, persons of unknown age included."""
        return tuple(p for p in self.persons if not p.deceased and not self.is_minor(p))


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
