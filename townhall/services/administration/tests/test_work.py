import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.machinery.models import Delivery, RecordedEvent, TaskFailure
from townhall.machinery.tasks import task
from townhall.services.administration.tests.make import ELSEWHERE, client

pytestmark = pytest.mark.django_db


@task
def sweep(street: str) -> None:
    """Never run here."""


def make_failed_task() -> int:
    sweep.later(street="Secret Street")
    job_id: int = ProcrastinateJob.objects.order_by("-id").values_list("id", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
    TaskFailure.objects.create(job_id=job_id, error="KeyError at sweeping/operations.py:7")
    return job_id


def make_failing_delivery() -> Delivery:
    event = RecordedEvent.objects.create(
        organisation_id=ELSEWHERE,
        name="sweeping.street_swept",
        facts={"street": "Secret Street"},
        happened_at="2026-11-23T12:00Z",
    )
    return Delivery.objects.create(
        event=event, handler="x.y", attempts=3, last_error="KeyError at sweeping/handlers.py:7"
    )


def status(job_id: int) -> str:
    found: str = ProcrastinateJob.objects.get(id=job_id).status
    return found


def test_failed_tasks_are_shown_without_what_they_were_about(operator: Client) -> None:
    make_failed_task()

    page = operator.get(reverse("administration:work")).text

    assert "test_work.sweep" in page
    assert "KeyError at sweeping/operations.py:7" in page
    assert "Secret Street" not in page


def test_one_failed_task_or_all_are_retried(operator: Client) -> None:
    first, second, third = (make_failed_task() for _ in range(3))

    assert operator.post(reverse("administration:retry_task", args=[first])).status_code == 302
    assert (status(first), status(second)) == ("todo", "failed")
    assert operator.post(reverse("administration:retry_all")).status_code == 302

    assert {status(second), status(third)} == {"todo"}
    page = operator.get(reverse("administration:work")).text
    assert "2 tasks are in the queue again" in page
    assert "No task has failed" in page


def test_failing_deliveries_are_shown_and_retried(operator: Client) -> None:
    delivery = make_failing_delivery()

    page = operator.get(reverse("administration:deliveries")).text
    retried = operator.post(reverse("administration:retry_delivery", args=[delivery.id]))

    assert "sweeping.street_swept" in page
    assert "Secret Street" not in page
    assert retried.status_code == 302
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1


@pytest.mark.parametrize("number", [999_999, 10**30])
@pytest.mark.parametrize("name", ["retry_task", "retry_delivery"])
def test_what_is_gone_is_not_found(operator: Client, name: str, number: int) -> None:
    answer = operator.post(reverse(f"administration:{name}", args=[number]))

    assert answer.status_code == 404


def test_a_damaged_page_link_is_refused_in_words(operator: Client) -> None:
    for name in ("work", "deliveries"):
        answer = operator.get(reverse(f"administration:{name}"), {"place": "damaged"})
        assert answer.status_code == 422


def test_only_whoever_runs_the_installation_comes_in(administrator: Client) -> None:
    job_id = make_failed_task()

    for name in ("work", "deliveries"):
        assert administrator.get(reverse(f"administration:{name}")).status_code == 403
        assert client("nobody").get(reverse(f"administration:{name}")).status_code == 403
    assert administrator.post(reverse("administration:retry_all")).status_code == 403
    retry_one = reverse("administration:retry_task", args=[job_id])
    assert administrator.post(retry_one).status_code == 403
    assert status(job_id) == "failed"


def test_nothing_is_retried_by_looking(operator: Client) -> None:
    job_id = make_failed_task()

    for address in (
        reverse("administration:retry_all"),
        reverse("administration:retry_task", args=[job_id]),
        reverse("administration:retry_delivery", args=[1]),
    ):
        assert operator.get(address).status_code == 405
