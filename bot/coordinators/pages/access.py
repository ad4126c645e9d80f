"""Pages about access: who may read, and the own settings."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.channels.push.subscription import NoSubscription, Subscription, read_subscription
from bot.coordinators.digest.digest_bells import MESSAGES, way_to
from bot.coordinators.login_links import send_link
from bot.coordinators.pages.site import (
    EVERYONE,
    MODERATORS,
    Site,
    Visit,
    said_of,
    see_other,
)
from bot.coordinators.phrases import LANGUAGES
from bot.validation.mail_addresses import NoAddress, parse_address
from storage.coordinators import audit, coordinators, logins, teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team
from storage.engine.transaction import Snapshot, Transaction
from storage.vault.vault import new_token
from storage.weeks import week_of


class AccessPages:
    """`/coordinator/people`, `/settings`."""

    def __init__(self, site: Site, push_key: str = "") -> None:
        self.site = site
        self._push_key = push_key

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get("/coordinator/people", guard(self._people, MODERATORS)),
            web.post("/coordinator/people", guard(self._add, MODERATORS)),
            web.post("/coordinator/people/{id}/{act}", guard(self._change, MODERATORS)),
            web.get("/coordinator/settings", guard(self._settings, EVERYONE)),
            web.post("/coordinator/settings", guard(self._save_settings, EVERYONE)),
            web.post("/coordinator/settings/telegram", guard(self._link_telegram, EVERYONE)),
            web.post("/coordinator/settings/push", guard(self._ring_here, MODERATORS)),
        ]

    # -- who may read

    async def _people(
        self, request: web.Request, visit: Visit, link: str = "", problem: str = ""
    ) -> web.Response:
        everybody = await self.site.database.read(coordinators.listed)
        known = await self.site.database.read(teams.all_teams)
        return self.site.page(
            visit,
            "people.html",
            status=400 if problem else 200,
            people=[each for each in everybody if manages(visit.who, each)],
            teams={team.id: team for team in known if self._mine(visit, team.id)},
            link=link,
            problem=problem,
            done=said_of(request, visit, "tables.did.people"),
            once=new_token(),
        )

    async def _add(self, request: web.Request, visit: Visit) -> web.Response:
        form, vault, now = await request.post(), self.site.services.vault, self.site.clock.now()
        name, typed = str(form.get("name", ""))[:80], str(form.get("address", "")).strip()
        wanted = Coordinator(
            id="",
            role=next((role for role in EVERYONE if role == form.get("role")), "reader"),
            team=str(form.get("team", "")),
            name=name.strip(),
        )
        if wanted.role == "association":
            wanted = replace(wanted, team="")
        known = {team.id for team in await self.site.database.read(teams.open_teams)}
        if not (name.strip() and manages(visit.who, wanted) and wanted.team in {*known, ""}):
            return await self._people(request, visit, problem="people.problem")
        try:
            address = parse_address(typed) if typed else ""
        except NoAddress:
            return await self._people(request, visit, problem="people.address")

        once = str(form.get("once", "")) or new_token()
        new = vault.token_hash(f"coordinator:{visit.who.id}:{once}")[:32]

        def add(connection: Transaction) -> str:
            if coordinators.by_id(connection, new) is not None:  # the form came twice
                return logins.make_link(connection, new, now)
            made = coordinators.add(
                connection,
                wanted.role,
                wanted.name,
                team=wanted.team,
                channel="mail" if address else "",
                address=address,
                language=visit.who.language,
                since=week_of(now),
                coordinator_id=new,
            )
            audit.note(
                connection, visit.who, "coordinator_added", now, team=made.team,
                detail=made.role)  # fmt: skip
            return logins.make_link(connection, made.id, now)

        try:
            token = await self.site.database.write(add)
        except ValueError:
            return await self._people(request, visit, problem="people.problem")
        return await self._people(request, visit, link=self._link(token))

    async def _change(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        """A new link, all sessions ended, or access taken away."""
        now = self.site.clock.now()
        who_id, act = request.match_info["id"], request.match_info["act"]
        url = self.site.services.settings.public_url
        form = await request.post()
        if act == "remove" and who_id != visit.who.id and form.get("sure") != "yes":
            return await self._ask_remove(visit, who_id)

        def change(connection: Transaction) -> str | None:
            someone = coordinators.by_id(connection, who_id)
            if someone is None or not manages(visit.who, someone):
                return None
            match act:
                case "link":
                    audit.note(
                        connection, visit.who, "coordinator_added", now, team=someone.team,
                        detail=someone.role)  # fmt: skip
                    return logins.make_link(connection, who_id, now)
                case "send":
                    send_link(connection, someone, url, now)
                    return ""
                case "end":
                    logins.end_all_sessions(connection, who_id)
                    audit.note(connection, visit.who, "sessions_ended", now)
                    return ""
                case "remove" if who_id != visit.who.id:
                    coordinators.remove(connection, who_id)
                    audit.note(connection, visit.who, "coordinator_removed", now, team=someone.team)
                    return ""
            return None

        done = await self.site.database.write(change)
        if done is None:
            return self.site.missing(visit)
        if done:
            return await self._people(request, visit, link=self._link(done))
        return see_other("/coordinator/people")

    async def _ask_remove(self, visit: Visit, who_id: str) -> web.Response:
        """Nothing is taken away before it was asked once more: it logs someone out at once."""

        def read(session: Snapshot) -> tuple[Coordinator | None, Team | None]:
            someone = coordinators.by_id(session, who_id)
            every = {team.id: team for team in teams.all_teams(session)}
            return someone, every.get(someone.team) if someone else None

        someone, team = await self.site.database.read(read)
        if someone is None or not manages(visit.who, someone):
            return self.site.missing(visit)
        return self.site.page(visit, "people_ask.html", someone=someone, team=team)

    # -- settings

    async def _settings(self, _request: web.Request, visit: Visit, link: str = "") -> web.Response:
        settings, who = self.site.services.settings, visit.who
        has_telegram = bool(settings.telegram.token.get_secret_value())
        way, _ = way_to(self.site.services, who)
        rings = who.role in MODERATORS and (who.push or way not in MESSAGES)
        return self.site.page(
            visit,
            "settings.html",
            digest=settings.digest,
            telegram=has_telegram,
            link=link,
            way=way,
            push_key=self._push_key if rings else "",
        )

    async def _ring_here(self, request: web.Request, visit: Visit) -> web.Response:
        """The device that rings when there is a digest, in the place of the one before; without a
        subscription none does. With `was`, which a browser sends by itself, only that one is
        replaced."""
        form, now = await request.post(), self.site.clock.now()
        sent, was = str(form.get("subscription", "")), str(form.get("was", ""))
        private = self.site.services.settings.push.private
        try:
            made = read_subscription(sent.encode(), private=private) if sent else None
            known = Subscription.from_address(visit.who.push) if visit.who.push else None
        except NoSubscription:
            return self.site.page(visit, "message.html", status=400, key="error.form")
        if (made and not self._push_key) or (was and (known is None or known.endpoint != was)):
            return self.site.missing(visit)
        begins = made is not None and not was
        changed = replace(
            visit.who,
            push=made.address if made else "",
            digest=visit.who.digest or begins,
        )

        def save(connection: Transaction) -> None:
            coordinators.save(connection, changed)
            audit.note(connection, visit.who, "coordinator_changed", now)

        await self.site.database.write(save)
        return see_other("/coordinator/settings")

    async def _link_telegram(self, request: web.Request, visit: Visit) -> web.Response:
        """What to send to the bot, so that it knows this coordinator."""
        now, who = self.site.clock.now(), visit.who.id
        token = await self.site.database.write(lambda c: logins.make_link(c, who, now))
        return await self._settings(request, visit, link=f"/start k-{token}")

    async def _save_settings(self, request: web.Request, visit: Visit) -> web.Response:
        form, now = await request.post(), self.site.clock.now()
        day, moment = str(form.get("day", "")), str(form.get("time", ""))
        hour, _, minute = moment.partition(":")
        fine = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
        language = str(form.get("language", ""))
        changed = replace(
            visit.who,
            digest=form.get("digest") == "yes",
            day=day if day in DAYS else visit.who.day,
            time=f"{int(hour):02d}:{int(minute):02d}" if fine else visit.who.time,
            language=language if language in LANGUAGES else visit.who.language,
        )

        def save(connection: Transaction) -> None:
            coordinators.save(connection, changed)
            audit.note(connection, visit.who, "coordinator_changed", now)

        await self.site.database.write(save)
        return see_other("/coordinator/settings")

    def _link(self, token: str) -> str:
        return f"{self.site.services.settings.public_url}/coordinator/login/{token}"

    def _mine(self, visit: Visit, team: str) -> bool:
        return visit.who.role == "association" or visit.who.team == team


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def manages(who: Coordinator, someone: Coordinator) -> bool:
    """Whether someone's access is theirs to give and take: the association's everybody's, a team's
    its own people's."""
    if who.role == "association":
        return True
    return who.role == "team" and someone.role != "association" and someone.team == who.team
