"""Where people are signed in, and who waits to be let in without what they have lost."""

from __future__ import annotations

from importlib import import_module
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.machinery.actors import Actor


class Session(AbstractBaseSession):
    """One browser's visit. Deleting the row ends it: its next request is a stranger's."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True)  # once signed in
    organisation_id = models.UUIDField(null=True)  # on whose pages; from here on once signed in
    browser = models.CharField(max_length=300, blank=True)  # what it says it is: its User-Agent
    ip = models.GenericIPAddressField(null=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # to within some minutes

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Session]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    @property
    def handle(self) -> str:
        """Names the session on a page; its key may not stand there, as it would let anyone in."""
        return salted_hmac("identity.session", self.session_key).hexdigest()[:32]

    def record(self) -> records.SignedIn:
        """Needs a session of somebody signed in."""
        assert self.person_id, "nobody is signed in"  # of `visible_to`, for mypy
        return records.SignedIn(
            person_id=self.person_id,
            handle=self.handle,
            browser=self.browser,
            ip=self.ip or "",
            signed_in_at=self.signed_in_at,
            seen_at=self.seen_at,
        )


class Recovery(models.Model):
    """That somebody says they have lost their second factor, and waits to be let in without."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE)
    asked_at = models.DateTimeField(default=timezone.now)

    def record(self) -> records.Recovery:
        return records.Recovery(id=self.id, person_id=self.person_id, asked_at=self.asked_at)
