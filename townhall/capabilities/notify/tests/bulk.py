"""Lists as programs send them."""

from typing import Any

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.tests.make import (
    make_actor,
    make_key,
    make_template,
)
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery.actors import Actor

BULK = "/v2/notifications/bulk"
HEADER = ["email address", "name", "day", "items"]


def people(count: int, *, first: int = 1) -> list[list[str]]:
    numbers = range(first, first + count)
    return [[f"ann{number}@example.com", f"Ann {number}", "Monday", "a sofa"] for number in numbers]


def bulk(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "template_id": str(make_template().id),
        "name": "people.csv",
        "rows": [HEADER, *people(2)],
    }
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def send(key: records.NewKey | None = None, **changes: object) -> Any:
    return post(key or make_key(), bulk(**changes), path=BULK)


def batch_of(answer: Any) -> models.Batch:
    assert answer.status_code == 201, answer.content
    return models.Batch.objects.get(id=answer.json()["id"])


def system() -> Actor:
    return make_actor(permissions.DELIVER)


def staff() -> Actor:
    return make_actor(permissions.SEND_MESSAGES)
