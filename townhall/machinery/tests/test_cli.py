"""What the `townhall` command says: how to use it, what is wrong, and how to put it right."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as installation
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from townhall.machinery.given import secret

TOWNHALL = [sys.executable, "-m", "townhall.machinery.management.cli"]


def townhall(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TOWNHALL, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def check() -> tuple[dict[str, str], int]:
    """What `townhall check` says of each subject, and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command("inspect", stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    lines = [line for line in out.getvalue().splitlines() if line[5:7] == "  "]
    parts = [line[7:].partition("  ") for line in lines]
    marks = [line[:5].strip() for line in lines]
    found = zip(marks, parts, strict=True)
    return {subject: f"{mark} {advice}".strip() for mark, (subject, _gap, advice) in found}, code


def add_worker(*, seen: str) -> None:
    with connection.cursor() as cursor:
        sql = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)"
        cursor.execute(sql, [seen])


def test_without_a_word_it_says_how_to_use_it() -> None:
    for asked in ([], ["--help"]):
        done = townhall(*asked)

        assert done.returncode == 0
        for command in ("up", "web", "worker", "check", "backup", "restore", "migrate"):
            assert f"  townhall {command} " in done.stdout


@pytest.mark.django_db
def test_an_installation_without_a_worker_is_told_to_start_one() -> None:
    said, code = check()

    assert said["worker"] == (
        "FAULT No worker is running, so nothing is sent. Start one: townhall worker"
    )
    assert code == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("seen", "well"), [("1 second", True), ("6 minutes", False)])
def test_a_worker_is_there_as_long_as_its_heart_beats(seen: str, well: bool) -> None:
    add_worker(seen=seen)

    said, _code = check()

    assert (said["worker"] == "ok") is well


@pytest.mark.django_db
def test_the_demo_and_plain_http_are_named_but_are_no_fault(settings: Settings) -> None:
    settings.DEMO = True
    demo, _code = check()
    settings.DEMO = False
    plain, _code = check()
    settings.HTTPS = True
    secure, _code = check()

    assert demo["demo"].startswith("note This is the demo town: anyone may sign in as anyone.")
    assert plain["https"].startswith("note Cookies travel over plain HTTP.")
    assert "demo" not in plain
    assert "https" not in secure


@pytest.mark.django_db
def test_that_files_are_not_scanned_is_named() -> None:
    said, _code = check()

    assert said["virus scanner"].startswith("note Files are not scanned for viruses. Install")


@pytest.mark.django_db
def test_tables_of_another_release_are_a_fault_that_comes_first() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'machinery'")

    said, code = check()

    assert said["migrations"] == ("FAULT The tables are of another release. Run: townhall migrate")
    assert "worker" not in said
    assert code == 1


@pytest.mark.django_db
def test_a_data_folder_open_to_all_is_a_fault() -> None:
    mode = installation.VAR.stat().st_mode
    installation.VAR.chmod(0o777)

    said, code = check()

    installation.VAR.chmod(mode)
    assert said["data folder"].startswith("FAULT Anyone on this machine may write to")
    assert code == 1
    assert check()[0]["data folder"] == "ok"


def test_without_a_database_it_says_so_in_words(tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": f"postgresql://nobody@/none?host={tmp_path}"}
    nowhere["TOWNHALL_VAR"] = str(tmp_path)

    done = townhall("check", **nowhere)

    assert done.returncode == 1
    assert "FAULT  database  The database does not answer." in done.stdout
    assert "ok     disk" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_secret_is_made_once_and_never_seen_half_made(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as processes:
        seen = set(processes.map(lambda _n: secret(tmp_path / "var", "key"), range(64)))

    assert len(seen) == 1
    assert len(seen.pop()) == 64
    assert (tmp_path / "var" / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["key"]
