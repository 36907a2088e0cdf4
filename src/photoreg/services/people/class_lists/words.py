"""The words of headings in class lists: Finnish, Swedish, Northern Sámi, English.

As Primus, Wilma, eVaka, Varda and Kuksa write them, and as people do who make a table by hand.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from photoreg.services.people.class_lists.columns import ColumnMeaning


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GUARDIAN_WORDS = _words(
    "huoltaja huoltajan huoltajat huoltajien huolt päämies päämiehen vanhempi vanhemman vanhemmat "
    "vanh vh sijaishuoltaja sijaisvanhempi sijaishuoltajan sijaisvanhemman "
    "guardian guardian's guardians parent parent's parents carer carer's "
    "vårdnadshavare vårdnadshavarens vårdnadshavaren målsman målsmans målsmän förälder "
    "förälderns föräldrar fuolaheaddji fuolaheaddjit fuolaheaddjiid váhnen váhnema váhnemat"
)
_FOSTER_CARER = re.compile(
    r"\bsijais(?:huoltaj|vanhem|äiti|äidi|isä)|\bfoster\w*|\bfamiljehems|\bställföreträ"
)
"""Words for who looks after a child, or stands in for somebody: they need be no guardian."""

MOTHER_WORDS = _words(
    "äiti äidin äitin mor mamma moder moderns mors mother mother's mum mum's mom mom's eadni "
    "eatni eadnái"
)
FATHER_WORDS = _words(
    "isä isän far pappa fader faderns fars father father's dad dad's áhčči áhči ahčči"
)
_NAME_PUPIL_WORDS = _words(
    "oppilas oppilaat lapsi opiskelija osallistuja pupil student child elev barn oahppi mánná"
)
"""Words that alone head the column of names."""

_PUPIL_WORDS = _NAME_PUPIL_WORDS | _words(
    "oppilaan lapsen lapset opiskelijan jäsen jäsenen osallistujan henkilö henkilön pupil's "
    "student's child's member member's elevens eleven barnets barnet deltagare máná"
)
_FILLERS = _words("n s in en de the of for and ja och tai or nro no nr saa mukaan")

_FIELDS: dict[ColumnMeaning, tuple[str, ...]] = {
    ColumnMeaning.NAME: (
        *("nimi", "nimet", "koko nimi", "kokonimi", "name", "full name", "names", "namn"),
        *("fullständigt namn", "hela namnet", "namma", "namat", "sukunimi etunimi"),
        *("etunimi sukunimi", "sukunimi etunimet", "etunimet sukunimi", "surname first name"),
        *("efternamn förnamn", "förnamn efternamn", "first name surname", "last name first name"),
        *("first name last name", "goargu ovdanamma", "ovdanamma goargu"),
    ),
    ColumnMeaning.SURNAME: (
        *("sukunimi", "surname", "last name", "lastname", "family name", "efternamn"),
        *("släktnamn", "goargu", "sohkanamma", "maŋŋenamma", "maŋŋinamma", "goarggu"),
    ),
    ColumnMeaning.FORENAMES: (
        *("etunimi", "etunimet", "first name", "firstname", "first names", "forename"),
        *("forenames", "given name", "given names", "förnamn", "ovdanamma", "ovdanamat"),
    ),
    ColumnMeaning.CALLING_NAME: (
        *("kutsumanimi", "puhuttelunimi", "calling name", "preferred name", "known as"),
        *("tilltalsnamn", "kallas", "gohčunnamma", "gohčodannamma"),
    ),
    ColumnMeaning.BORN: (
        *("syntynyt", "syntymäaika", "syntymäpäivä", "syntymä aika", "synt", "synt aika"),
        *("s aika", "syntymäpvm", "synt pvm", "syntpvm", "syntaika", "born", "date of birth"),
        *("birth date", "birthdate", "birthday", "dob", "född", "födelsedatum", "födelsedag"),
        *("födelsetid", "födelse datum", "f datum", "riegádan", "riegádanbeaivi"),
        *("riegádanáigi", "riegádan beaivi", "riegádeapmi"),
    ),
    ColumnMeaning.AGE: ("ikäryhmä", "age group", "age band", "åldersgrupp", "ahkejoavku"),
    ColumnMeaning.GROUP: (
        *("luokka", "ryhmä", "opetusryhmä", "perusryhmä", "päiväkotiryhmä", "varhaiskasvatusryhmä"),
        *("class", "group", "form", "klass", "grupp", "luohkká", "joavku"),
    ),
    ColumnMeaning.CONTACT: (
        *("yhteystieto", "yhteystiedot", "puhelin", "puhelinnumero", "puh", "gsm", "matkapuhelin"),
        *(
            "puhelinnumerot",
            "puhelimet",
            "sähköpostit",
            "sähköpostiosoitteet",
            "puhelin sähköposti",
        ),
        *("phone numbers", "phones", "emails", "telefoner", "puhelin koti", "puhelin työ"),
        *("kännykkä", "puhelin nro", "sähköposti", "sähköpostiosoite", "email", "e mail", "mail"),
        *("contact", "contacts", "contact details", "phone", "phone number", "mobile", "tel"),
        *("telephone", "telefon", "telefonnummer", "mobil", "mobiltelefon", "mobilnummer"),
        *("e post", "epost", "e postadress", "epostadress", "kontakt", "kontaktuppgift"),
        *("kontaktuppgifter", "telefovdna", "telefuvdna", "telefovdnanummir", "telefonnummir"),
        *("šleađgaboasta", "e boasta", "oktavuohta", "oktavuohtadieđut", "email address"),
    ),
    ColumnMeaning.LANGUAGE: (
        *("kieli", "asiointikieli", "language", "språk", "kontaktspråk", "giella"),
        "áššedikšungiella",
    ),
    ColumnMeaning.TOTAL: (
        *("huoltajia", "huoltajien määrä", "huoltajien lukumäärä", "guardians"),
        *("number of guardians", "antal vårdnadshavare", "vårdnadshavare antal"),
        "fuolaheddjiid lohku",
    ),
    ColumnMeaning.GUARDIAN_BASIS: (
        *("peruste", "huoltajuuden peruste", "huoltajuus", "suhde", "suhde lapseen", "rooli"),
        *("basis", "relation", "relationship", "grund", "vuođđu", "huoltosuhde"),
    ),
    ColumnMeaning.GUARDIAN_VERIFIED: (
        *("varmistettu", "varmistus", "tarkistettu", "verified", "verifierad", "bekräftad"),
        *("kontrollerad", "duođaštuvvon"),
    ),
    ColumnMeaning.BLOCK: (
        *("julkaisukielto", "julkaisuesto", "ei saa näyttää", "ei saa julkaista", "turvakielto"),
        *("kuvauskielto", "valokuvauskielto", "kuvaamiskielto", "ei saa kuvata", "salassapito"),
        *("turvakiellon alainen", "publication block", "must not be shown", "do not publish"),
        *("do not photograph", "no photos", "non disclosure", "protected identity"),
        *("protected address", "spärrmarkering", "skyddsmarkering", "sekretessmarkering"),
        *("sekretess", "skyddad identitet", "skyddade personuppgifter", "skyddad adress"),
        *("säkerhetsförbud", "spärrmarkerad", "publiceringsförbud", "fotoförbud"),
        *("fotograferingsförbud", "får inte visas", "får inte fotograferas"),
        *("får inte publiceras", "almmuhangielddus", "govvengielddus", "dorvogielddus"),
        *("ii oaččo čájehit", "ii oaččo govvet", "ei saa kuvata tai julkaista"),
    ),
    ColumnMeaning.REFUSAL: (
        *("kieltäytynyt", "kieltäytyminen", "kieltää", "kieltänyt", "vastustaa", "vastustanut"),
        *("peruttu", "peruttu pvm", "perunut", "peruutettu", "peruttu päivä", "refused", "refusal"),
        *("suostumus peruttu", "suostumus peruttu pvm", "lupa peruttu", "lupa peruttu pvm"),
        *("suostumuksen peruutus", "withdrawn", "withdrawn on", "consent withdrawn", "objects"),
        *("objection", "opted out", "återkallat", "återkallad", "samtycke återkallat", "vägrar"),
        *("vägrat", "nekat", "nekad", "motsätter sig", "biehttalan"),
    ),
    ColumnMeaning.PERSON: ("photoreg id", "photoreg tunnus", "rekisterin tunnus", "registry id"),
    ColumnMeaning.SKIP: (
        *("hetu", "henkilötunnus", "personbeteckning", "personnummer", "identity code"),
        *("personal identity code", "persovdnadovddaldat", "oppijanumero", "oppilasnumero"),
        *("oppijatunnus", "lapsen id", "jäsennumero", "nro", "nr", "no", "id", "ikä", "age"),
        *("ålder", "syntymäpaikka", "födelseort", "place of birth", "äidinkieli", "modersmål"),
        *("sukupuoli", "kön", "gender", "kansalaisuus", "osoite", "address", "adress"),
        *("huoltajan osoite", "huoltajan hetu", "huoltajan henkilötunnus", "syntymävuosi"),
        *("vårdnadshavarens adress", "guardian's address", "guardian address"),
        *("vårdnadshavarens personbeteckning", "huoltajan postinumero", "synnyinkunta"),
        *("huoltajan postitoimipaikka", "huoltajan lähiosoite", "huoltajan työpaikka"),
        *("luokka aste", "luokkataso", "vuosiluokka", "vsl", "vuosikurssi", "årskurs", "grade"),
        *("allergia", "allergiat", "ruokavalio", "ruokavaliot", "erityisruokavalio", "lääkitys"),
        *("erityisruokavaliot", "lääkkeet", "sairaudet", "terveystiedot", "uimataito", "uskonto"),
        *("katsomusaine", "koulukuljetus", "kuljetus", "a kieli", "valinnaisaineet", "allergies"),
        *("allergy", "diet", "special diet", "medication", "religion", "allergier", "allergi"),
        *("specialkost", "specialdiet", "medicinering", "simkunnighet", "skolskjuts"),
        *("huoltajan kotikunta", "syntymäkunta", "syntymämaa", "birthplace", "country of birth"),
    ),
}
FIELD_OF: dict[str, ColumnMeaning] = {
    words: meaning for meaning, several in _FIELDS.items() for words in several
}
"""The meaning of a heading by its words, without those for the guardian or pupil, and numbers."""

OF_GUARDIAN = {
    ColumnMeaning.NAME: ColumnMeaning.GUARDIAN,
    ColumnMeaning.SURNAME: ColumnMeaning.GUARDIAN_SURNAME,
    ColumnMeaning.FORENAMES: ColumnMeaning.GUARDIAN_FORENAMES,
    ColumnMeaning.CONTACT: ColumnMeaning.GUARDIAN_CONTACT,
    ColumnMeaning.LANGUAGE: ColumnMeaning.GUARDIAN_LANGUAGE,
    ColumnMeaning.GUARDIAN_BASIS: ColumnMeaning.GUARDIAN_BASIS,
    ColumnMeaning.GUARDIAN_VERIFIED: ColumnMeaning.GUARDIAN_VERIFIED,
}
"""What a field means in a heading that names a guardian."""

_PERMISSION = re.compile(
    r"(lupa|luvat|luvan|suostum|lov\b|tillstånd|samtyck|lohpi|permission|consent|release"
    r"|\bsaa\b|\bmay be\b|\bfår\b)"
)
_OF_PHOTOS = re.compile(
    r"(kuva|kuvi|foto|photo|image|picture|video|bild|film|julkais|publi|govv|govven|almmuh"
    r"|\bsome\b|internet|netti|esittä|shown|näyttä|visas)"
)
_PLACES = re.compile(
    r"\b(www|kotisiv\w*|verkkosiv\w*|webb\w*|website|facebook|instagram|wilma|painet\w*|lehti\w*|esite"
    r"|esitteet|tryck\w*|print|press|media|nimi saa|luovut\w*)\b"
)
_PEOPLE = (
    r"huolt|vanhem|\bvanh\b|päämie|guard|parent|carer|vårdn|målsm|föräld|fuola|váhne|äiti|äidin|\bisä|\bisän"
    r"|mother|father|\bmor\b|\bfar\b|mamma|pappa|eadni|áhčči"
    r"|synt|born|birth|född|födel|riegád"
)
_OF_PEOPLE = re.compile(
    rf"{_PEOPLE}|puh\b|puhel|numero|phone|telef|sähköpost|e ?mail|yhteys|contact"
)
_SMELL = re.compile(
    rf"{_PEOPLE}"
    r"|lupa|luvat|suostum|samtyck|tillstånd|consent|permission|lohpi|\bsaa\b|\bfår\b"
    r"|kielto|kielt|esto\b|block|förbud|spärr|skydd|turva|salass|sekret|secre|gielddus"
    r"|kuvaus|kuvaa|julkais|publi|almmuh|govven|fotograf|photograph"
)


_ORDINALS = {
    **dict.fromkeys(("ensimmäinen", "ensimmäisen", "första", "vuosttas"), "1"),
    **dict.fromkeys(("toinen", "toisen", "second", "andra", "nubbi"), "2"),
}


@lru_cache(maxsize=1_000)
def plain_heading(text: str) -> str:
    """Return the words of a heading, numbers apart from letters, without marks."""
    apart = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", text.casefold())
    words = re.sub(r"[^\w'’]+|_", " ", apart).replace("’", "'").split()
    return " ".join(_ORDINALS.get(word, word) for word in words)


def is_foster_carer(text: str) -> bool:
    """Return whether a heading or a cell names a carer, which is no basis of a guardianship."""
    return bool(_FOSTER_CARER.search(plain_heading(text)))


def is_of_guardian(heading: str) -> bool:
    """Return whether a heading seems to be about guardians or a birth date."""
    return bool(_OF_PEOPLE.search(plain_heading(heading)))


def is_permission(plain: str) -> bool:
    """Return whether a heading is of a permission to photograph or publish."""
    return bool(_PERMISSION.search(plain) and _OF_PHOTOS.search(plain))


def is_about_photos(heading: str) -> bool:
    """Return whether a heading is about photos in so many words."""
    return bool(_OF_PHOTOS.search(plain_heading(heading)))


def is_of_photos(heading: str) -> bool:
    """Return whether a heading seems to be about photos, or where they are shown."""
    plain = plain_heading(heading)
    return bool(_OF_PHOTOS.search(plain) or _PLACES.search(plain))


def smells(plain: str) -> bool:
    """Return whether a heading seems to tell of a guardian, a birth, a permission or a block."""
    return bool(_SMELL.search(plain))


def without_subject(words: Iterable[str]) -> str:
    """Return the words of a heading without those for whom it is about, and numbers."""
    about = GUARDIAN_WORDS | MOTHER_WORDS | FATHER_WORDS | _PUPIL_WORDS | _FILLERS
    return " ".join(word for word in words if word not in about and not word.isdecimal())


def field_of(heading: str) -> ColumnMeaning | None:
    """Return what a heading says of the pupil; None of guardians, or if it is not understood."""
    words = plain_heading(heading).split()
    plain = " ".join(words)
    if is_name_of_pupil(plain):
        return ColumnMeaning.NAME
    about_others = set(words) & (GUARDIAN_WORDS | MOTHER_WORDS | FATHER_WORDS)
    is_other = about_others or any(map(str.isdecimal, words))
    return FIELD_OF.get(plain) or (None if is_other else FIELD_OF.get(without_subject(words)))


def meaning_below(heading: str) -> ColumnMeaning | None:
    """Return what stands below a heading, be it of the pupil or of a guardian."""
    rest = without_subject(plain_heading(heading).split())
    return FIELD_OF.get(rest) if rest else ColumnMeaning.NAME


def is_name_of_pupil(plain: str) -> bool:
    """Return whether a heading is only a word for the pupil."""
    return plain in _NAME_PUPIL_WORDS
