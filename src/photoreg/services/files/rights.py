"""Build the rights information that is written into photo files; it never names who is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from photoreg.errors import InputDataError
from photoreg.imaging.metadata.fields import VALUE_SEPARATOR, Mining, Release
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.registry.facts.builder import RightsHolder, rights_holders
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.photos import consents_by_photo
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    Basis,
    Credit,
    People,
    PersonFacts,
    PhotoFacts,
)
from photoreg.rulebook.policy import DataMining
from photoreg.services.people.ages import hides
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.texts import N_

_MINING = {
    DataMining.PROHIBITED: Mining.PROHIBITED,
    DataMining.ONLY_FOR_SEARCH: Mining.ONLY_FOR_SEARCH,
    DataMining.ALLOWED: Mining.ALLOWED,
    DataMining.UNSPECIFIED: None,
}
_FREE_BASES = frozenset({Basis.LICENCE_CC, Basis.PUBLIC_DOMAIN})


@dataclass(frozen=True, slots=True)
class RightsOptions:
    """Rights information to write in addition to that of the registry.

    `breaks_credentials`: content credentials (C2PA) may become invalid. `embeds`: HEIC and AVIF
    files are changed themselves, with exiftool.
    """

    terms: str = ""
    licence_url: str = ""
    licensor_url: str = ""
    breaks_credentials: bool = False
    embeds: bool = False


def own_rights(
    work: UnitOfWork,
    photos: Sequence[tuple[Photo, PhotoFacts]],
    options: RightsOptions,
    *,
    in_public: bool = False,
) -> list[OwnRights]:
    """Return the rights information of each photo, by a constant number of queries.

    With `in_public`, for a published copy: photographers are named only as they asked to be
    credited, and if no photographer is known, the licensors are named instead.
    """
    organisation = work.session.get_one(RegistryInfo, 1).organisation
    mining = _MINING[current_policy(work.session)[1].data_mining]
    holders = rights_holders(work.session, [photo for photo, _facts in photos])
    limited = [photo for photo, facts in photos if release_of(facts) is Release.LIMITED]
    documents = _release_ids(work, limited) if limited else {}
    result = []
    for photo, facts in photos:
        if not in_public:
            _note_names(work, holders[id_of(photo)])
        own = _own_rights(photo, facts, holders[id_of(photo)], organisation, in_public=in_public)
        can_reserve = facts.basis not in _FREE_BASES
        result.append(
            replace(
                own,
                terms=options.terms,
                licence_url=web_address(options.licence_url) if options.licence_url else "",
                licensor_url=web_address(options.licensor_url) if options.licensor_url else "",
                release_ids=documents.get(id_of(photo), ()),
                data_mining=mining if can_reserve else None,
            )
        )
    return result


def _note_names(work: UnitOfWork, holders: Iterable[RightsHolder]) -> None:
    """Note that names of the registry are shown, except the public ones in a published copy."""
    for holder in holders:
        if holder.person_id and not hides(work, holder.person_id):
            work.looks.note_name(holder.person_id)


def _own_rights(
    photo: Photo,
    facts: PhotoFacts,
    holders: Sequence[RightsHolder],
    organisation: str,
    *,
    in_public: bool,
) -> OwnRights:
    people = [h for h in holders if h.person_id]
    taken_by = [_public_name(h, photo) for h in holders] if in_public else [h.name for h in people]
    names = [_public_name(h, photo) if in_public and h.person_id else h.name for h in holders]
    owners = {Basis.TRANSFERRED: [organisation], Basis.PUBLIC_DOMAIN: []}
    owned = _joined(owners.get(facts.basis, names) if facts.basis else names)
    licensors = [h.name for h in holders if not h.person_id]
    credit = photo.credit or _joined(h.credit or h.name for h in holders)
    return OwnRights(
        organisation=organisation,
        registry_id=human_id(Kind.PHOTO, photo.id),
        photographers=tuple(dict.fromkeys(filter(None, taken_by))),
        copyright=f"© {owned}" if owned else "",
        credit="" if facts.credit is Credit.WAIVED else credit,
        licensor=organisation if facts.basis is Basis.TRANSFERRED else _joined(licensors),
        release=release_of(facts),
    )


def _joined(names: Iterable[str]) -> str:
    return VALUE_SEPARATOR.join(dict.fromkeys(filter(None, names)))


def _public_name(holder: RightsHolder, photo: Photo) -> str:
    """Return the public name of a rights holder: the name, unless the credit line omits it."""
    credit = photo.credit or holder.credit
    return holder.name if not credit or (holder.name and holder.name in credit) else credit


def _release_ids(work: UnitOfWork, photos: Sequence[Photo]) -> dict[int, tuple[str, ...]]:
    """Return the ids of the granted consents for each photo."""
    return {
        number: tuple(
            human_id(Kind.CONSENT, last.record.id)
            for last in events
            if last.event.kind in GRANTING_KINDS
        )
        for number, events in consents_by_photo(work.session, photos).items()
    }


def release_of(facts: PhotoFacts) -> Release | None:
    """Return the release status of the whole photo: the weakest among the depicted persons.

    Never unlimited, because consents are limited to channels. None while the number of
    recognisable people is unknown.
    """
    if facts.people is People.NONE:
        return Release.NOT_APPLICABLE
    if facts.people is not People.RECOGNISABLE or facts.recognisable_count is None:
        return None
    everyone_named = facts.recognisable_count <= len(facts.persons)
    if everyone_named and facts.persons and all(map(_has_granted, facts.persons)):
        return Release.LIMITED
    return Release.NONE


def _has_granted(person: PersonFacts) -> bool:
    answers = (person.own, *(guardian.answer for guardian in person.guardians))
    return any(answer.grants and not answer.refusals for answer in answers)


def web_address(text: str) -> str:
    """Return a web address without surrounding blanks; InputDataError for anything else."""
    written = text.strip()
    try:
        parts = urlsplit(written)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or any(letter.isspace() or not letter.isprintable() for letter in written):
        raise InputDataError(
            N_("{url} is not an address on the web"),
            N_("Copy it from the browser: it begins with https://."),
            url=written,
        )
    return written
