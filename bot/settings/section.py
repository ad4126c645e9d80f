"""What all sections of the configuration have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_settings import NoDecode


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    """What stands in one line, as a list; anything else as it is."""
    if not isinstance(value, str):
        return value
    each_bare = (each.strip("\"' ") for each in value.strip("[] ").split(","))
    return [each for each in each_bare if each]


Several = Annotated[list[str], NoDecode, BeforeValidator(_listed)]
"""A list, or in the environment one line with commas."""
