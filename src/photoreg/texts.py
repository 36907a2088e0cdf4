"""Texts for users: marked here in English, shown in the language of the user's choice.

A text is written in English in the code and marked with `N_` (shown later) or looked up with `_`.
The Finnish catalogue is `locale/fi/LC_MESSAGES/photoreg.po`; a test keeps the two complete.
"""

import gettext
import os
import re
import struct
import sys
from contextvars import ContextVar
from functools import cache

LANGUAGES = ("fi", "en")
DOMAIN = "photoreg"
LOCALE_FOLDER = f"{os.path.dirname(__file__)}/locale"  # noqa: PTH120 - importing pathlib would slow every start

_in_use: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "language", default=("en", gettext.NullTranslations())
)
"""The current language with its texts, separate for each thread and task."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for translation and return it unchanged."""
    return text


def _(text: str) -> str:
    """Return the text in the user's language."""
    return _in_use.get()[1].gettext(text) if text else ""


def by_number(one: str, several: str, number: int) -> str:
    """Return the singular or plural text for a number, in the user's language."""
    return _in_use.get()[1].ngettext(one, several, number)


@cache
def translations(text: str) -> frozenset[str]:
    """Return the text in every language, to recognise it whichever language it was entered in."""
    return frozenset(_catalogue(name).gettext(text) for name in LANGUAGES)


def language() -> str:
    """Return the current language: `fi` or `en`."""
    return _in_use.get()[0]


def use_language(name: str) -> None:
    """Show texts in the language `name` from now on, in this thread or task."""
    _in_use.set((name, _catalogue(name)))


_damaged: set[str] = set()
"""The languages whose damaged catalogue was reported already."""


def _catalogue(name: str) -> gettext.NullTranslations:
    """Return the texts of a language; English ones, with a note, if its catalogue is damaged."""
    try:
        return gettext.translation(DOMAIN, LOCALE_FOLDER, [name], fallback=True)
    except (OSError, ValueError, EOFError, struct.error):  # UnicodeError is a ValueError
        if name not in _damaged:
            _damaged.add(name)
            sys.stderr.write(_DAMAGED.format(language=name))
        return gettext.NullTranslations()


_DAMAGED = (
    "photoreg: the texts in the language {language} are damaged, so English is used. "
    "Install photoreg again.\n"
)


_LANGUAGE_NAMES = {
    **dict.fromkeys(("fi", "fin", "finnish", "finska", "suomi", "suomeksi"), "fi"),
    **dict.fromkeys(("en", "eng", "english", "engelska", "englanti", "englanniksi"), "en"),
}


def language_named(text: str) -> str | None:
    """Return the language that a word or a locale names (`suomi`, `FI`, `fi_FI.UTF-8`), or None."""
    return _LANGUAGE_NAMES.get(re.split("[-_.@]", text.strip().casefold())[0])


def preferred_language(*wishes: str | None) -> str:
    """Choose the language: the first wish that names one, then the machine's locale.

    Finnish for a Finnish locale and for every other locale of Finland (a Northern Sámi or Swedish
    desktop in Enontekiö reads Finnish more easily than English); English everywhere else.
    """
    for wish in wishes:
        if named := language_named(wish or ""):
            return named
    locale_name = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or _locale_of_the_machine()
    )
    spoken, *places = re.split("[_-]", re.split("[.@]", locale_name.lower())[0])
    is_finnish = spoken in {"fi", "finnish"} or not {"fi", "finland"}.isdisjoint(places)
    return "fi" if is_finnish else "en"


def _locale_of_the_machine() -> str:
    import locale  # noqa: PLC0415 - importing it would slow every start

    return locale.getlocale()[0] or ""
