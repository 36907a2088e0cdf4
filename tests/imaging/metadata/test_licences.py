"""Licences in metadata are recognised only where they are unambiguous."""

import pytest

from photoreg.imaging.metadata.licences import creative_commons_licence, reserves_all_rights


@pytest.mark.parametrize(
    ("address", "licence"),
    {
        "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
        "http://www.CreativeCommons.org/licenses/by-nc-nd/3.0/deed.fi": "CC BY-NC-ND 3.0",
        "https://creativecommons.org/licenses/by/2.0": "CC BY 2.0",
        "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
        "https://creativecommons.org/publicdomain/mark/1.0/": "Public Domain Mark 1.0",
        "https://creativecommons.org.example/licenses/by/4.0/": "",
        "https://example.org/?to=https://creativecommons.org/licenses/by/4.0/": "",
        "https://creativecommons.org/licenses/by-everything/4.0/": "",
        "https://creativecommons.org/": "",
        "": "",
    }.items(),
)
def test_only_creative_commons_urls_give_a_licence(address: str, licence: str) -> None:
    assert creative_commons_licence(address) == licence


@pytest.mark.parametrize(
    ("notice", "reserved"),
    [
        ("© Agency. All  rights reserved.", True),
        ("Kaikki oikeudet pidätetään", True),
        ("Alla rättigheter förbehållna", True),
        ("© Anna Lahti 2026", False),
    ],
)
def test_reserved_rights_are_recognised_in_three_languages(notice: str, reserved: bool) -> None:
    assert reserves_all_rights(notice) is reserved
