"""A city and a village on one installation, their people, and copies of rows by the thousand."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.test import Client

from townhall.capabilities.identity.operations import add_person
from townhall.capabilities.identity.tests import make as people
from townhall.installation.wsgi import application
from townhall.machinery.organisations import Organisation
from townhall.services.bulky_waste.tests import make as makers

RESIDENT = "ada@resident.example"
STAFF = ("crew", "caseworker", "administrator")
TOWNHALL = [sys.executable, "-m", "townhall.machinery.management.cli"]
START_SECONDS = 60


@dataclass(slots=True)
class Town:
    """One organisation, and a session of each of its people."""

    organisation: Organisation
    persons: dict[str, Any] = field(default_factory=dict)  # person ids by role
    sessions: dict[str, str] = field(default_factory=dict)  # cookies by role

    @property
    def host(self) -> str:
        return f"{self.organisation.slug}.example"

    def headers(self, role: str) -> dict[str, str]:
        return {"Host": self.host, "Cookie": f"session={self.sessions[role]}"}

    def visitor(self, role: str = "") -> httpx.Client:
        """Someone who asks in this process, through all of the web's code but its sockets."""
        return httpx.Client(
            transport=httpx.WSGITransport(app=application),
            base_url=f"http://{self.host}",
            cookies={"session": self.sessions[role]} if role else {},
            follow_redirects=True,
        )


@dataclass(slots=True)
class Installation:
    """`city` is of full size, `village` small beside it, `hamlet` for what fills its lists."""

    city: Town
    village: Town
    hamlet: Town


def make() -> Installation:
    return Installation(_make_town("city"), _make_town("village"), _make_town("hamlet"))


def _make_town(slug: str) -> Town:
    town = Town(makers.make_organisation(slug))
    for role in STAFF:
        roles = ("operator", role) if role == "administrator" else (role,)
        email = f"{role}@{slug}.example"
        member = people.make_member(town.organisation, *roles, email=email, second_factor=True)
        town.persons[role] = member.id
    actor = people.make_actor(town.organisation)
    town.persons["resident"] = add_person(actor, email=f"{slug}.{RESIDENT}", name="Ada").id
    for role, person_id in town.persons.items():
        client = Client()
        people.sign_in(client, town.organisation, person_id)
        town.sessions[role] = client.cookies["session"].value
    return town


@contextlib.contextmanager
def web(*, processes: int = 2) -> Iterator[int]:
    """`townhall web`, one process for each core; its port."""
    port = free_port()
    command = [*TOWNHALL, "web", "--port", str(port), "--workers", str(processes)]
    environment = os.environ | {"TOWNHALL_LOG_LEVEL": "INFO"}
    with (Path(os.environ["TOWNHALL_VAR"]) / "web.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/ready")
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
