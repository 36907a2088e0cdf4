"""The input of a rule: the facts, the use and the policy."""

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
    """Facts, use and policy together, with the properties that rules derive from them."""

    facts: PhotoFacts
    use: Use
    policy: Policy

    @cached_property
    def required_channel(self) -> str:
        """What permission and consent must cover (J1): a public page, unless policy differs."""
        use = self.use
        if not use.channel.is_permitted:
            return Channel.PUBLIC_PAGE
        if use.channel is Channel.CLOSED_GROUP:
            own_scope = self.policy.closed_group is ClosedGroup.OWN_SCOPE
            return Channel.CLOSED_GROUP if own_scope else Channel.PUBLIC_PAGE
        return use.channel

    def covers_channel(self, grant: Grant) -> bool:
        """Return whether the grant covers the required channel, which was not withdrawn later."""
        own = {self.use.channel_name or self.use.channel, self.use.channel}
        if grant.excluded & (own | {self.required_channel}):
            return False
        # A grant for one named channel counts for that channel, never for a substitute.
        named = own if self.required_channel == self.use.channel else set()
        return bool(grant.channels & ({self.required_channel} | named))

    def is_withdrawn(self, answer: Answer) -> bool:
        """Return whether this use is still refused, although other channels are granted."""
        if answer.state is not AnswerState.GRANTED:
            return False
        own = {self.use.channel_name or self.use.channel, self.use.channel, self.required_channel}
        if answer.taken_back & own or any(grant.excluded & own for grant in answer.grants):
            return True
        return EVERY_CHANNEL in answer.taken_back and not answer.regained & own

    def may_be_asked(self, answer: Answer) -> bool:
        """Return whether the person may be asked for this use; never again after a refusal."""
        return answer.state not in REFUSALS and not self.is_withdrawn(answer)

    def covers_purpose(self, grant: Grant) -> bool:
        """Return whether the grant covers the purpose."""
        return bool(grant.purposes & {ANY_PURPOSE, self.use.purpose})

    def is_expired(self, grant: Grant) -> bool:
        """Return whether the grant ended before the day of use (inclusive; unknown is ended)."""
        return grant.valid_until is None or grant.valid_until < self.use.day

    def is_too_old(self, grant: Grant) -> bool:
        """Return whether the consent is older than the policy's limit."""
        months = self.policy.max_consent_age_months
        if months is None:
            return False
        return grant.given_on is None or add_months(grant.given_on, months) < self.use.day

    @property
    def is_upload(self) -> bool:
        """Return whether the photo itself is published, not a link, an embedding or a share."""
        return self.use.mode is Mode.UPLOAD

    @cached_property
    def in_public_place(self) -> bool:
        """Return whether it was taken in a public place (T6), or in one that the policy adds."""
        return self.facts.place in PUBLIC_PLACES | self.policy.public_places

    @property
    def in_care(self) -> bool:
        """Return whether it was taken on the premises of a care institution."""
        return self.facts.place in CARE_PLACES

    @property
    def is_general_view(self) -> bool:
        """Return whether it is a general view of a public place (T5)."""
        return self.facts.shot is Shot.GENERAL_VIEW and self.in_public_place

    @cached_property
    def shows_people(self) -> bool:
        """Return whether the publication shows a recognisable person; a bare link does not (T3)."""
        facts = self.facts
        if self.use.mode is Mode.LINK:
            return False
        if facts.people is People.NONE:
            # "Nobody" beside registered persons is a contradiction, and must not make a photo
            # publishable.
            return bool(facts.persons)
        return facts.people is People.RECOGNISABLE or (
            facts.people is People.UNRECOGNISABLE and facts.context_identifies is True
        )

    @cached_property
    def persons(self) -> tuple[PersonFacts, ...]:
        """The registered persons to whom the rules about people apply."""
        return self.facts.persons if self.shows_people else ()

    def is_minor(self, person: PersonFacts) -> bool:
        """Return whether the person is a minor on the day of use, not on the day of taking."""
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
        """Everybody else who is alive, including persons of unknown age."""
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
