"""What commands make of files of configuration and of the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[telegram]\ntokken = "x"\n', "telegram.tokken is no key"),
        ("[wbe]\n", "wbe is no key"),
        ("[web]\nport = 70000\n", "web.port is wrong"),
        ("[retention]\ndraft_days = 99\n", "retention.draft_days is wrong"),
        ('[storage]\nurl = "mysql://x"\n', "storage.url is wrong"),
        ('[storage]\nurl = "sqlite://"\n', "storage.url is wrong"),
        ('[web]\npublic_url = "vertel.example.nl"\n', "web.public_url is wrong"),
        (
            f'[telegram]\ntoken = "4:x"\nmode = "webhook"\nwebhook_secret = "{"s" * 16}"\n',
            "needs a public_url",
        ),
        ('[mail]\nhost = "mail.example.nl"\n', "mail is wrong: Value error, a host needs a sender"),
        ("[web\n", "config.toml"),
    ],
)
def test_a_wrong_configuration_names_the_key_and_the_mend(
    run: Run, tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "config.toml").write_text(text)
    code, _, err = run("team", "list")
    assert code == 1
    assert complaint in err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://bob:secret@127.0.0.1:1/v", "127.0.0.1:1/v cannot be used"),
        ("postgresql://bob:secret@127.0.0.1:1/v", ": start that database"),
        ("sqlite:///notes.txt", "notes.txt cannot be used"),
        ("sqlite:///notes.txt", ": set the url of a database under [storage]"),
        ("sqlite:///notes.txt/v.db", ": let this user write there"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_with_the_mend_and_without_its_password(
    run: Run, tmp_path: Path, url: str, named: str
) -> None:
    (tmp_path / "config.toml").write_text(f'[storage]\nurl = "{url}"\n')
    (tmp_path / "notes.txt").write_text("This is no database. " * 100)
    code, _, err = run("team", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert named in err
    assert "secret" not in err


def test_a_wrong_name_in_the_environment_stops_the_start(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERTELBOT_WEBB__PORT", "1")
    code, _, err = run("team", "list")
    assert (code, "VERTELBOT_WEBB__PORT" in err) == (1, True)


def test_the_environment_wins_and_paths_follow_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "my.toml").write_text('[web]\npublic_url = "https://a.example"\n')
    monkeypatch.setenv("VERTELBOT_WEB__PUBLIC_URL", "https://b.example/")
    code, out, _ = run(
        "team", "add", "Oost", "--municipality", "Zwolle", "--config", "there/my.toml"
    )
    assert (code, "https://b.example/t/" in out) == (0, True)
    assert (tmp_path / "there" / "data" / "vertelbot.db").exists()
    assert run("team", "list", "--config", "nothing.toml")[0] == 1


def test_the_environment_names_the_configuration_of_every_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "my.toml").write_text("")
    monkeypatch.setenv("VERTELBOT_CONFIG", "there/my.toml")
    assert run("team", "add", "Oost", "--municipality", "Zwolle")[0] == 0
    assert run("key", "export", "copy.key")[0] == 0
    assert run("key", "rotate")[0] == 0
    assert run("backup", "backup.vb")[0] == 0
    assert not (tmp_path / "data").exists()
    (tmp_path / "mine.toml").write_text("")
    assert "no teams yet" in run("team", "list", "--config", "mine.toml")[1]
    monkeypatch.setenv("VERTELBOT_CONFIG", "nothing.toml")
    assert run("team", "list")[2].startswith("nothing.toml: no such file")


def test_a_token_never_shows_in_a_complaint(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[telegram]\ntoken = "4242:secret"\nmode = "pigeon"\n')
    code, out, err = run("team", "list")
    assert code == 1
    assert "secret" not in out + err
