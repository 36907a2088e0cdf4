"""The words by which lists forbid, refuse or withdraw: the one place that knows them.

Finnish, Swedish, Northern Sámi and English; of headings, cells, titles and footers. Words are told
by their bounds, so that Eija, Nolla and *äidinkieltä* forbid nothing.
"""

import re
from enum import StrEnum
from functools import lru_cache

from photoreg.services.people.class_lists.words import is_of_photos, is_permission, plain_heading

NEGATIONS = (
    r"\b(?:ei|en|emme|ette|eivät|eikä|eipä|älä|älkää|älköön|ettei|etteivät|etten|ettemme|jottei"
    r"|no|not|never|none|cannot|can'?t|don'?t|doesn'?t|mustn'?t|won'?t|nej|nei|ej|inte|icke|ikke"
    r"|aldrig|ingen|inga|inget|ii|eai|eat)\b"
)
_FORBIDDING = (
    r"\b(?:kiist[äi]|vastust[ai]|vastalau"
    r"|peru(?:i|n|t|ttu\w*|tut|ttiin|nut|vat|taan|taa|u\w*)\b|epäsi(?:vät)?\b|epää(?:vät|n)?\b"
    r"|evät(?:ty|ä)|evänn|ei (?:\w+ )?(?:lupaa|kuvia|kuvata|julkais\w*)\b"
    r"|ei (?:ole |anneta )?\w*suostumusta\b"
    r"|ei (?:\w+ )?saa\b(?! (?:syödä|juoda|antaa|mennä|poistua|lähteä|uida|hakea)\b)"
    r"|ei (?:ole )?(?:kuva\w*|julkaisu)lupaa\b"
    r"|(?:ei|eivät|en|emme) (?:\w+ )?(?:halua|suostu|hyväksy|salli)\b(?=\W*$| kuv| julkais)"
    r"|älä (?:\w+ )?(?:kuvaa|julkaise|näytä|laita)"
    r"|älkää (?:\w+ )?(?:kuvatko|julkaisko|näyttäkö)"
    r"|ettei\w* (?:\w+ )?(?:saa|kuvata|julkais\w*|näytet\w*|kuva\w*)|ettei\w*(?=\W*$)"
    r"|pidättäyt|ulos (?:kuv|valokuv)"
    r"|(?:äiti|isä|huoltaja\w*|vanhem\w*|oppilas|lapsi|perhe) (?:on )?vastaan"
    r"(?=\W*(?:$|kuv|julkais))"
    r"|non-?consent|pois(?:sa|tetaan)? (?:\w+ )?(?:kuv|valokuv|julkais)|kuv\w+ (?:\w+ )?pois\b"
    r"|rajat\w* pois|estetty|sensuroi|censurera"
    r"|(?:out of|off) (?:all |any |the )?(?:photo|picture|image)|object(?:s|ed|ing|ions?)?\b"
    r"|den(?:y|ie[sd])\b|opt(?:s|ed)?[ -]?out|banned\b"
    r"|no (?:photo|picture|image|video|permission|consent|publi)"
    r"|(?:may|must|do|does|should) not\b"
    r"|(?:don'?t|never) (?:\w+ )?(?:photo|publi|show|use|take)"
    r"|(?:does|do)n'?t (?:want|wish|agree|consent)\b(?=\W*$| photo| pic| publ)"
    r"|vill (?:ej|inte|icke)\b(?=\W*$| bli foto| foto| publ)|ii (?:hálit|dohkket)\b"
    r"|without (?:permission|consent)|ilman (?:\w*lupaa|suostumusta)|neka"
    r"|utan (?:tillstånd|samtycke|lov)\b|får (?:ej|inte|icke|aldrig)\b"
    r"|(?:ej|inte|inga) (?:\w+ )?(?:foto|bild|publicer|visa|filma)|gieldit|ii oaččo|ii galgga)"
    r"|kiel(?:l[eäo]|to|si\b|sivät|tä(?:ä(?!n)|y|ny|nee|v|mä|mi|jä|k))|^\W*vastaan\W*$|refus"
    r"|forbid|forbad|prohibit|withdr|revok|declin|förbj|förbud|vägra|återkall|återtag|motsätt"
    r"|avböj|gielddus|gildoj|biehttal"
)
"""What forbids. One bound stands before all that begin a word: a twelfth of the time of many."""

_BLOCKING = (
    r"turvakiel|suojakiel|julkaisukiel|kuva\w*kiel(?:to|lo|le)|julkaisuest|kuva\w*esto\b|salassa"
    r"|publication block|non.?disclosure|skyddsf|skyddad|skyddsmark|spärrmark|sekretess"
    r"|publiceringsförbud|fotoförbud|fotograferingsförbud|säkerhetsförbud|(?:dorvo|govven|almmuhan)gield"
    r"|protected (?:identity|address|person)"
    r"|osoitesuoja|\bturvak\b|\bsuojelta(?:va|van|vat) (?:henkil|oppila|laps)"
    r"|\bsuojat(?:tu|un|tuja|ut) (?:henkil|osoite|osoitt|identit|tieto|tiedo)"
    r"|\bsalai(?:nen|set) osoit"
    r"|^\W*(?:suojattu|suojeltava|salainen|skyddad|protected)\W*$"
)
_BY_LETTERS = re.compile(r"\bT\.?K\b|^\W*tk\W*$|\(tk\)")
_OF_SHOWING = (
    r"kuva|kuvi|julkais|näyttä|näytet|näky|esiinty|\bsome|somee|internet|netti|netiss|verkkosiv"
    r"|kotisiv|foto|photo|picture|image|video|publi|bild|film|govv|almmuh|wilma|facebook|instagram"
    r"|tiktok|youtube|\binsta|\blupa|\bluvan|suostu|leht[ei]|lehde|media|esitte|\bshown?\b|\bvisa"
)
_PAIRS = (
    r"\b(?:kyllä|kylla|k|on|yes|y|ja|joo|juo|x)\s*(?:/|\||tai|or|eller|,|-|–)\s*(?:ei|e|no|n|nej|ii|i)\b"
    r"|\b(?:ei|e|no|n|nej|ii)\s*(?:/|\||tai|or|eller|-|–)\s*(?:kyllä|kylla|k|on|yes|y|ja|joo|juo)\b"
)
"""The words of a question that is answered by yes or no: they say neither."""

_KEY = r"(?:\b(?:e|n|ei|no|nej|0)|[-–])\s*=\s*(?:ei|no|nej|inte)\b[^,;./)]*"
"""What a letter for a no means, as in "K = yes, E = no permission"."""

_NO_BAN = (
    r"\b(?:ei|no|inte|ingen|inga|inget|ii|not)\s+(?:ole\s+|mitään\s+|any\s+|någo[nt]\s+)?"
    r"\w*(?:kielt|rajoit|este|esto|förbud|spärr|block|\bban\b|gielddus|sekretess)\w*"
)
"""That nothing is forbidden, which is no yes either."""

_OUT_OF_PICTURES = re.compile(
    r"\bkuvato(?:n|nta)\b|^\W*piilota\w*\W*$"
    r"|\b(?:kuva\w*|julkaisu)?(?:lupa|suostumus)(?:lomake)? (?:on )?"
    r"(?:puuttuu|puuttuva|umpeutu|vanhentun|rauennu|päättyny)"
    r"|\b(?:consent|permission) (?:is |has )?(?:missing|expired|lapsed|ended)"
    r"|\b(?:samtycke\w*|tillstånd\w*) (?:är |har )?(?:saknas|utgånge|upphört)"
)
"""That nobody permitted anything, or that somebody is left out: no yes, but no refusal either."""

_ENDED = re.compile(
    r"mitätö|vanhentun|umpeutu|\brauen|päättyn|\bpäättyi\b|\blakann|lakkaut|\bkumot|\bpoiste(?:ttu|tut)"
    r"|\bhylät|\b(?:ei|eivät) (?:ole |enää )*(?:voimassa|aktiivi)"
    r"|\bexpired|\bended\b|\bterminat|\bcancel|\blapsed|\bvoid(?:ed)?\b"
    r"|\b(?:in|not )valid|\binactive"
    r"|\bdeleted|\bremoved|\brejected|\bsuperseded|\bno longer\b"
    r"|upphör|upphävt|ogiltig|makuler|annuller|\butgång|\bavslut|\bborttagen|\braderad|\bavslag"
)
"""That something has ended, was deleted or never came into force."""

_PERMITTING = re.compile(
    r"\b(?:lupa|luvat|lupia|suostum\w*|samtyck\w*|consents?|permissions?|tillstånd|lov|lohpi\w*)\b"
    r"|kuva\w*lu[pv]|julkaisulu[pv]"
)
_OF_DAY = re.compile(r"\b(?:pvm|päivä\w*|päiväys|date|datum|day|beaivi|voimas\w*|asti|until)\b")

_NEGATION = re.compile(NEGATIONS)
_FORBIDS = re.compile(_FORBIDDING)
_BLOCKS = re.compile(_BLOCKING)
_SHOWS = re.compile(_OF_SHOWING)
_QUIET = re.compile(f"{_KEY}|{_PAIRS}|{_NO_BAN}")
_IN_NAMES = re.compile(
    r"\b(?:ei|eivät|älä|älkää|ettei|not|never|don't|nej|ej|inte)\b|[(\[:=]\s*(?:no|ii|en|e|n)\b"
)
_LETTER = re.compile(r"[^\W\d_]")
_BLOCK_HEADING = re.compile(
    rf"{_BLOCKING}|kielto|kiellot|kiellos|\w*esto\b|förbud|spärr|\bskydd|\btk\b|\bblock|\bsecret\b|gielddus"
    r"|(?:kuva\w*|julkaisu)raj|\bprotected\b"
)
_OF_REMARKS = re.compile(
    r"\b(?:huom|lisätie|lisäy|muut?(?:a|ta)?\b|muistiinp|erity(?:istä|istarpe|ishuom)|selit|info|viesti"
    r"|notes?\b|notice|remark|comment|komment|message|anm(?:\b|ärk)|övrig|other\b|additional|obs\b"
    r"|lassedie|mearkkaš)"
)
_HARMLESS = re.compile(
    r"[\d\s.,:/+()-]*|(?:[\s,.;&+]|\b(?:ja|och|and)\b|\b(?:\w*allergi\w*|laktoosi\w*|laktos\w*"
    r"|lactose\w*|gluteeni\w*|gluten\w*|keliakia|celiac|kasvis\w*|vegaani\w*|vegan\w*|vegetar\w*"
    r"|diabetes|astma|asthma|vasenkätinen|free|intolera\w*)\b)*"
)
"""Remarks that have nothing to do with photos: numbers, days, diets and the like."""

_LIMITING = re.compile(
    r"(?<!elo)kuv(?:a|at|aa|an|assa|ia|issa|ista|iin|ien|ata|ataan|attava\w*|attaess\w*|attu|aus\w*"
    r"|auksi\w*|alu[pv]\w*)\b|\bvalokuv|\blu(?:pa|paa|van|valla|vat)\b|suostum|\bsuostu|julkais"
    r"|\b(?:some(?:en|ssa)?|media(?:an|ssa)?|netti(?:in)?|netissä|lehteen|lehdessä|wilma(?:an|ssa)"
    r"|internet\w*|facebook\w*|instagram\w*|insta|tiktok\w*|youtube\w*)\b|\bkasvo(?:t|ja|jen|illa)?\b"
    r"|\btunnistett|\bkysy(?:ttävä\w*|tään|tty|ä)?\b|\bsovit(?:taan|tava)\b"
    r"|\b(?:photo\w*|pictures?|images?|videos?|publish\w*|consent\w*|permission|faces?|filmed)\b"
    r"|\bask (?:first|before|mother|father|(?:the )?(?:parent|guardian)s?)\b"
    r"|\b(?:foto\w*|\w*bild(?:er|en|erna)?|publicer\w*|samtyck\w*|tillstånd|ansikte\w*|fråga\w?)\b"
    r"|\bgov(?:va|at|vid|vet|vvid)\b|\blohpi|\balmmuh|\bjearr?a"
    r"|\b(?:vain|ainoastaan|only|endast|bara|dušše)\b.*(?:ryhm|grupp|group|joavk|takaa|behind)"
    r"|\bmieluummin\b|\bmieluiten\b|\b(?:helst|hellre|gärna) (?:inte|ej|icke|utan)\b"
    r"|\b(?:rather|preferably|please) (?:not|without)\b|\bei mielellään\b"
    r"|\b(?:ilman|utan|without)\W*$|\bpå avstånd\b|\betäältä\b|\bkaukaa\b"
    r"|\bfrom (?:afar|a distance)\b"
)
"""Words by which a remark may permit only a part, or after somebody was asked."""

_EXCEPTING = re.compile(
    r"\b(?:kaikki|kaikilla|kaikkia|muut) paitsi\b|\balla (?:utom|förutom)\b"
    r"|\b(?:all|everyone|everybody|anyone) (?:but|except)\b"
    r"|\b(?:vain|ainoastaan)\b.*\b(?:saa|saavat|näky\w*)\b|\b(?:bara|endast)\b.*\bfår\b"
    r"|\bonly\b.*\b(?:may|can)\b"
    r"|(?:[:=]\s*|\w\W*\s)(?:ei|nej|ii)(?=\W*(?:$|[,;.]))|[:=]\s*(?:no|not)(?=\W*(?:$|[,;.]))"
)
"""What a note beside a table may say of somebody: "all but Elle", "Elle: no"."""

_STARS = re.compile(r"\s*\*{2,}\s*")
"""What registers print in place of an address that is kept secret."""

_EXPLAINS = re.compile(r"(?<!\S)[\"'“”(]*(\w+|[^\w\s])[\"'”)]*\s*=\s*([^=]+)(?=$|\S+\s*=)")
_PLAIN_NO = frozenset(
    ["ei", "eivät", "eipä", "no", "nope", "nej", "nei", "ii", "false", "epätosi", "✗", "✘"]
)
_NOTHING = frozenset(["-", "–", "—"])
_SHORT_NO = frozenset(
    ["e", "n", "0", "☐", "none", "ingen", "inget", "inga", "ei ole", "not", "n/a", *_NOTHING]
)


class HeadingSense(StrEnum):
    """What a heading is about if a no may stand below it."""

    BLOCK = "block"
    REFUSAL = "refusal"
    PERMISSION = "permission"


@lru_cache(maxsize=1_000)
def sense_of(heading: str) -> HeadingSense | None:
    """Return whether a heading, or the title of a sheet, tells of blocks, noes or permissions."""
    text = _quiet(heading.replace("_", " "))
    if _BLOCK_HEADING.search(text):
        return HeadingSense.BLOCK
    is_negated = _NEGATION.search(text) and (_SHOWS.search(text) or _PERMITTING.search(text))
    if _FORBIDS.search(text) or is_negated or text.strip(" .:!?") in {"ei", "nej", "eivät"}:
        return HeadingSense.REFUSAL
    is_permitting = _PERMITTING.search(text) or is_permission(plain_heading(text))
    return HeadingSense.PERMISSION if is_permitting and not _OF_DAY.search(text) else None


def is_of_noes(heading: str) -> bool:
    """Return whether what stands below a heading is a no, unless it says otherwise."""
    return sense_of(heading) in {HeadingSense.BLOCK, HeadingSense.REFUSAL}


@lru_cache(maxsize=1_000)
def may_hold_no(heading: str) -> bool:
    """Return whether a no may stand below a heading: it is about photos, or forbids or permits."""
    return sense_of(heading) is not None or is_of_photos(heading)


def negates(text: str) -> bool:
    """Return whether a text has a word such as "not", be it about a part only."""
    return bool(_NEGATION.search(_quiet(text)))


def forbids(text: str) -> bool:
    """Return whether words refuse as a whole, as "father refuses" does and "no close-ups" not."""
    return bool(_FORBIDS.search(_quiet(text)))


def blocks(text: str) -> bool:
    """Return whether words ask that somebody is not shown at all."""
    return bool(_BLOCKS.search(_quiet(text)) or _BY_LETTERS.search(text))


@lru_cache(maxsize=10_000)
def speaks_of_no(text: str) -> bool:
    """Return whether a text that is not read as an answer seems to forbid or refuse photos."""
    if not _LETTER.search(text):  # a phone number, of which lists have many
        return False
    quiet = _quiet(text)
    is_about_photos = _NEGATION.search(quiet) and _SHOWS.search(quiet)
    return forbids(text) or blocks(text) or bool(is_about_photos or _OUT_OF_PICTURES.search(quiet))


@lru_cache(maxsize=1_000)
def note_speaks_of_no(text: str) -> bool:
    """Return whether a header, a comment or a line above a table seems to say no of somebody."""
    unkeyed = re.sub(_KEY, " ", text.casefold())  # before "yes, e" is taken for a question
    return speaks_of_no(text) or bool(_EXCEPTING.search(_quiet(unkeyed)))


@lru_cache(maxsize=10_000)
def has_ended(text: str) -> bool:
    """Return whether a text says that something has ended, or was deleted or turned down."""
    return bool(_ENDED.search(_quiet(text.replace("_", " "))))


@lru_cache(maxsize=1_000)
def is_of_remarks(heading: str) -> bool:
    """Return whether a heading is of remarks, below which anything may be written."""
    return bool(_OF_REMARKS.search(heading.casefold()))


@lru_cache(maxsize=10_000)
def may_limit(remark: str) -> bool:
    """Return whether a remark may be about a permission: "group photos only", "ask first"."""
    return bool(_LETTER.search(remark) and _LIMITING.search(_quiet(remark)))


def is_harmless(remark: str) -> bool:
    """Return whether a remark is known to have nothing to do with photos."""
    return is_nothing(remark) or bool(_HARMLESS.fullmatch(" ".join(remark.casefold().split())))


@lru_cache(maxsize=1_000)
def title_speaks_of_no(title: str) -> bool:
    """Return whether the name of a file or a sheet, or a line above a table, tells of noes."""
    text = re.sub(r"[_\W]+", " ", title)
    return is_of_noes(text) or speaks_of_no(text)


def remarks_no(heading: str, text: str) -> bool:
    """Return whether a cell of remarks holds only a no, of which nobody knows to what."""
    return is_of_remarks(heading) and is_plain_no(text)


def hides_no(heading: str, text: str, *, is_name: bool) -> bool:
    """Return whether a cell that is not read as an answer seems to say no."""
    if is_name and name_speaks_of_no(text):
        return True
    is_bare = remarks_no(heading, text) or (may_hold_no(heading) and is_no(text))
    return is_bare or speaks_of_no(text) or bool(_STARS.fullmatch(text))


def name_speaks_of_no(text: str) -> bool:
    """Return whether a cell for a name, a signer or a class has words that forbid, or a mark."""
    return speaks_of_no(text) or bool(_IN_NAMES.search(_quiet(text)))


@lru_cache(maxsize=1_000)
def explains_no(text: str) -> bool:
    """Return whether a text is a key by which something that is no no means one: "x = no"."""
    keys = _EXPLAINS.findall(" ".join(text.casefold().split()))
    return any(not is_no(mark) and (starts_with_no(left) or forbids(left)) for mark, left in keys)


def is_no(text: str) -> bool:
    """Return whether a cell holds only a no, also as a letter, a nought or a dash."""
    plain = _plain(text)
    return plain in _PLAIN_NO or plain in _SHORT_NO


def is_nothing(text: str) -> bool:
    """Return whether a cell holds a dash, which below an unknown heading may mean nothing."""
    return not text.strip() or _plain(text) in _NOTHING


def is_plain_no(text: str) -> bool:
    """Return whether a cell holds only a no in words."""
    return _plain(text) in _PLAIN_NO


def starts_with_no(text: str) -> bool:
    """Return whether a text begins with a no, as "no", "not yet" and "ei palautettu" do."""
    words = re.findall(r"[\w'✗✘☒]+", text.casefold().replace("’", "'"))
    is_spaced = "".join(words) in _PLAIN_NO
    return is_spaced or bool(words and (words[0] in _PLAIN_NO or _NEGATION.match(words[0])))


def is_open_answer(text: str) -> bool:
    """Return whether a cell holds a box or a question that is not answered in words."""
    return text.strip() in {"?", "☐", "☒"} or not _quiet(text).strip()


def denies_block(text: str) -> bool:
    """Return whether a cell below a block or a refusal says that there is none."""
    if not text.strip():
        return True
    left = re.sub(_NO_BAN, " ", " ".join(text.casefold().split())).strip(" .,;!")
    return is_no(text) or not left or is_no(left)


@lru_cache(maxsize=1_000)
def _quiet(text: str) -> str:
    """Return a text to search, without words that ask for a yes or a no, or deny a block."""
    return _QUIET.sub(" ", " ".join(text.casefold().replace("’", "'").split()))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")
