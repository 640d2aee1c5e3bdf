"""What the demo shows of itself."""

from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.services.demo import models, records
from townhall.services.demo.secrets import api_key_secret
from townhall.services.demo.service import PLAY


@query(PLAY)
def find_program(actor: Actor) -> records.Program | None:
    """What a program needs to send through us; None until the town is made."""
    town = models.Town.visible_to(actor).first()
    if town is None:
        return None
    key = f"{town.key_name}-{town.sender_id}-{api_key_secret()}"
    return records.Program(key=key, template_id=town.template_id)
