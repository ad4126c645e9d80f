"""The promises are kept by a whole Vertelbot."""

from tests.end_to_end.conftest import alice as alice
from tests.end_to_end.conftest import api as api
from tests.end_to_end.conftest import bob as bob
from tests.end_to_end.conftest import house as house
