"""A website that asks the API."""

import pytest
from tests.web.api.callers import Caller, caller, make_key
from tests.web.desks import ServedDesk


@pytest.fixture
def website(desk: ServedDesk) -> Caller:
    """A system with a key for everything on one channel."""
    return caller(desk, make_key(desk))
