"""Running it: several processes on one database, killed ones, backups, and `townhall up`.

The tests stand in the order in which they are run: what is slow goes on behind the others.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from django.core.management import CommandError, call_command
from pytest_django.plugin import DjangoDbBlocker

from tests.journeys.town import (
    TOWNHALL,
    MailServer,
    code_in,
    free_port,
    mail_server,
    new_town,
)
from tests.processes import (
    PICTURE,
    RESTORE_EACH,
    TASKS,
    Running,
    Traveller,
    Up,
    alone,
    answered,
    audit,
    bytes_under,
    children,
    digests,
    runs,
    tar,
    townhall,
    wait_until,
)
from townhall.machinery.database import launcher
from townhall.machinery.database.testing import clone
from townhall.machinery.tests.test_tasks import add_mark


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where PostgreSQL's user reaches its files; pytest's own folders are closed."""
    made = Path(tempfile.mkdtemp(prefix="townhall-running-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def running(folder: Path, mail: MailServer) -> Iterator[Running]:
    with new_town(folder / "first", smtp=mail.url) as town:
        yield Running(town)


@pytest.fixture(scope="module")
def booked(running: Running, mail: MailServer) -> tuple[Traveller, str]:
    """A resident who has signed in, and the collection that they booked and paid for before."""
    traveller = Traveller(running.webs[0], "ada@resident.example")
    traveller.webs = running.webs
    collection_id = traveller.book()
    traveller.pay(collection_id)
    traveller.get("/account/")
    traveller.post(traveller.here, {"email": traveller.email})
    letter = mail.wait_for(traveller.email, "code")
    traveller.post(traveller.here, {"code": code_in(letter)})
    return traveller, collection_id


def test_a_booking_begun_on_one_web_process_is_finished_on_the_other(
    running: Running, booked: tuple[Traveller, str]
) -> None:
    traveller, collection_id = booked

    state = f"SELECT state FROM bulky_waste_collection WHERE id = '{collection_id}'"
    wait_until(lambda: running.town.rows(state) == [("booked",)], "it was not booked")
    for _each in running.webs:
        traveller.get(f"/bulky-waste/requests/{collection_id}/")
        assert traveller.last.status_code == 200


def test_two_workers_share_the_tasks_and_do_each_once(running: Running) -> None:
    whats = [f"task {number}" for number in range(TASKS)]

    running.queue(add_mark.name, *whats)

    wait_until(lambda: len(running.marks("task %")) >= TASKS, "not all tasks were done")
    done = running.town.rows("SELECT what, process FROM marks WHERE what LIKE 'task %'")
    assert sorted(str(what) for what, _process in done) == sorted(whats)
    assert len({process for _what, process in done}) == 2


def test_requests_are_counted_whichever_process_answers(running: Running) -> None:
    before = answered(running.webs[0])

    for number, web in enumerate(running.webs):
        for _each in range(number + 2):
            assert httpx.get(f"{web}/health/live").status_code == 200
            assert httpx.get(f"{web}/bulky-waste/").status_code == 200

    for web in running.webs:
        assert answered(web) == before + 5
        assert httpx.get(f"{web}/metrics", headers={"X-Forwarded-For": "::1"}).status_code == 403


def test_stylesheets_and_scripts_may_be_kept_for_ever_under_names_of_their_content(
    running: Running,
) -> None:
    pages = {httpx.get(f"{web}/bulky-waste/").text for web in running.webs}

    names = [re.findall(r'(?:href|src)="(/static/[^"]+)"', page) for page in pages]
    assert names[0]
    assert all(each == names[0] for each in names)
    for name in names[0]:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", name), name
        for web in running.webs:
            response = httpx.get(web + name)
            assert response.status_code == 200
            assert "immutable" in response.headers["Cache-Control"]
            assert "max-age=315360000" in response.headers["Cache-Control"]


def test_a_schedule_runs_once_however_many_workers_there_are(running: Running) -> None:
    wait_until(lambda: time.time() > running.killed_at + 10, "")
    ((count, seconds),) = running.town.rows(
        "SELECT count(*)::float, extract(epoch FROM max(at) - min(at))::float FROM marks "
        "WHERE what = 'second' AND at > now() - interval '8 seconds'"
    )

    assert 3 <= float(str(count)) <= float(str(seconds)) + 3


def test_what_a_killed_worker_had_begun_another_does_within_a_minute(running: Running) -> None:
    wait_until(lambda: running.marks("slow ended"), "nobody took the task over", seconds=90)

    ended = "SELECT extract(epoch FROM at)::float FROM marks WHERE what = 'slow ended'"
    assert float(str(running.town.rows(ended)[0][0])) - running.killed_at < 60
    assert len(running.marks("slow begun")) == 2
    assert len(running.marks("slow ended")) == 1
    assert running.marks("slow ended") != [(running.killed,)]
    left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%slow_mark'"
    running.town.wait_for_rows(left, seconds=5)


def test_while_the_database_is_away_no_requests_are_wanted(running: Running) -> None:
    database = running.town.database_url.partition("@/")[2].partition("?")[0]
    server = os.environ["TOWNHALL_TEST_SERVER"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false'.encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
        )

        try:
            away = httpx.get(f"{running.webs[0]}/health/ready", timeout=30)
            alive = httpx.get(f"{running.webs[0]}/health/live")
        finally:
            connection.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true'.encode())
    assert (away.status_code, away.json()) == (503, {"status": "the database does not answer"})
    assert alive.status_code == 200
    for web in running.webs:
        wait_until(lambda: httpx.get(f"{web}/health/ready", timeout=30).is_success, "not again")  # noqa: B023  # called here
    for worker in running.workers:  # they end, for whoever keeps them to start them again
        wait_until(lambda: worker.poll() is not None, "a worker hangs")  # noqa: B023  # called here


@pytest.fixture(scope="module")
def backup(running: Running, booked: tuple[Traveller, str], folder: Path) -> Path:
    """Of the town, with a file that somebody gave it. Its processes have stopped."""
    town = running.town
    organisation_id, file_id = town.rows("SELECT id FROM identity_organisation")[0][0], uuid4()
    path = f"{organisation_id}/{file_id}.png"
    (town.var / "files" / str(organisation_id)).mkdir(parents=True, exist_ok=True)
    (town.var / "files" / path).write_bytes(PICTURE)
    running.execute(
        "INSERT INTO machinery_storedfile (id, organisation_id, name, content_type, size, scanned, "
        f"path, stored_at) VALUES ('{file_id}', '{organisation_id}', 'sofa.png', 'image/png', "
        f"{len(PICTURE)}, false, '{path}', now())"
    )
    town.stop()
    town.manage("backup", str(folder / "town.tar"))
    return folder / "town.tar"


@pytest.fixture(scope="module")
def interrupted(backup: Path, folder: Path) -> Path:
    """The data folder of a restore that was killed in the middle."""
    var = folder / "second"
    process = subprocess.Popen(
        [*TOWNHALL, "restore", str(backup)], env=alone(var), start_new_session=True
    )
    wait_until(lambda: children(process.pid, "pg_restore"), "pg_restore did not begin")
    process.kill()
    process.wait()
    return var


@pytest.fixture(scope="module")
def restored(backup: Path, interrupted: Path) -> Path:
    done = townhall("restore", str(backup), var=interrupted)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Start with: townhall up" in done.stdout
    return interrupted


def test_a_backup_is_for_its_owner_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.glob("town.tar*")] == ["town.tar"]

    with pytest.raises(CommandError, match=r"is there already\. Name a new file\."):
        call_command("backup", backup)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", backup.parent / "none" / "town.tar")


def test_an_interrupted_restore_changes_nothing(interrupted: Path) -> None:
    with launcher.running(interrupted) as server:
        assert digests(server.url) == {}

    assert not (interrupted / "files").exists()


def test_a_restored_town_has_the_same_rows_files_and_secrets(
    running: Running, restored: Path
) -> None:
    with launcher.running(restored) as server:
        there, audit_there = digests(server.url), audit(server.url)

    here, audit_here = digests(running.town.database_url), audit(running.town.database_url)
    assert audit_here
    assert audit_here <= audit_there  # where it goes on
    assert there["bulky_waste_collection"] != there["places_address"]
    assert there == here
    for name in ("files", "secret_key"):
        assert bytes_under(restored / name) == bytes_under(running.town.var / name)
    assert PICTURE in bytes_under(restored / "files").values()
    assert (restored / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not (restored / "restoring").exists()


def test_what_is_not_a_whole_backup_of_ours_changes_nothing(backup: Path, folder: Path) -> None:
    whole = backup.read_bytes()
    files = {
        "words.tar": b"Hello",
        "cut.tar": whole[: len(whole) // 2],
        "empty.tar": b"\0" * 10240,
        "outside.tar": tar("../secret_key", b"mine"),
        "hollow.tar": tar("database.dump", b"no dump"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    environment = alone(folder / "third") | {
        "DATABASE_URL": clone("template1"),
        "DJANGO_SETTINGS_MODULE": "townhall.installation.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", RESTORE_EACH, *(str(folder / name) for name in files)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    refused = [f"{folder / name} is not a backup that we wrote" in done.stdout for name in files]
    assert refused == [True, True, True, True, False], done.stdout
    assert "pg_restore failed, and nothing was changed" in done.stdout
    assert digests(environment["DATABASE_URL"]) == {}
    assert [path.name for path in (folder / "third").iterdir()] == ["secret_key"]
    assert (folder / "third" / "secret_key").read_bytes() != b"mine"


def test_a_restore_into_a_town_that_lives_is_refused(
    backup: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    refused = pytest.raises(CommandError, match=r"tables already\. Restore into an empty one\.")

    with django_db_blocker.unblock(), refused:  # a mark would bring this test before all others
        call_command("restore", backup)


@pytest.fixture(scope="module")
def ups(restored: Path, folder: Path) -> Iterator[tuple[Up, Up]]:
    """The restored town, and a copy of it beside it."""
    subprocess.run(["/bin/cp", "-a", restored, folder / "copy"], check=True)
    towns = Up(restored, free_port()), Up(folder / "copy", free_port())
    for town in towns:
        town.wait_until_up()
    yield towns
    for town in towns:
        if town.process.poll() is None:
            town.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def up(ups: tuple[Up, Up]) -> Up:
    return ups[0]


def test_a_second_up_of_the_same_town_says_that_it_is_up(up: Up) -> None:
    done = townhall("up", "--port", str(free_port()), var=up.var)

    assert done.returncode == 1
    assert f"This town is up already (process {up.process.pid}" in done.stdout
    assert "TOWNHALL_VAR" in done.stdout
    assert httpx.get(f"{up.url}/health/ready").is_success


def test_a_port_that_is_taken_is_named_with_what_to_type(up: Up, folder: Path) -> None:
    done = townhall("up", "--port", str(up.port), var=folder / "fourth")

    assert done.returncode == 1
    assert f"Port {up.port} is taken by another program. Choose another: PORT=" in done.stdout
    assert not (folder / "fourth" / "server").exists()


def test_whoever_was_known_before_the_backup_is_known_after_it(
    up: Up, booked: tuple[Traveller, str]
) -> None:
    traveller, collection_id = booked
    page = f"{up.url}/bulky-waste/requests/{collection_id}/"

    mine = httpx.get(page, cookies=traveller.client.cookies)
    anybodys = httpx.get(page)

    assert mine.status_code == 200
    assert anybodys.status_code != 200


def test_towns_run_side_by_side_each_with_its_own_data(ups: tuple[Up, Up]) -> None:
    urls = [(town.var / "database_url").read_text() for town in ups]
    with psycopg.connect(urls[0], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS row")

    with psycopg.connect(urls[1], autocommit=True) as connection:
        other = connection.execute("SELECT to_regclass('kept')").fetchall()

    assert other == [(None,)]
    assert urls[0] != urls[1]
    for town in ups:
        assert httpx.get(f"{town.url}/bulky-waste/").status_code == 200


def test_it_stops_at_ctrl_c_and_leaves_nothing(ups: tuple[Up, Up]) -> None:
    stopped = ups[1]

    assert stopped.end(signal.SIGINT) == 0

    assert not list(stopped.var.rglob("postmaster.pid"))
    assert "Traceback" not in "".join(stopped.said)
    with pytest.raises(httpx.ConnectError):
        httpx.get(stopped.url)


def test_killed_it_takes_all_with_it_and_is_up_again_with_its_data(up: Up) -> None:
    family = up.family()
    up.process.kill()
    up.process.wait()

    again = Up(up.var, up.port)
    again.wait_until_up()

    try:
        wait_until(lambda: not any(map(runs, family)), "something of the killed one still runs")
        assert httpx.get(f"{again.url}/bulky-waste/").status_code == 200
        with psycopg.connect((up.var / "database_url").read_text()) as connection:
            assert connection.execute("SELECT row FROM kept").fetchall() == [(1,)]
    finally:
        code = again.end(signal.SIGTERM)
    assert code == 0
