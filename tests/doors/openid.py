"""Who may open the addresses of the OpenID provider, and the pages of its relying parties."""

from tests.doors.door import ANYONE, SIGNED_IN, Door, door

PARTY = "identity/relying-parties/<relying_party_id>/"
THIS = "relying_party"
TOLD = {
    "name": "Fishing",
    "redirect_uris": "https://fishing.example/back",
    "sector": "fishing.example",
    "authentication": "client_secret_post",
    "signing": "ES256",
}
UNNAMED = 403  # the walk says in no header what program it is: see identity's tests

OPENID: dict[str, Door] = {
    **dict.fromkeys(
        (
            ".well-known/openid-configuration",
            ".well-known/jwks.json",
            ".well-known/did.json",
            "trustmark",
            "userinfo",
            "logout",
        ),
        door(ANYONE, get=UNNAMED),
    ),
    "token": door(ANYONE, get=UNNAMED, post={}, done=UNNAMED),
    "authorize": door(ANYONE, get=400, post={"client_id": "nobody"}, done=303),
    "identity/go-on/": door(ANYONE, get=404),
    "identity/share/<visit_id>/": door(
        ANYONE, visit_id="reference", get=404, post={"answer": "agree"}, done=404
    ),
    "identity/services/": door(SIGNED_IN),
    "identity/services/<relying_party_id>/": door("owner", relying_party_id=THIS),
    "identity/services/<relying_party_id>/stop/": door("owner", post={}, relying_party_id=THIS),
    "identity/services/logo/<file_id>/": door(ANYONE, file_id="message", get=404),
    "identity/relying-parties/": door("administrator"),
    "identity/relying-parties/add/": door("administrator", post=TOLD, done=200),
    "identity/relying-parties/keys/": door("administrator", get=405, post={}),
    "identity/relying-parties/keys/withdraw/": door("administrator", get=405, post={}),
    PARTY: door("administrator", relying_party_id=THIS),
    f"{PARTY}change/": door("administrator", post=TOLD, relying_party_id=THIS),
    f"{PARTY}logo/": door("administrator", post={}, done=422, relying_party_id=THIS),
    f"{PARTY}secret/": door("administrator", get=405, post={}, done=200, relying_party_id=THIS),
    f"{PARTY}close/": door("administrator", post={}, relying_party_id=THIS),
    f"{PARTY}open/": door("administrator", get=405, post={}, relying_party_id=THIS),
    "identity/console/": door("administrator", post={}, done=422),
    "identity/console/back/": door("administrator", get=302),
}
