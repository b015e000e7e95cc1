import pytest

from tests.walks.evening import Evening


@pytest.fixture
def evening(at, queue, client):
    """Time goes by: at each moment the post comes and the worker works."""
    return Evening(at, queue, client)
