"""The clauses of the guideline, by id: section and content, in our words.

The guideline is in Finnish, so a section is cited by its Finnish title in every language.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, the title of its section, and its content (a translatable text)."""

    id: str
    section: str
    asks: str


_RIGHTS = "Tekijänoikeudet ja valokuvien käyttö"
_PUBLICITY = "Toiminnan julkisuus"
_SECRECY = "Salassapitovelvollisuus ja eettiset ohjeet"
_MISUSE = "Väärinkäyttöihin puuttuminen"
_INFORMS = "Kuka voi tiedottaa"
_OPINION = "Henkilökohtaisen mielipiteen ilmaiseminen"

CLAUSES: dict[str, Clause] = {
    c.id: c
    for c in (
        Clause(
            "U1",
            "(alku)",
            "binds the staff of the municipality and its companies, and elected officials",
        ),
        Clause("R1", _INFORMS, "the municipal manager is responsible for general information"),
        Clause(
            "R2", _INFORMS, "heads of sector and managing directors inform about their own sector"
        ),
        Clause("R5", _INFORMS, "every employee may tell about the public part of their own work"),
        Clause(
            "J1", _PUBLICITY, ("what is shared with a restricted group is considered fully public")
        ),
        Clause("J2", _PUBLICITY, "anybody may end up reading what was published"),
        Clause("J3", _PUBLICITY, "what is shared with a group can be copied and passed on"),
        Clause("J4", _PUBLICITY, "a service may change its terms and make closed content public"),
        Clause("P1", _OPINION, "a private profile is the employee's own"),
        Clause(
            "P2", _OPINION, ("everyone is responsible for what they publish in their own profile")
        ),
        Clause("P3", _OPINION, "in a small municipality people are recognised easily"),
        Clause("S3", _SECRECY, "everyone's honour and private life are protected"),
        Clause("S4", _SECRECY, "duties of secrecy and professional ethics apply online too"),
        Clause("S5", _SECRECY, "what is confidential at work is confidential online"),
        Clause("S6", _SECRECY, "the same laws apply as to all the municipality's work"),
        Clause("S7", _SECRECY, "internal and confidential matters do not belong on social media"),
        Clause("I3", "Tietoturva", "no closed work groups on social media services"),
        Clause("I4", "Tietoturva", "risks are followed as a part of daily work"),
        Clause("Y1", "Ylläpito", "every channel has several named administrators"),
        Clause("Y2", "Ylläpito", "administrators answer contacts quickly"),
        Clause("T1", _RIGHTS, "the same copyright rules apply on social media as elsewhere online"),
        Clause("T2", _RIGHTS, "nothing is published or taken into use without permission"),
        Clause("T3", _RIGHTS, "linking, embedding and sharing are legally hard to define"),
        Clause("T4", _RIGHTS, "the photographer owns the copyright and must permit publishing"),
        Clause("T5", _RIGHTS, "a general view of a public place may as a rule be published"),
        Clause(
            "T6", _RIGHTS, "public places: lobbies, shopping centres, streets, parks and the like"
        ),
        Clause("T7", _RIGHTS, "a person's picture is not published without their permission"),
        Clause("T8", _RIGHTS, "a child's picture needs the parents' consent"),
        Clause("T9", _RIGHTS, "unclear situations go to the communications coordinator"),
        Clause("V1", _MISUSE, "everyone is responsible for what they publish"),
        Clause("V2", _MISUSE, "what was shared can be used as evidence"),
        Clause("V3", _MISUSE, "an investigation can reach what was meant for a few"),
        Clause("V4", _MISUSE, "anyone may step in when something is wrong"),
        Clause("V5", _MISUSE, "superiors introduce new employees to the guideline"),
        Clause("V6", _MISUSE, "practices are reviewed from time to time"),
    )
}
