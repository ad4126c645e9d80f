"""The weekly digest as a message: a caption for Telegram, a letter, and the picture in both."""

from __future__ import annotations

from jinja2 import Environment

from bot.channels.base import Letter, Photo
from bot.coordinators.charts.picture_data import DigestPicture
from bot.coordinators.digest.facts import Digest
from bot.coordinators.digest.gaps import PROMISES
from bot.coordinators.digest.sentences import Sentences
from conversations.engine.effects import Say

CAPTION_MAX = 1024
"""Of Telegram, counted as it counts: UTF-16 units."""


class DigestMessage(Sentences):
    """A digest, said in one language."""

    def caption(self) -> str:
        """As much as fits under a picture in Telegram, in whole sentences; the link always."""
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

    def letter(self, png: str, templates: Environment, unsubscribe: str = "") -> Letter:
        """For mail: text, and the same as HTML with the picture in it. `unsubscribe` is the address
        that ends these letters."""
        ends = [
            self.t("digest.read", link=self.link),
            self.gate_note(),
            self.t("digest.settings", link=self.settings_link),
        ]
        if unsubscribe:
            ends.append(self.t("digest.unsubscribe", link=unsubscribe))
        html = templates.get_template("digest_mail.html").render(
            told=self, t=self.t, png=bool(png), unsubscribe=unsubscribe
        )
        return Letter(
            subject=self.subject,
            text="\n\n".join([self.title, *self.paragraphs(), *ends]),
            html=html,
            picture=png,
            unsubscribe=unsubscribe,
        )

    @property
    def subject(self) -> str:
        """The team and the number of stories, when that may be known."""
        week, count = self.t("week.short", n=int(self.digest.week[6:])), self.digest.number("story")
        if count is None or self.digest.withheld:
            return self.t("digest.subject.few", whose=self.whose, week=week)
        return self.t("digest.subject", whose=self.whose, week=week, n=self.t.number(count))

    def picture(self) -> DigestPicture:
        """What the picture shows: of the stories, the share that tells of each promise."""
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
                    digest.share("answer:promise", name),
                    digest.past_share("answer:promise", name),
                )
                for name in PROMISES
            ],
            said=[self._said(digest, name) for name in PROMISES],
            this_week=t("digest.this_week"),
            quarter=t("digest.in_quarter", n=self.quarter) if digest.whole else "",
        )

    def _said(self, digest: Digest, promise: str) -> str:
        """A number with its share, as it stands beside its bar."""
        count = digest.number("answer:promise", promise)
        share = digest.share("answer:promise", promise)
        if count is None or share is None:
            return self.number(count)
        return f"{self.percent(share)} ({self.t.number(count)})"

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
        promises = [f"{self.promise(name)}: {self._said(digest, name)}." for name in PROMISES]
        return self.t("digest.alt", weeks=" ".join(weeks), promises=" ".join(promises))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
