"""Reading which sign-ins of their own an organisation's staff may come through."""

from collections.abc import Iterator

from townhall.capabilities.identity import models, permissions, providers, records
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query


@query(permissions.SIGN_IN)
def list_staff_sign_ins(actor: Actor) -> list[records.StaffSignIn]:
    """Those that the staff of the actor's organisation may come through."""
    return [_record(each) for each in _of(actor)]


@query(permissions.MANAGE_PEOPLE)
def list_claim_roles(actor: Actor) -> list[records.ClaimRole]:
    """Which roles come with what the sign-in says of someone."""
    rows = models.ClaimRole.visible_to(actor).select_related("role")
    return [row.record() for row in rows.order_by("value", "role__title")]


def _of(actor: Actor) -> list[providers.StaffSignIn]:
    every = providers.staff_sign_ins()
    if not every:
        return []
    slugs = dict(models.Organisation.objects.order_by("opened_at").values_list("id", "slug")[:2])
    mine = models.Organisation.visible_to(actor).values_list("slug", flat=True).first()
    the_only_one = mine if len(slugs) == 1 else None
    return [each for each in every if (each.organisation or the_only_one) == mine]


def _record(found: providers.StaffSignIn) -> records.StaffSignIn:
    return records.StaffSignIn(
        name=found.name, issuer=found.issuer, domains=found.domains, claim=found.claim
    )


@inspects
def _inspect_staff_sign_ins() -> Iterator[Finding]:
    slugs = set(models.Organisation.objects.values_list("slug", flat=True))
    for each in providers.staff_sign_ins():
        advice = each.check()
        if each.organisation not in slugs and (each.organisation or len(slugs) > 1):
            advice = (
                f"Say in TOWNHALL_STAFF_SIGN_IN whose staff it is for: ?organisation= one of "
                f"{', '.join(sorted(slugs))}. {advice}"
            )
        yield Finding(subject=f"staff sign-in {each.name}", advice=advice, is_fault=bool(advice))
