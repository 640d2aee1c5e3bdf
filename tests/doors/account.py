"""Who may open the pages below /account/: whoever is signed in, and each sees their own."""

from tests.doors.door import SIGNED_IN, Door, door

DETAILS = {"name": "Ann Archer", "phone": "", "language": "cy"}

ACCOUNT: dict[str, Door] = {
    "account/": door(SIGNED_IN),
    "account/requests/": door(SIGNED_IN),
    "account/who-looked/": door(SIGNED_IN),
    "account/held/": door(SIGNED_IN),
    "account/held/copy.json": door(SIGNED_IN),
    "account/held/copy.html": door(SIGNED_IN),
    "account/held/<slug>/": door(SIGNED_IN, slug="notify"),
    "account/details/": door(SIGNED_IN, post=DETAILS),
    "account/email/": door(SIGNED_IN, post={"email": "new@a.example"}),
    "account/email/code/": door(SIGNED_IN, post={"code": "12345678"}, done=422),
    "account/delete/": door(SIGNED_IN, post={}, done=409),  # of staff, whose work has to end first
    "account/delete/cancel/": door(SIGNED_IN, get=405, post={}),
}
