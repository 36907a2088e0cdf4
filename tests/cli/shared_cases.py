"""The inputs that users have really handed in, which lie in a folder beside the checkout."""

from pathlib import Path

import pytest

CASES = Path(__file__).parents[3] / "shared/cases"
needs_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the collection of cases (../shared/cases) is not beside this folder"
)
