"""What the lab's tests have in common."""

import pytest
from lab import Lab


@pytest.fixture(name="lab")
def fixture_lab():
    """A lab of the test's own."""
    with Lab(seed=1) as lab:
        yield lab
