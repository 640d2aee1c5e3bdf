"""Who may open what of signing in."""

from tests.doors.door import ANYONE, SIGNED_IN, Door, door

MAYBE = (200, 302, 403, 404)  # as it stands with what they have proved

SIGNING_IN: dict[str, Door] = {
    "accounts/sign-in/": door(ANYONE, get=(200, 302)),
    "accounts/sign-in/code/": door(ANYONE, get=302),
    "accounts/sign-in/name/": door(ANYONE, get=302),
    "accounts/sign-in/passkey/": door(ANYONE, get=302),
    "accounts/sign-in/password/": door(ANYONE, get=(200, 302)),
    "accounts/sign-in/second-factor/": door(ANYONE, get=302),
    "accounts/sign-in/second-factor/lost/": door(ANYONE, get=302),
    "accounts/sign-in/trust/": door(ANYONE, get=302),
    "accounts/stop/<recovery_id>/": door(ANYONE, get=404, recovery_id="message"),
    "accounts/staff/<name>/": door(ANYONE, name="reference", get=404),
    "accounts/staff/<name>/back/": door(ANYONE, name="reference", get=403),
    "accounts/sign-out/": door(ANYONE, get=(200, 302), post={"next": "/"}),
    "accounts/closed/": door(ANYONE),
    "accounts/": door(SIGNED_IN),
    "accounts/again/": door(SIGNED_IN),
    "accounts/password/": door(SIGNED_IN, get=MAYBE),
    "accounts/password/remove/": door(SIGNED_IN, get=MAYBE),
    "accounts/passkeys/add/": door(SIGNED_IN, get=MAYBE),
    "accounts/passkeys/<pk>/remove/": door(SIGNED_IN, get=MAYBE, pk="1"),
    "accounts/second-factor/check/": door(SIGNED_IN, get=MAYBE),
    "accounts/second-factor/app/": door(SIGNED_IN, get=MAYBE),
    "accounts/second-factor/app/remove/": door(SIGNED_IN, get=MAYBE),
    "accounts/second-factor/recovery-codes/": door(SIGNED_IN, get=MAYBE),
    "accounts/second-factor/recovery-codes/new/": door(SIGNED_IN, get=MAYBE),
    "accounts/second-factor/recovery-codes/file/": door(SIGNED_IN, get=MAYBE),
    "identity/people/<person_id>/sign-out/": door("administrator", person_id="crew", post={}),
    "accounts/devices/": door(SIGNED_IN),
    "accounts/devices/sign-out/": door(SIGNED_IN, get=405, post={"device": "none"}),
    "accounts/devices/everywhere/": door(SIGNED_IN, get=405),
}
