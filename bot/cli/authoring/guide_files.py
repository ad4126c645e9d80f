"""`vertelbot guide`: guides as files, made, checked, drawn and carried elsewhere."""

from __future__ import annotations

import argparse

from bot.cli.common import Commands, command
from bot.cli.guides import check, check_options


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    about = "guides as files: make, check, draw, export, import"
    top = command(commands, common, "guide", about)
    actions = top.add_subparsers(required=True, metavar="action")
    checking = command(actions, common, "check", "the same as vertelbot check", check)
    check_options(checking)
