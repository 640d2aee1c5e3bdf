"""Our document of /v1/ and what is answered there agree, whatever is asked."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.config import SchemathesisConfig

from townhall.capabilities.pay import models, operations
from townhall.capabilities.pay.api.openapi import document
from townhall.capabilities.pay.records import CardResult
from townhall.capabilities.pay.tests.conftest import one_town  # noqa: F401  # a fixture
from townhall.capabilities.pay.tests.make import (
    STAFF,
    TELEPHONE,
    TOWN,
    Program,
    dispute,
    make_till,
    pay,
)
