"""The versions of the tables, and how a database comes up to date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0022"
"""The version that this code works with."""

SAME_ROWS = frozenset(
    (
        "0001",
        "0002",
        "0003",
        "0004",
        "0006",
        "0008",
        "0009",
        "0010",
        "0011",
        "0012",
        "0013",
        "0014",
        "0015",
        "0016",
        "0017",
        "0018",
        "0019",
        "0020",
        "0021",
    )
)
"""Older versions whose rows fit in the tables of HEAD: their archives can be restored."""

FOLDER = Path(__file__).parent
"""Where Alembic finds the versions."""

_LOCK = 0x5645525445  # any number, the same in every process


class WrongSchema(Exception):
    """The database was made by another version of Vertelbot."""


def current(engine: Engine) -> str | None:
    """The version of a database; None when it has no tables yet."""
    with engine.connect() as connection:
        return _version(connection)


def upgrade(
    engine: Engine, to: str = "", *, before: Callable[[str], None] = lambda _version: None
) -> None:
    """Bring a database up to date (`to`: a version; else HEAD), one process at a time, in one
    transaction. `before` is called with the version that is left behind, unless it is new.

    Raises WrongSchema when the database is newer than this code.
    """
    to = to or HEAD
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _wait_for_the_others(connection)
        version = _version(connection)
        if version == to:
            return
        # Alembic is only imported when there is something to do: it slows the start.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise WrongSchema(
                f"the database has version {version}, newer than {HEAD} that this Vertelbot knows: "
                "start the newer Vertelbot, or restore an older backup"
            )
        if version is not None:
            before(version)
        command.upgrade(config, to)


def _wait_for_the_others(connection: Connection) -> None:
    """As long as it takes: another process may be making a backup, and so may this one. The tables
    themselves are not waited for that long."""
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    patience = connection.scalar(text("SHOW lock_timeout"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    connection.execute(text("SELECT set_config('lock_timeout', :p, true)"), {"p": patience})


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
