"""What smoke tests of GOV.UK Pay's API are given."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from townhall.capabilities.pay import models
from townhall.capabilities.pay.tests.make import Program

pytestmark = pytest.mark.django_db


def names() -> dict[str, str]:
    said = StringIO()
    call_command("pay_client_fixtures", url="http://pay.example", stdout=said)
    return dict(re.findall(r"export (\w+)='(.*)'", said.getvalue()))


def test_they_are_the_same_each_time_and_take_payments() -> None:
    first = names()

    assert names() == first
    assert first["PAY_API_URL"] == "http://pay.example"
    assert first["PAYMENT_LINK_URL"] == "http://pay.example/pay/link/smoke-tests/"
    till = models.Till.objects.get().record()
    assert Program(till, first["PAY_API_KEY"]).create(moto=True).status_code == 201
    assert models.ApiKey.objects.count() == 1


def test_an_organisation_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="There are: town"):
        call_command("pay_client_fixtures", organisation="nowhere")
