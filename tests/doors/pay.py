"""Who may open the addresses of pay."""

from tests.doors.door import ANYONE, Door, door

LINK = {"title": "Fines", "details": "", "reference_label": "", "amount": "5", "language": "en"}

PAY: dict[str, Door] = {
    "pay/secure": door(ANYONE, get=405, post={"chargeTokenId": "one"}, done=303),
    "pay/secure/<token>": door(ANYONE, token="used-already", get=404),
    **dict.fromkeys(  # only for who came by the link: townhall/capabilities/pay/tests
        (
            "pay/card/<payment_id>/",
            "pay/card/<payment_id>/way/",
            "pay/card/<payment_id>/confirm/",
        ),
        door(ANYONE, payment_id="payment", get=404, post={}, done=404),
    ),
    "pay/card/<payment_id>/back/": door(ANYONE, payment_id="payment", get=404),
    "pay/card/<payment_id>/cancel/": door(ANYONE, payment_id="payment", get=405, post={}, done=404),
    "pay/sandbox/bank/<reference>/": door(
        ANYONE, reference="checkout", get=404, post={"answer": "yes"}, done=404
    ),
    "pay/link/<slug>/": door(ANYONE, slug="link_slug"),
    "pay/link/<slug>/reference/": door(
        ANYONE, slug="link_slug", post={"payment-reference": "INV-1"}
    ),
    "pay/link/<slug>/amount/": door(ANYONE, slug="link_slug", post={"payment-amount": "5"}),
    "pay/link/<slug>/check/": door(ANYONE, slug="link_slug", get=302, post={}),
    "pay/link/<slug>/done/<payment_id>/": door(
        ANYONE, slug="link_slug", payment_id="payment", get=404
    ),
    "pay/links/": door("administrator"),
    "pay/links/add/": door("administrator", post={"till": "{till}", **LINK}),
    "pay/links/<link_id>/": door("administrator", link_id="link"),
    "pay/links/<link_id>/code.svg": door("administrator", link_id="link", asks=("?download",)),
    "pay/links/<link_id>/change/": door("administrator", link_id="link", post=LINK),
    "pay/links/<link_id>/close/": door("administrator", link_id="link", post={}),
}
