"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations import first_blobs, first_meetings

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "sqlite": """
        CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent
        BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END;
        CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent
        WHEN NOT (
            NEW.id IS OLD.id AND NEW.story_hash IS OLD.story_hash
            AND NEW.purpose IS OLD.purpose AND NEW.answer IS OLD.answer
            AND NEW.event IS OLD.event AND NEW.notice_sha256 IS OLD.notice_sha256
            AND NEW.week IS OLD.week AND NEW.version IS OLD.version
            AND (NEW.sealed IS NULL
                OR ifnull(substr(NEW.sealed, 1, 1) > substr(OLD.sealed, 1, 1), false))
        )
        BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END;
    """,
    "postgresql": """
        CREATE FUNCTION consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (NEW.id, NEW.story_hash, NEW.purpose, NEW.answer, NEW.event,
                    NEW.notice_sha256, NEW.week, NEW.version) IS NOT DISTINCT FROM
                    (OLD.id, OLD.story_hash, OLD.purpose, OLD.answer, OLD.event,
                    OLD.notice_sha256, OLD.week, OLD.version)
                AND (NEW.sealed IS NULL
                    OR substr(NEW.sealed, 1, 1) > substr(OLD.sealed, 1, 1)) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'consent is append-only' USING ERRCODE = 'check_violation';
        END $$;
        CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON consent
            FOR EACH ROW EXECUTE FUNCTION consent_append_only();
        CREATE TRIGGER consent_no_truncate BEFORE TRUNCATE ON consent
            FOR EACH STATEMENT EXECUTE FUNCTION consent_append_only();
    """,
}
"""Of a consent only the sealed part may change: emptied, or sealed with a newer key."""


def only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("story_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("notice_sha256", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(event = 'given' AND answer IN ('yes', 'coordinator')) OR"
            " (event IN ('refused', 'withdrawn') AND answer = 'no') OR"
            " (event = 'asked' AND answer = '')",
            name="consent_event",
        ),
        sa.CheckConstraint(
            "purpose IN ('keep', 'team', 'network', 'quote', 'contact', 'relay', 'voice', 'photo')",
            name="consent_purpose",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "purpose", "answer"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consent_story_hash", "consent", ["story_hash"])
    op.create_table(
        "guideversion",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_index("ix_guideversion_guide", "guideversion", ["guide"])
    op.create_table(
        "inbox",
        sa.Column("id", RISING, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('new', 'done', 'failed')", name="inbox_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "external_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_new", "inbox", ["id"], **only("state = 'new'"))
    op.create_index("ix_inbox_person_id", "inbox", ["person_id"], **only("person_id IS NOT NULL"))
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("seen_week", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "address_hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "guide", "team_id", "dimension", "value"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "conversation",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.String(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("ix_conversation_trace", "conversation", ["trace"], **only("trace IS NOT NULL"))
    op.create_index("ix_conversation_updated_at", "conversation", ["updated_at"])
    op.create_table(
        "coordinator",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("role IN ('association', 'team', 'reader')", name="coordinator_role"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", RISING, nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('say', 'mark', 'tick', 'echo', 'leave', 'document', 'letter', 'photo', "
            "'clear')",
            name="outbox_kind",
        ),
        sa.CheckConstraint("lane IN ('reply', 'prompt', 'digest')", name="outbox_lane"),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'uncertain', 'gone')",
            name="outbox_state",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["lane", "due_at", "id"], **only("state = 'pending'")
    )
    op.create_index(
        "ix_outbox_leased", "outbox", ["leased_until"], **only("leased_until IS NOT NULL")
    )
    op.create_index("ix_outbox_person_id", "outbox", ["person_id", "id"])
    op.create_index("ix_outbox_sending", "outbox", ["due_at"], **only("state = 'sending'"))
    op.create_index("ix_outbox_trace", "outbox", ["trace"], **only("trace IS NOT NULL"))
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["queue", "lane", "id"],
        **only("state IN ('pending', 'sending')"),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("municipality", sa.String(), nullable=True),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("may_team", sa.Boolean(), nullable=False),
        sa.Column("coordinator_only", sa.Boolean(), nullable=False),
        sa.Column("may_network", sa.Boolean(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("may_relay", sa.Boolean(), nullable=False),
        sa.Column("sealed_return", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.String(), nullable=True),
        sa.Column("keep_record", sa.String(), nullable=False),
        sa.Column("keep_purpose", sa.String(), nullable=False),
        sa.Column("keep_answer", sa.String(), nullable=False),
        sa.CheckConstraint("keep_answer = 'yes'", name="story_keep_answer"),
        sa.CheckConstraint("keep_purpose = 'keep'", name="story_keep_purpose"),
        sa.CheckConstraint("state IN ('kept', 'held', 'serious')", name="story_state"),
        sa.CheckConstraint(
            "(may_team AND NOT coordinator_only) OR NOT (may_network OR may_quote)",
            name="story_ladder",
        ),
        sa.CheckConstraint("may_team OR NOT coordinator_only", name="story_coordinator"),
        sa.ForeignKeyConstraint(
            ["keep_record", "keep_purpose", "keep_answer"],
            ["consent.id", "consent.purpose", "consent.answer"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_held", "story", ["team_id"], **only("state <> 'kept'"))
    op.create_index("ix_story_shared", "story", ["may_network", "state", "week", "reviewed"])
    op.create_index("ix_story_team_id", "story", ["team_id", "week"])
    op.create_index("ix_story_waiting", "story", ["team_id"], **only("NOT reviewed"))
    op.create_index("ix_story_week", "story", ["week"])
    op.create_table(
        "timer",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "kind"),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_table(
        "loginlink",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["coordinator_id"], ["coordinator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_loginlink_coordinator_id", "loginlink", ["coordinator_id"])
    op.create_table(
        "websession",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["coordinator_id"], ["coordinator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_websession_coordinator_id", "websession", ["coordinator_id"])
    create_readers()
    first_meetings.create()
    first_blobs.create()
    dialect = op.get_bind().dialect.name
    for statement in split(APPEND_ONLY[dialect]):
        op.execute(sa.text(statement))


def create_readers() -> None:
    """What coordinators did and were told, and the numbers that left through the gate."""
    op.create_table(
        "audit",
        sa.Column("id", RISING, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("story_hash", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_story_hash", "audit", ["story_hash"])
    op.create_index("ix_audit_team_id", "audit", ["team_id", "id"])
    op.create_table(
        "publication",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("period", "part"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "released",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "part", "scope", "dimension", "value"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "digestsent",
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["coordinator_id"], ["coordinator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("coordinator_id", "week"),
    )


def split(script: str) -> list[str]:
    """The statements of a script; each begins with CREATE."""
    return ["CREATE " + part for part in script.split("CREATE ")[1:]]


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
