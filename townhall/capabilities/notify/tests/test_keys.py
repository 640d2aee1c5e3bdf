"""Keys, and the tokens that programs make with them."""

import math
import time
from io import StringIO
from uuid import UUID, uuid4

import jwt
import pytest
from django.core.management import CommandError, call_command
from notifications_python_client.authentication import create_jwt_token
from pytest_django import Settings

from townhall.capabilities.notify import errors, models, operations, permissions, queries
from townhall.capabilities.notify.records import FIRST_SENDER, KeyType
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    OUTSIDER,
    make_actor,
    make_key,
    make_live,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db

SECRET = UUID(int=3)


def door(organisation_id: UUID = BARSET.id) -> Actor:
    return Actor("capability:notify", frozenset({permissions.CHECK_TOKENS}), organisation_id)


def parts(text: str) -> tuple[str, str]:
    """The service and the secret, cut as GOV.UK Notify's clients cut them."""
    return text[-73:-37], text[-36:]


def token_of(text: str, **changes: object) -> str:
    service, secret = parts(text)
    claims = {"iss": service, "iat": int(time.time())} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not ...}, secret)


def test_a_key_proves_its_program() -> None:
    key = make_key(KeyType.TEST)
    service, secret = parts(key.text)

    program = queries.identify_program(door(), create_jwt_token(secret, service))  # type: ignore[no-untyped-call]

    assert (program.key_id, program.key_type) == (key.id, KeyType.TEST)
    assert key.text == f"till-{program.sender_id}-{secret}"


def test_each_of_several_keys_works_until_it_is_revoked() -> None:
    till, phone = make_key(), make_key(name="phone")

    operations.revoke_api_key(make_actor(), till.id)
    again = operations.revoke_api_key(make_actor(), till.id)

    assert queries.identify_program(door(), token_of(phone.text)).name == "phone"
    with pytest.raises(errors.TokenRefused, match="Invalid token: API key revoked"):
        queries.identify_program(door(), token_of(till.text))
    assert [key.revoked_at for key in queries.list_keys(make_actor())] == [None, again.revoked_at]


@pytest.mark.parametrize("apart", [-25, 25])
def test_clocks_may_be_a_little_apart(apart: int) -> None:
    token = token_of(make_key().text, iat=int(time.time()) + apart)

    assert queries.identify_program(door(), token).name == "till"


@pytest.mark.parametrize("apart", [-60, 60])
def test_clocks_may_not_be_far_apart(apart: int) -> None:
    token = token_of(make_key().text, iat=time.time() + apart)

    with pytest.raises(errors.TokenRefused, match="clock must be accurate to within 30 seconds"):
        queries.identify_program(door(), token)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iat": "soon"}, "Error: Your system clock"),
        ({"iat": math.inf}, "Error: Your system clock"),
        ({"iat": None}, "Error: Your system clock"),
        ({"iat": ...}, "Invalid token: API key not found"),
        ({"iss": ...}, "Invalid token: iss field not provided"),
        ({"iss": "me"}, "Invalid token: service id is not the right data type"),
        ({"iss": str(UUID(int=9))}, "Invalid token: service not found"),
    ],
)
def test_a_doubtful_token_is_refused(changes: dict[str, object], words: str) -> None:
    token = token_of(make_key().text, **changes)

    with pytest.raises(errors.TokenRefused, match=words):
        queries.identify_program(door(), token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "e30.W10.e30", "\x00"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(errors.TokenRefused, match="matches the example"):
        queries.identify_program(door(), token)


def test_a_token_of_another_secret_or_algorithm_is_refused() -> None:
    service, secret = parts(make_key().text)
    now = {"iss": service, "iat": int(time.time())}

    with pytest.raises(errors.TokenRefused, match="API key not found"):
        queries.identify_program(door(), jwt.encode(now, str(uuid4())))
    with pytest.raises(errors.TokenRefused, match="algorithm used is not HS256"):
        queries.identify_program(door(), jwt.encode(now, secret * 2, algorithm="HS512"))
    with pytest.raises(errors.TokenRefused, match="algorithm used is not HS256"):
        queries.identify_program(door(), jwt.encode(now, "", algorithm="none"))


def test_a_key_is_not_known_to_another_organisation() -> None:
    key = make_key()
    theirs = make_actor(organisation_id=ELSEWHERE.id)

    with pytest.raises(errors.TokenRefused, match="service not found"):
        queries.identify_program(door(ELSEWHERE.id), token_of(key.text))
    with pytest.raises(errors.NoSuchKey):
        operations.revoke_api_key(theirs, key.id)
    with pytest.raises(errors.NoSuchKey):
        queries.get_key(theirs, key.id)
    assert queries.list_keys(theirs) == []


def test_a_sender_without_keys_is_told_so() -> None:
    key = make_key()
    models.ApiKey.objects.all().delete()

    with pytest.raises(errors.TokenRefused, match="service has no API keys"):
        queries.identify_program(door(), token_of(key.text))


def test_the_secret_is_not_in_the_database_and_needs_our_secret_key(settings: Settings) -> None:
    key = make_key()
    stored = models.ApiKey.objects.get()

    settings.SECRET_KEY = "another"

    assert parts(key.text)[1].encode() not in bytes(stored.secret)
    assert stored.reveal() == ""


def test_a_key_survives_a_change_of_our_secret_key(settings: Settings) -> None:
    key = make_key()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert queries.identify_program(door(), token_of(key.text)).name == "till"


def test_a_key_of_a_given_secret_is_made_once() -> None:
    make_live(FIRST_SENDER)
    first = operations.make_api_key(make_actor(), name="demo", secret=SECRET)

    again = operations.make_api_key(make_actor(), name="demo", secret=SECRET)

    assert first == again
    with pytest.raises(errors.NameTaken):
        operations.make_api_key(make_actor(), name="demo")
    with pytest.raises(errors.NameTaken):
        operations.make_api_key(make_actor(), name="demo", secret=SECRET, key_type=KeyType.TEST)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_key_has_a_name(name: str) -> None:
    with pytest.raises(Invalid):
        make_key(name=name)


def test_keys_need_the_permission() -> None:
    key = make_key()

    with pytest.raises(NotAllowed):
        operations.make_api_key(OUTSIDER, name="x")
    with pytest.raises(NotAllowed):
        operations.revoke_api_key(OUTSIDER, key.id)
    with pytest.raises(NotAllowed):
        queries.list_keys(OUTSIDER)
    with pytest.raises(NotAllowed):
        queries.identify_program(OUTSIDER, token_of(key.text))


def test_the_command_prints_a_key_that_works() -> None:
    printed = StringIO()
    make_live(FIRST_SENDER)

    call_command("make_api_key", "till", "--organisation", "barset", stdout=printed)

    program = queries.identify_program(door(), token_of(printed.getvalue().strip()))
    assert (program.name, program.key_type) == ("till", KeyType.LIVE)


def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="main is in trial"):
        call_command("make_api_key", "till", "--organisation", "barset")
    make_live(FIRST_SENDER)
    call_command("make_api_key", "till", "--organisation", "barset", stdout=StringIO())

    with pytest.raises(CommandError, match="There is no organisation nowhere"):
        call_command("make_api_key", "till", "--organisation", "nowhere")
    with pytest.raises(CommandError, match="There is a key of that name"):
        call_command("make_api_key", "till", "--organisation", "barset")
