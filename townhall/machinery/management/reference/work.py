"""What runs by itself, and what an operator types."""

from argparse import Action
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from townhall.machinery.management.cli import USAGE
from townhall.machinery.management.reference.markdown import (
    code,
    file_of,
    first_line,
    page,
    table,
)


def tasks() -> str:
    crons = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    names = sorted(name for name in app.tasks if name.startswith("townhall."))
    return page(
        "Tasks",
        "What `townhall worker` runs: queued by an operation, or on a schedule (as crontab, UTC). "
        "Each may run twice, and is tried again when it fails.",
        table(
            ["task", "schedule", "what it does"],
            [
                (code(name), code(crons.get(name, "")), first_line(import_string(name)))
                for name in names
            ],
        ),
    )


def commands() -> str:
    ours = sorted(name for name, app in get_commands().items() if app.startswith("townhall."))
    blocks = [block for name in ours for block in _command(name)]
    return page(
        "Commands",
        "What an operator types. `townhall check` runs the command `inspect` below; Django's own "
        "commands are there too (`townhall help`).",
        f"```\n{USAGE.rstrip()}\n```",
        *blocks,
    )


def _command(name: str) -> Iterator[str]:
    command = load_command_class(get_commands()[name], name)
    own = list(_own_arguments(command, name))
    words = " ".join(each.dest for each in own if not each.option_strings)
    yield f"## {code(f'townhall {name} {words.upper()}'.strip())}"
    yield f"{command.help.rstrip('.')}. ({code(file_of(type(command)))})"
    if own:
        yield table(
            ["argument", "meaning"],
            [(code(", ".join(each.option_strings) or each.dest), each.help or "") for each in own],
        )


def _own_arguments(command: BaseCommand, name: str) -> Iterator[Action]:
    if not type(command).add_arguments.__module__.startswith("townhall."):
        return
    every_command_has = {each.dest for each in BaseCommand().create_parser("", "")._actions}
    for action in command.create_parser("townhall", name)._actions:
        if action.dest not in every_command_has:
            yield action
