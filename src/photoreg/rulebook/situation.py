"""The input of a rule: the facts, the use and the policy."""

from dataclasses import dataclass, replace
from functools import cached_property

from photoreg.rulebook.facts import (
    CARE_PLACES,
    PUBLIC_PLACES,
    AgeGroup,
    Answer,
    Channel,
    ChannelFacts,
    DigitalSource,
    GuardianAnswer,
    Mode,
    People,
    PersonFacts,
    PhotoFacts,
    Shot,
    Use,
)
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.rulebook.weighing import (
    Question,
    Weighed,
    least_lacking,
    weigh,
    weigh_refusals_by_name,
)


@dataclass(frozen=True)
class Situation:
    """Facts, use and policy together, with the properties that rules derive from them."""

    facts: PhotoFacts
    use: Use
    policy: Policy

    def weigh(self, answer: Answer, *, is_permission: bool = False) -> Weighed:
        """Weigh what one person has said for this use; several rules ask about one answer."""
        # By identity, which the answer kept beside it makes safe: comparing answers costs more.
        known = self._weighed.get((id(answer), is_permission))
        if known is None:
            known = answer, self._weigh(answer, is_permission=is_permission)
            self._weighed[id(answer), is_permission] = known
        return known[1]

    @cached_property
    def deciding(self) -> dict[int, list[Answer]]:
        """The answers that decide for a person, by identity (`people.deciding_answers`)."""
        return {}

    @cached_property
    def _weighed(self) -> dict[tuple[int, bool], tuple[Answer, Weighed]]:
        return {}

    def _weigh(self, answer: Answer, *, is_permission: bool) -> Weighed:
        question = self._question(is_permission=is_permission)
        if not counts_as_public(self.use, self.policy):
            return weigh(answer, question)
        refused = weigh_refusals_by_name(answer, question)
        pages = self._weigh_pages(answer, question)
        return refused or least_lacking((weighed for _, weighed in pages), question)

    def _question(self, *, is_permission: bool) -> Question:
        return Question(
            asked_channel(self.use),
            self.use.purpose,
            self.use.day,
            self.policy.yes_by,
            None if is_permission else self.policy.max_consent_age_months,
            is_permission,
        )

    def _weigh_pages(
        self, answer: Answer, question: Question
    ) -> list[tuple[ChannelFacts, Weighed]]:
        pages = required_channels(self.use, self.policy)
        return [(page, weigh(answer, replace(question, channel=page))) for page in pages]

    def channel_to_ask(self, answer: Answer, *, is_permission: bool = False) -> ChannelFacts:
        """Return the channel of which one person's yes would help.

        For a closed group that counts as public it is the page that lacks least, so that no other
        page's refusal is lifted; a refusal that names the group is lifted for the group alone.
        """
        question = self._question(is_permission=is_permission)
        is_public = counts_as_public(self.use, self.policy)
        if not is_public or weigh_refusals_by_name(answer, question):
            return question.channel
        pages = self._weigh_pages(answer, question)
        least = least_lacking((weighed for _, weighed in pages), question)
        return next(page for page, weighed in pages if weighed is least)

    @property
    def is_upload(self) -> bool:
        """Return whether the photo itself is published, not a link, an embedding or a share."""
        return self.use.mode is Mode.UPLOAD

    @property
    def is_generated(self) -> bool:
        """Return whether an algorithm made the whole picture, which then has no photographer."""
        return self.facts.digital_source is DigitalSource.AI_GENERATED

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

    def guardians_of(self, child: PersonFacts) -> tuple[GuardianAnswer, ...]:
        """Return who signs for a child on the day of use; a deceased child's on that of death.

        Only what each has said in the same guardianship counts.
        """
        day = self.use.day if child.died_on is None else min(child.died_on, self.use.day)
        return tuple(each.as_guardian() for each in child.guardians if each.is_in_force(day))

    def deciding_guardians(self, child: PersonFacts) -> tuple[GuardianAnswer, ...]:
        """Return the verified guardians, or the body that decides in their place."""
        verified = tuple(each for each in self.guardians_of(child) if each.verified)
        return tuple(each for each in verified if each.decides_alone) or verified

    def died_as_minor(self, person: PersonFacts) -> bool:
        """Return whether the person is known to have been a minor on the day of death."""
        age = person.age_on(person.died_on) if person.died_on else None
        if age is None:
            return person.deceased and person.age_group is AgeGroup.MINOR
        return person.deceased and age < self.policy.child_age

    @cached_property
    def minors(self) -> tuple[PersonFacts, ...]:
        """The minors among the persons."""
        return tuple(p for p in self.persons if self.is_minor(p))

    @cached_property
    def adults(self) -> tuple[PersonFacts, ...]:
        """Everybody else who is alive, including persons of unknown age."""
        return tuple(p for p in self.persons if not p.deceased and not self.is_minor(p))


def asked_channel(use: Use) -> ChannelFacts:
    """Return the channel of the use itself."""
    return ChannelFacts(use.channel, use.channel_name, use.is_own, use.since)


def counts_as_public(use: Use, policy: Policy) -> bool:
    """Return whether the municipality's closed group is treated as a public page (J1)."""
    if use.channel is Channel.CLOSED_WORK_GROUP:
        return True
    as_public = policy.closed_group is ClosedGroup.AS_PUBLIC
    return use.channel is Channel.CLOSED_GROUP and use.is_own and as_public


def required_channels(use: Use, policy: Policy) -> tuple[ChannelFacts, ...]:
    """Return the channels of which one must be covered: the use's own, or a public page (J1)."""
    if counts_as_public(use, policy):
        return use.pages or (ChannelFacts(Channel.PUBLIC_PAGE),)
    return (asked_channel(use),)
