"""Who may open what of rights, of acting for others, and of keys of programs."""

from tests.doors.door import ANYONE, SIGNED_IN, Door, door

DAY = {"last_day_day": "1", "last_day_month": "1", "last_day_year": "2027"}
ADMIN = "administrator"

RIGHTS: dict[str, Door] = {
    "api/v1/identity/me": door("", get=401),
    "api/v1/identity/members": door("", get=401),
    "identity/people/<person_id>/roles/": door(
        ADMIN,
        person_id="crew",
        post={"role": "caseworker", "where": "service:bulky-waste", "reason": "Holidays"},
    ),
    "identity/people/<person_id>/rights/": door(ADMIN, person_id="crew"),
    "identity/grants/<grant_id>/end/": door(ADMIN, grant_id="grant", post={}),
    "identity/rights/": door(ADMIN, asks=("?permission=cases.work",)),
    "identity/roles/<role_id>/missing/": door(ADMIN, role_id="crew_role", get=405, post={}),
    "identity/reviews/": door(ADMIN, post={}),
    "identity/reviews/<review_id>/": door(ADMIN, review_id="review"),
    "identity/reviews/roles/<reviewed_id>/": door(
        ADMIN, reviewed_id="reviewed", post={"decision": "keep", "reason": "Asked them"}
    ),
    "identity/keys/": door(ADMIN),
    "identity/keys/make/": door(
        ADMIN, post={"program": "Payroll", "may": ["identity.read_members"], **DAY}, done=200
    ),
    "identity/keys/<key_id>/renew/": door(ADMIN, key_id="program_key", post=DAY, done=200),
    "identity/keys/<key_id>/revoke/": door(ADMIN, key_id="program_key", post={}),
    "identity/acting/": door(SIGNED_IN),
    "identity/acting/ask/": door(
        SIGNED_IN, post={"email": "carer@a.example", "services": ["bulky-waste"], **DAY}
    ),
    "identity/acting/stop/": door(ANYONE, get=405, post={}),
    "identity/acting/over/": door(ANYONE),
    "identity/acting/<delegation_id>/accept/": door(
        "owner", delegation_id="asked", get=405, post={}
    ),
    "identity/acting/<delegation_id>/end/": door(
        "owner", delegation_id="delegation", get=405, post={}
    ),
    "identity/acting/<delegation_id>/begin/": door(
        "owner", delegation_id="delegation", get=405, post={}
    ),
}
