"""What an interface can say of a command that was interrupted: whether anything was recorded."""

from contextlib import suppress

from photoreg.services.application import Application


def test_a_change_that_is_interrupted_counts_as_nothing_recorded(application: Application) -> None:
    before = application.reacted.units
    with suppress(KeyboardInterrupt), application.changing():
        raise KeyboardInterrupt
    assert application.reacted.units == before
    with application.changing():
        pass
    assert application.reacted.units == before + 1
