"""Check whether photos may be published."""

from collections.abc import Sequence

from photoreg.registry.evidence import ALL_AS_RECORDED
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files


def check(
    application: Application, photos: Sequence[str], asked: AskedUse, *, is_of_today: bool = True
) -> list[Checked]:
    """Return for each photo whether it may be published, with every reason.

    Changed files, and those never looked at, are looked at first, and so are the documents, unless
    the registry is that of an earlier day; nothing else changes.
    """
    refresh_files(application, photos)
    documents = look_at_evidence(application, photos) if is_of_today else ALL_AS_RECORDED
    with application.reading() as work:
        return check_named(work, photos, asked, documents)
