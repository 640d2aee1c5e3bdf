"""Where a passkey works: a device gives it to no other host than the one that it was made at."""

from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.http.request import split_domain_port

from townhall.capabilities.identity import models


def has_passkeys_only_elsewhere(request: HttpRequest, person: models.Person) -> bool:
    """Whether somebody has passkeys, and none of them was made at the host of this request."""
    made = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    hosts = {each.wrap().authenticator_data.rp_id_hash for each in made}
    here = sha256(split_domain_port(request.get_host())[0].encode()).digest()
    return bool(hosts) and here not in hosts
