"""Programs that may send: their keys, and how fast they may."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import records
from townhall.capabilities.notify.errors import NoSuchSender
from townhall.capabilities.notify.rules import limits
from townhall.machinery.actors import Actor
from townhall.machinery.secrets import hide, reveal

SECRETS = "notify.api_keys"  # what they are hidden for; another word, and none is read again

# How many messages of each kind a sender may send on one day: its columns.
A_DAY = {
    records.Channel.EMAIL: "emails_a_day",
    records.Channel.SMS: "texts_a_day",
    records.Channel.LETTER: "letters_a_day",
    records.ABROAD: "texts_abroad_a_day",
}


class Sender(models.Model):
    """What an organisation's programs send as; GOV.UK Notify's wire calls its id the service."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=80)
    # Counted up by triggers with every change of the sender, its keys, its templates and what its
    # messages are from: see Book.
    generation = models.PositiveIntegerField(default=0)
    # How people who were sent a file reach us; "" if they cannot, and then no file is sent.
    contact = models.CharField(max_length=250, blank=True, default="", db_default="")
    prefix = models.CharField(max_length=40, blank=True, default="", db_default="")  # of its texts
    retention_days = models.PositiveSmallIntegerField(null=True)  # None: as the dial says
    went_live_at = models.DateTimeField(null=True)
    channels_off = ArrayField(models.CharField(max_length=6), default=list, db_default=[])
    emails_a_day = models.PositiveIntegerField(
        default=limits.EMAILS_A_DAY, db_default=limits.EMAILS_A_DAY
    )
    texts_a_day = models.PositiveIntegerField(
        default=limits.TEXTS_A_DAY, db_default=limits.TEXTS_A_DAY
    )
    letters_a_day = models.PositiveIntegerField(
        default=limits.LETTERS_A_DAY, db_default=limits.LETTERS_A_DAY
    )
    texts_abroad_a_day = models.PositiveIntegerField(
        default=limits.TEXTS_ABROAD_A_DAY, db_default=limits.TEXTS_ABROAD_A_DAY
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "name"], name="sender_name_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Sender]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def named(cls, actor: Actor, name: str) -> Sender:
        """The organisation's sender of that name, made if there is none."""
        return cls.objects.get_or_create(organisation_id=actor.organisation_id, name=name)[0]

    @classmethod
    def locked(cls, actor: Actor, sender_id: UUID) -> Sender:
        """One at a time changes a sender. Raises NoSuchSender."""
        of = cls.visible_to(actor).select_for_update().filter(id=sender_id).first()
        if of is None:
            raise NoSuchSender(_("There is no such sender."))
        return of

    def agreed(self) -> dict[str, int]:
        """How many messages of each kind it may send on one day, once it is live."""
        return {kind: getattr(self, column) for kind, column in A_DAY.items()}

    def agree(self, most_a_day: Mapping[str, int]) -> None:
        for kind, column in A_DAY.items():
            setattr(self, column, most_a_day[kind])
        self.save(update_fields=list(A_DAY.values()))

    def standing(self) -> records.Standing:
        agreed = self.agreed()
        return records.Standing(
            went_live_at=self.went_live_at,
            channels=frozenset(records.Channel)
            - frozenset(map(records.Channel, self.channels_off)),
            most_a_day=agreed if self.went_live_at else limits.in_trial(agreed),
        )

    def state(self) -> records.SenderState:
        return records.SenderState(
            id=self.id, name=self.name, prefix=self.prefix, standing=self.standing()
        )

    def usual_origin(self, channel: str) -> str:
        """What messages of this channel say they are from unless told otherwise; "" for none."""
        usual = self.origins.filter(channel=channel, is_default=True)
        return usual.values_list("words", flat=True).first() or ""


class ApiKey(models.Model):
    """A program's proof of who it is. Its secret signs tokens, so it is encrypted, not hashed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    key_type = models.CharField(max_length=4)
    secret = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    may_edit_templates = models.BooleanField(default=False)  # those of its sender

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "name"], condition=Q(revoked_at=None), name="key_name_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ApiKey]:
        return cls.objects.filter(sender__organisation_id=actor.organisation_id)

    @classmethod
    def in_use_first(cls, sender_id: UUID) -> QuerySet[ApiKey]:
        """The keys of a sender, revoked ones last."""
        mine = cls.objects.filter(sender_id=sender_id)
        return mine.order_by(F("revoked_at").desc(nulls_first=True))

    def hide(self, secret: UUID) -> None:
        """Keep the secret, readable only with this installation's SECRET_KEY."""
        self.secret = hide(str(secret), purpose=SECRETS)

    def reveal(self) -> str:
        """The secret; "" if it was hidden with a SECRET_KEY that is no longer known."""
        return reveal(self.secret, purpose=SECRETS)

    def record(self) -> records.Key:
        return records.Key(
            id=self.id,
            name=self.name,
            sender=self.sender.name,
            key_type=records.KeyType(self.key_type),
            created_at=self.created_at,
            revoked_at=self.revoked_at,
            last_used_on=self.last_used_on,
            may_edit_templates=self.may_edit_templates,
        )


class Origin(models.Model):
    """What a sender's messages say they are from, or where to answer them."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="origins")
    channel = models.CharField(max_length=6)
    words = models.TextField()
    is_default = models.BooleanField(default=False)
    takes_texts = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "channel"],
                condition=Q(is_default=True),
                name="origin_default_once",
            ),
            models.UniqueConstraint(fields=["sender", "channel", "words"], name="origin_once"),
            models.UniqueConstraint(
                fields=["words"], condition=Q(takes_texts=True), name="origin_number_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Origin]:
        return cls.objects.filter(sender__organisation_id=actor.organisation_id)

    @classmethod
    def taking_texts_at(cls, number: str) -> QuerySet[Origin]:
        """The one with this number, of any organisation, however staff have spelt it."""
        digits = number.removeprefix("+")
        spelt = [digits, f"+{digits}"]
        if digits.startswith("44"):
            spelt.append(f"0{digits[2:]}")
        return cls.objects.filter(channel=records.Channel.SMS, takes_texts=True, words__in=spelt)

    def record(self) -> records.Origin:
        return records.Origin(
            id=self.id,
            channel=records.Channel(self.channel),
            words=self.words,
            is_default=self.is_default,
            takes_texts=self.takes_texts,
        )
