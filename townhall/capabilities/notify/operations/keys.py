"""Keys for programs that send messages."""

from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import InTrial, NameTaken, NoSuchKey
from townhall.capabilities.notify.records import FIRST_SENDER, KeyType
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

LONGEST_NAME = 60


@operation(permissions.MANAGE_KEYS)
def make_api_key(
    actor: Actor,
    *,
    name: str,
    key_type: KeyType = KeyType.LIVE,
    sender: str = FIRST_SENDER,
    secret: UUID | None = None,
    may_edit_templates: bool = False,
) -> records.NewKey:
    """Make a key, and return the one time what the program must be given.

    With a `secret` of the caller's, asking again for the same key returns it again. With
    `may_edit_templates` its program may change the templates of its sender, which a test key may
    not: that would be no test. Raises NameTaken if a key in use has that name, and InTrial for a
    live key of a sender in trial.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_("Enter a name of %(most)d characters or fewer") % {"most": LONGEST_NAME})
    if may_edit_templates and key_type == KeyType.TEST:
        raise Invalid(_("A key that pretends to send cannot change templates"))
    of = models.Sender.named(actor, sender)
    if key_type == KeyType.LIVE and of.went_live_at is None:
        raise InTrial(_("%(sender)s is in trial. Ask for it to go live first") % {"sender": sender})
    made = models.ApiKey(key_type=key_type)
    wanted = secret or uuid4()
    made.hide(wanted)
    key, is_new = models.ApiKey.objects.get_or_create(
        sender=of,
        name=name,
        revoked_at=None,
        defaults={
            "key_type": key_type,
            "secret": made.secret,
            "may_edit_templates": may_edit_templates,
        },
    )
    is_this = (key.reveal(), key.key_type, key.may_edit_templates)
    if not is_new and is_this != (str(wanted), key_type, may_edit_templates):
        raise NameTaken(_("There is a key of that name. Choose another, or revoke that key first"))
    return records.NewKey(id=key.id, name=name, key_type=key_type, text=f"{name}-{of.id}-{wanted}")


@operation(permissions.MANAGE_KEYS)
def revoke_api_key(actor: Actor, key_id: UUID) -> records.Key:
    """Take a key out of use for good. Revoking it again changes nothing."""
    mine = models.ApiKey.visible_to(actor).filter(id=key_id)
    mine.filter(revoked_at=None).update(revoked_at=timezone.now())
    key = mine.select_related("sender").first()
    if key is None:
        raise NoSuchKey(_("There is no such key."))
    return key.record()
