"""A durable step in a session of SQLModel, as its documentation shows: was the update seen, the
answer, where the conversation is, the message to send. No bot, no words, no encryption."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Engine, event
from sqlmodel import Field, Session, SQLModel, create_engine

from benchmarks.contenders import Figures, Rounds, serve

PEOPLE = 64
STEPS = 8


class Seen(SQLModel, table=True):
    id: int = Field(primary_key=True)


class Place(SQLModel, table=True):
    person: int = Field(primary_key=True)
    state: str


class Answer(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    text: str


class Message(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    text: str
    state: str = "pending"


def step(engine: Engine, update: int, person: int) -> None:
    with Session(engine) as session:
        if session.get(Seen, update):
            return
        place = session.get(Place, person) or Place(person=person, state="")
        place.state = "s" * 900
        answer = Answer(person=person, text="x" * 70)
        message = Message(person=person, text="Nog iets? " * 10)
        for row in (Seen(id=update), answer, place, message):
            session.add(row)
        session.commit()
        message.state = "sent"
        session.add(message)
        session.commit()


def durable(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


@asynccontextmanager
async def contender() -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/steps.db")
        event.listen(engine, "connect", durable)
        SQLModel.metadata.create_all(engine)
        updates = itertools.count(1)

        async def one_round() -> Figures:
            cpu, wall = time.process_time(), time.perf_counter()
            for person in list(range(PEOPLE)) * STEPS:
                step(engine, next(updates), person)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            count = PEOPLE * STEPS
            return {"cpu_us": cpu / count * 1e6, "per_second": count / wall}

        yield one_round
        engine.dispose()


if __name__ == "__main__":
    serve(contender)
