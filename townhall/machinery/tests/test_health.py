"""Whether a process may be sent requests, and what is measured of it."""

import importlib

import pytest
from django.db import connection
from django.test import RequestFactory
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from townhall.machinery import health, metrics
from townhall.machinery.tests.test_tasks import add_mark

pytestmark = pytest.mark.django_db
HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def _just_begun() -> None:
    """As in a process that has answered nothing yet."""
    importlib.reload(health)


def test_a_process_with_its_tables_is_ready() -> None:
    response = health.ready(RequestFactory().get("/health/ready"))

    assert response.status_code == 200
    assert response.content == b'{"status": "ok"}'


def test_a_process_of_another_release_than_the_tables_says_what_to_run() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'machinery'")

    response = health.ready(RequestFactory().get("/health/ready"))

    assert response.status_code == 503
    assert response.content == b'{"status": "run townhall migrate"}'
    assert health.live(RequestFactory().get("/health/live")).status_code == 200


def test_once_ready_it_compares_no_tables_any_more(django_assert_num_queries: object) -> None:
    health.ready(RequestFactory().get("/health/ready"))

    with django_assert_num_queries(0):  # type: ignore[operator]  # the plugin's own
        health.ready(RequestFactory().get("/health/ready"))


def asked_for_metrics(**headers: str) -> int:
    return metrics.page(RequestFactory().get("/metrics", **headers)).status_code  # type: ignore[arg-type]  # WSGI's own names


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (HERE, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 403),
        (HERE | {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
    ],
)
def test_without_a_token_only_this_machine_reads_the_metrics(
    headers: dict[str, str], status: int
) -> None:
    assert asked_for_metrics(**headers) == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer token-1", 200), ("Bearer token-2", 403), ("token-1", 403), ("", 403), ("é", 403)],
)
def test_with_a_token_whoever_has_it_does(settings: Settings, given: str, status: int) -> None:
    settings.METRICS_TOKEN = "token-1"

    assert asked_for_metrics(REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=given) == status
    assert asked_for_metrics(**HERE) == 403


def test_the_metrics_say_what_waits_and_what_fails() -> None:
    add_mark.later(what="x")
    with connection.cursor() as cursor:
        for status in ("doing", "failed"):
            add_mark.later(what="x")
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = %s WHERE id = (SELECT max(id) FROM "
                "procrastinate_jobs)",
                [status],
            )
    metrics.observe_request("GET", "trees/<id>/", 200, 0.02)

    page = metrics.page(RequestFactory().get("/metrics", **HERE)).content.decode()  # type: ignore[arg-type]  # as above

    read = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert [read["townhall_tasks", status] for status in ("todo", "doing", "failed")] == [1, 1, 1]
    assert read[("townhall_deliveries_failing",)] == 0
    assert read["townhall_requests_total", "200", "GET", "trees/<id>/"] >= 1
