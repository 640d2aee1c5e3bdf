"""Who may open the pages where people prove who they are, and staff help them to."""

from tests.doors.door import ANYONE, SIGNED_IN, Door, door

STAFF = "caseworker"
HERE = (200, 302)  # or on to where they are, or to a second factor
NAME = {
    "given_names": "Ann",
    "family_name": "Archer",
    "birth_date_day": "1",
    "birth_date_month": "2",
    "birth_date_year": "1990",
}
REFUSED = {"decision": "refuse", "reason": "No document"}

PROVING: dict[str, Door] = {
    "identity/prove/": door(
        SIGNED_IN, get=HERE, asks=("?level=P3&next=/", "?level=P1"), post={"level": "P2"}
    ),
    "identity/prove/go-on/": door(SIGNED_IN, get=302),
    "identity/prove/evidence/": door(SIGNED_IN, get=HERE, post={"kinds": ["passport"]}),
    "identity/prove/name/": door(SIGNED_IN, get=HERE, post=NAME),
    "identity/prove/documents/<kind>/": door(SIGNED_IN, get=HERE, kind="passport"),
    "identity/prove/documents/<kind>/photo/": door(SIGNED_IN, get=HERE, kind="passport"),
    "identity/prove/address/": door(SIGNED_IN, get=HERE),
    "identity/prove/address/before/": door(SIGNED_IN, get=HERE),
    "identity/prove/check/": door(SIGNED_IN, get=HERE),
    "identity/prove/waiting/": door(SIGNED_IN, get=HERE),
    "identity/prove/questions/<number>/": door(SIGNED_IN, get=HERE, number="1"),
    "identity/prove/in-person/": door(SIGNED_IN, get=HERE, post={"level": "P2"}),
    "identity/prove/stop/": door(SIGNED_IN, get=HERE),
    "identity/prove/sandbox-people/": door(ANYONE, get=404),  # where there is no sandbox
    "identity/prove/<attempt_id>/": door("owner", attempt_id="ended_attempt"),
    "identity/proofs/": door(SIGNED_IN),
    "identity/proofs/<proof_id>/remove/": door("owner", proof_id="proof", post={}),
    "identity/counter/": door(STAFF, post={"reference": "{visit_reference}"}),
    "identity/counter/<attempt_id>/": door(STAFF, attempt_id="visit", post={"kinds": ["passport"]}),
    "identity/counter/<attempt_id>/check/": door(
        STAFF, attempt_id="visit", asks=("?kind=passport",), post=REFUSED
    ),
    "identity/signals/": door(STAFF),
    "identity/signals/<signal_id>/": door(
        STAFF, signal_id="signal", post={"decision": "keep", "note": "Looked into"}
    ),
}
