"""The database counts every change of a story, whoever makes it: what was worked out of the stories
holds until that number is another."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNT = """INSERT INTO meta (key, value) VALUES ('story_version', '1')
    ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)"""
SQLITE = [
    f"CREATE TRIGGER story_{event} AFTER {event} ON story BEGIN {COUNT}; END"
    for event in ("insert", "update", "delete")
]
POSTGRESQL = [
    f"""CREATE FUNCTION story_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {COUNT}; RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER story_changed AFTER INSERT OR UPDATE OR DELETE ON story
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION story_changed()""",
]
"""Deferred: at the commit, after all rows that it locks. Earlier, two processes could wait for each
other: one with the number and without a story, one the other way round."""


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
