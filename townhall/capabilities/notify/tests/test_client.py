"""The official client, unmodified, over HTTP. https://pypi.org/project/notifications-python-client/"""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from townhall.capabilities.notify.tests.make import VALUES, make_key, make_template
from townhall.machinery.testing import run_tasks

Client = Any  # the client has no types

pytestmark = pytest.mark.django_db(transaction=True)


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
        return


@pytest.fixture
def base_url() -> Iterator[str]:
    """A server of the installation that these tests set up."""
    handler = WSGIHandler()

    def answer(environ: object, start_response: object) -> object:
        try:
            return handler(environ, start_response)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, answer, handler_class=Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def make_client(base_url: str, text: str = "") -> Client:
    text = text or make_key().text
    return NotificationsAPIClient(text, base_url=base_url)  # type: ignore[no-untyped-call]


def test_it_sends_an_email_and_reads_its_status(base_url: str) -> None:
    client = make_client(base_url)
    template = make_template()

    sent = client.send_email_notification(
        email_address="ann@example.com",
        template_id=str(template.id),
        personalisation=VALUES,
        reference="r-1",
    )
    before = client.get_notification_by_id(sent["id"])
    run_tasks()
    after = client.get_notification_by_id(sent["id"])

    assert sent["content"]["subject"] == "Collection on Monday"
    assert sent["uri"] == f"{base_url}/v2/notifications/{sent['id']}"
    assert (before["status"], after["status"]) == ("created", "sending")
    assert after["reference"] == "r-1"


def test_it_is_told_of_a_template_that_is_not_there(base_url: str) -> None:
    client = make_client(base_url)

    with pytest.raises(HTTPError) as error:
        client.send_email_notification("ann@example.com", str(uuid4()))

    assert error.value.status_code == 400
    assert error.value.message == [{"error": "BadRequestError", "message": "Template not found"}]


def test_it_is_told_what_is_missing(base_url: str) -> None:
    client = make_client(base_url)

    with pytest.raises(HTTPError) as error:
        client.send_email_notification("ann@example.com", str(make_template().id), {"day": "x"})

    assert error.value.message == [
        {"error": "BadRequestError", "message": "Missing personalisation: name, items"}
    ]


def test_it_is_refused_with_a_wrong_key(base_url: str) -> None:
    wrong = make_key().text[:-36] + str(uuid4())
    client = make_client(base_url, wrong)

    with pytest.raises(HTTPError) as error:
        client.get_notification_by_id(str(uuid4()))

    assert error.value.status_code == 403
    assert error.value.message == [
        {"error": "AuthError", "message": "Invalid token: API key not found"}
    ]
