"""The weekly digest as a message: a caption for Telegram, a letter, and the picture in both."""

from __future__ import annotations

from jinja2 import Environment

from bot.channels.base import Letter, Photo
from bot.coordinators.charts.picture_data import DigestPicture
from bot.coordinators.digest.facts import Digest
from bot.coordinators.digest.gaps import PROMISES
from bot.coordinators.digest.sentences import QUARTER_WEEKS, Sentences
from conversations.engine.effects import Say

CAPTION_MAX = 1024
"""Of Telegram, counted as it counts: UTF-16 units."""


class DigestMessage(Sentences):
    """A digest, said in one language."""

    def caption(self) -> str:
        """As much as fits under a picture in Telegram, the link always."""
        end = self.t("digest.read", link=self.link)
        lines = [self.title]
        for line in self.paragraphs():
            if _units("\n\n".join([*lines, line, end])) > CAPTION_MAX:
                break
            lines.append(line)
        return "\n\n".join([*lines, end])

    def photo(self, png: str) -> Photo | Say:
        """For Telegram; without a picture the same in words."""
        if not png:
            return Say(self.caption())
        return Photo(self.caption(), png)

    def letter(self, png: str, templates: Environment) -> Letter:
        """For mail: text, and the same as HTML with the picture in it."""
        end = self.t("digest.read", link=self.link)
        gate = f"{self.t('digest.counted')} {self.t('digest.gate', k=self.digest.k)}"
        html = templates.get_template("digest_mail.html").render(told=self, t=self.t, png=bool(png))
        return Letter(
            subject=self.t(
                "digest.subject", week=self.t("week.short", n=int(self.digest.week[6:]))
            ),
            text="\n\n".join([self.title, *self.paragraphs(), end, gate]),
            html=html,
            picture=png,
        )

    def picture(self) -> DigestPicture:
        """What the picture shows."""
        digest, t = self._pictured, self.t
        return DigestPicture(
            title=self.title if digest is self.digest else self._every,
            subtitle=f"{t('digest.gate', k=digest.k)}\n{t('digest.gate.dot', k=digest.k)}",
            weeks_title=t("digest.weeks"),
            weeks=[(str(int(week[6:])), count) for week, count in digest.weeks.items()],
            promises_title=t("digest.promises"),
            promises=[
                (
                    self.promise(name),
                    digest.number("answer:promise", name),
                    None if digest.team else _average(digest.past("answer:promise", name)),
                )
                for name in PROMISES
            ],
            this_week=t("digest.this_week"),
            per_week="" if digest.team else t("digest.per_week", n=self.quarter),
            hidden=t("digest.hidden", k=digest.k),
        )

    @property
    def _every(self) -> str:
        return self.t("digest.picture.together", n=int(self.digest.week[6:]))

    @property
    def _pictured(self) -> Digest:
        """What there is to see: all teams together when this one is too small to show."""
        digest, every = self.digest, self.digest.together
        empty = not digest.shows("answer:promise") and not any(digest.weeks.values())
        return every if empty and every is not None else digest

    def alt(self) -> str:
        """The picture in words, for who does not see it."""
        digest = self._pictured
        weeks = [
            f"{self.t('week.short', n=int(week[6:]))}: {self.number(count)}."
            for week, count in digest.weeks.items()
        ]
        promises = [
            f"{self.promise(name)}: {self.number(digest.number('answer:promise', name))}."
            for name in PROMISES
        ]
        return self.t("digest.alt", weeks=" ".join(weeks), promises=" ".join(promises))


def _average(total: int | None) -> float | None:
    return None if total is None else total / QUARTER_WEEKS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
