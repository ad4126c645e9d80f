"""What all tests share: the options to accept changed transcripts, and to test for longer."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the transcripts as they go today")
    parser.addoption(
        "--torture", action="store_true", help="kill it everywhere, not only here and there"
    )


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for everything."""
    return bool(request.config.getoption("--torture"))
