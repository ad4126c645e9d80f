"""The promises are kept by a whole Vertelbot."""

from tests.house.conftest import alice as alice
from tests.house.conftest import api as api
from tests.house.conftest import bob as bob
from tests.house.conftest import house as house
