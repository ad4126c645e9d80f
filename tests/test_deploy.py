"""What lies under deploy/ fits the program: its metrics, its settings, its commands."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.parser import parser as command_line
from bot.operations.metrics import Metrics
from bot.settings import Settings, load
from tests.botapi import BotApi
from tests.end_to_end.kit import running

DEPLOY = Path(__file__).parents[1] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana" / "vertelbot.json").read_text("utf-8"))
ALERTS = (DEPLOY / "alerts.yml").read_text("utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
OPERATIONS = (DEPLOY.parent / "docs" / "operations.md").read_text("utf-8")


def known() -> set[str]:
    """Every series that `/metrics` can have."""
    names = set()
    for family in Metrics().registry.collect():
        suffixes = {
            "counter": ("_total",),
            "histogram": ("_bucket", "_sum", "_count"),
        }.get(family.type, ("",))
        names |= {family.name + suffix for suffix in suffixes}
    return names


def labels() -> dict[str, set[str]]:
    """The labels of every series."""
    made = Metrics()
    found = {}
    for collector in vars(made).values():
        if hasattr(collector, "_labelnames"):
            for family in collector.describe():
                found[family.name] = set(collector._labelnames)
    return found


def asked() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"]
    yield from re.findall(r"expr: (.+)", ALERTS)


@pytest.mark.parametrize("query", sorted(set(asked())))
def test_a_query_asks_for_what_is_measured(query: str) -> None:
    assert set(re.findall(r"vertelbot_\w+", query)) <= known()
    for name, selector in re.findall(r"(vertelbot_\w+)\{([^}]*)\}", query):
        base = re.sub(r"_(total|bucket|sum|count)$", "", name)
        assert set(re.findall(r"(\w+)=", selector)) <= labels()[base] | {"le"}


@pytest.mark.parametrize("name", sorted(known()))
def test_what_is_measured_is_seen_somewhere(name: str) -> None:
    base = re.sub(r"_(sum|count|bucket)$", "_bucket", name)
    assert any(base in query for query in asked())


def test_every_alert_says_what_to_do_and_is_in_the_book_for_the_night() -> None:
    names = re.findall(r"alert: (\w+)", ALERTS)
    assert len(names) == len(re.findall(r"summary: .+", ALERTS))
    assert [name for name in names if name not in OPERATIONS] == []


async def test_a_job_that_goes_on_failing_sets_off_an_alert(tmp_path: Path) -> None:
    """However seldom it is tried: the failures that fit into the time looked at are enough."""
    pattern = r'increase\(vertelbot_job_failures_total(?:{job="(\w+)"})?\[(\d+)([mh])\]\) > (\d+)'
    rules = [
        (job, int(number) * {"m": 60, "h": 3600}[unit], int(more))
        for job, number, unit, more in re.findall(pattern, ALERTS)
    ]
    async with BotApi() as api, running(tmp_path, api) as house:
        jobs = house.app.jobs.ticker.jobs
    for name, (seconds, _) in jobs.items():
        assert any(job in ("", name) and looked // seconds > more for job, looked, more in rules), (
            name
        )


def test_what_asks_for_figures_gets_them_and_is_known_to_the_alerts() -> None:
    (job,) = set(re.findall(r'up\{job="(\w+)"\}', ALERTS))
    assert f"job_name: {job}" in OPERATIONS
    assert "#   VERTELBOT_WEB__METRICS_TOKEN=" in COMPOSE


def settings_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"VERTELBOT_([A-Z]+)__([A-Z_]+)", text)


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "vertelbot.service"])
def test_every_setting_that_is_set_exists(file: str) -> None:
    for section, key in settings_in((DEPLOY / file).read_text("utf-8")):
        if section == "SECTION":
            continue  # how any of them is written
        assert hasattr(getattr(Settings(), section.lower()), key.lower()), f"{section}__{key}"


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.+?)```", OPERATIONS, re.DOTALL))


def test_every_command_of_the_book_is_one() -> None:
    commands = re.findall(r"^vertelbot (.+?)(?:  .*)?$", blocks("sh"), re.MULTILINE)
    commands += re.findall(r"`vertelbot (.+?)`", OPERATIONS)
    assert {"key", "backup", "restore", "purge", "coordinator"} <= {
        command.split()[0] for command in commands
    }
    for command in commands:
        command_line().parse_args(shlex.split(re.sub(r"\$\(.+?\)", "today", command)))


def test_the_commands_of_the_book_and_the_service_have_one_configuration() -> None:
    (named,) = set(re.findall(r"VERTELBOT_CONFIG=(\S+)", blocks("sh")))
    assert unit()["Service"]["Environment"] == f"VERTELBOT_CONFIG={named}"
    assert f"config.example.toml {named}" in blocks("sh")
    assert OPERATIONS.index(f"in `{named}`") < OPERATIONS.index("systemctl enable --now")


def test_what_the_book_sets_is_a_configuration_that_the_service_may_use(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(blocks("toml").rpartition("[backup]")[0])
    given, service = load(file), unit()["Service"]
    state = Path("/var/lib") / service["StateDirectory"]
    assert given.privacy.key_file.parent == state
    assert given.storage.url == f"sqlite:///{state}/vertelbot.db"
    assert given.backup.folder == service["ReadWritePaths"].removeprefix("-")
    assert f"install -d -m 0700 -o vertelbot -g vertelbot {state} " in blocks("sh")


def test_recordings_may_be_written_out_at_a_low_priority() -> None:
    calls = re.findall(
        r"^SystemCallFilter=(.+)$", (DEPLOY / "vertelbot.service").read_text(), re.MULTILINE
    )
    assert calls == ["@system-service", "~@privileged @resources", "setpriority"]


def unit() -> Any:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEPLOY / "vertelbot.service")
    return parser


DRAIN = Settings().web.drain
TO_STOP = DRAIN + 25
"""Seconds: the drain, pages that do not answer, what was begun, and what is being sent."""


def test_it_gets_the_time_it_needs_to_stop() -> None:
    service = unit()["Service"]
    assert int(service["TimeoutStopSec"]) >= TO_STOP
    assert service["KillMode"] == "mixed"
    grace = re.search(r"stop_grace_period: (\d+)s", COMPOSE)
    assert grace is not None
    assert int(grace[1]) >= TO_STOP


def test_the_proxy_sees_in_time_that_a_process_leaves() -> None:
    interval = re.search(r"health_interval (\d+)s", (DEPLOY / "Caddyfile").read_text("utf-8"))
    assert interval is not None
    assert int(interval[1]) < DRAIN


def test_the_image_is_made_of_what_is_there_and_has_everything() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (DEPLOY.parent / name).exists(), name
        assert f"!{name}" in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert DOCKERFILE.count("--extra charts") == DOCKERFILE.count("uv sync") == 2


def test_every_setting_can_be_given_to_the_replicas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file beside the compose file goes in whole; nothing in it stops the start."""
    assert "env_file: .env" in COMPOSE
    head = COMPOSE[: COMPOSE.index("services:")]
    for name in re.findall(r"^#   (\w+)=", head, re.MULTILINE):
        monkeypatch.setenv(name, "learn@example.nl")
    monkeypatch.setenv("VERTELBOT_DIGEST__DAY", "friday")
    monkeypatch.setenv("VERTELBOT_MAIL__SENDER", "Vertelbot <vertelbot@example.nl>")
    monkeypatch.setenv("VERTELBOT_TELEGRAM__WEBHOOK_SECRET", "a" * 20)
    (tmp_path / "config.toml").touch()
    given = load(tmp_path / "config.toml")
    assert given.mail.host == given.organisation.name == "learn@example.nl"
    assert given.digest.day == "friday"


def test_images_and_uv_are_of_one_version() -> None:
    for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) + re.findall(
        r"image: (\S+)", COMPOSE
    ):
        assert re.search(r":\d+\.\d+(\.\d+)?-\w+", image), image
    makefile = (DEPLOY.parent / "Makefile").read_text("utf-8")
    (version,) = re.findall(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE)
    assert f"uv=={version}\n" in DOCKERFILE


def test_it_runs_as_nobody_and_may_write_where_volumes_are() -> None:
    assert re.search(r"^USER vertelbot$", DOCKERFILE, re.MULTILINE)
    made = re.search(r"install -d -o vertelbot -g vertelbot -m 0700 (.+)", DOCKERFILE)
    assert made is not None
    mounted = re.findall(r"\w+:(/\w+)[,\]]", COMPOSE[COMPOSE.index("one: &replica") :])
    assert {"/keys", "/backups"} <= set(mounted) <= set(made[1].split())
    assert "read_only: true" in COMPOSE


def test_the_pages_of_health_are_not_for_the_outside() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert re.search(r"@inside path /metrics /health /ready", caddy)


def test_the_proxy_tells_no_address_of_a_visitor() -> None:
    """Neither of every request, nor of those that fail or are broken off."""
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    everybody, site = caddy.split("{$VERTELBOT_DOMAIN} {")
    assert re.search(r"log \{\s+output discard", site)
    silenced = re.search(r"^\tlog \{\s+exclude (.+)$", everybody, re.MULTILINE)
    assert silenced is not None
    assert {"http.log.error", "http.handlers.reverse_proxy"} <= set(silenced[1].split())
