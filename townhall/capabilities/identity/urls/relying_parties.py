"""Relying parties, the test console, and what people share with them; part of /identity/."""

from django.urls import path

from townhall.capabilities.identity.pages import console, relying_parties, sharing

urlpatterns = [
    path("relying-parties/", relying_parties.relying_parties, name="relying_parties"),
    path("relying-parties/add/", relying_parties.add, name="add_relying_party"),
    path("relying-parties/keys/", relying_parties.rotate_keys, name="rotate_keys"),
    path("relying-parties/keys/withdraw/", relying_parties.withdraw_keys, name="withdraw_keys"),
    path("relying-parties/<uuid:relying_party_id>/", relying_parties.one, name="relying_party"),
    path(
        "relying-parties/<uuid:relying_party_id>/change/",
        relying_parties.change,
        name="change_relying_party",
    ),
    path(
        "relying-parties/<uuid:relying_party_id>/logo/",
        relying_parties.logo,
        name="relying_party_logo",
    ),
    path(
        "relying-parties/<uuid:relying_party_id>/secret/",
        relying_parties.renew_secret,
        name="renew_relying_party_secret",
    ),
    path(
        "relying-parties/<uuid:relying_party_id>/close/",
        relying_parties.close,
        name="close_relying_party",
    ),
    path(
        "relying-parties/<uuid:relying_party_id>/open/",
        relying_parties.open_again,
        name="open_relying_party",
    ),
    path("console/", console.console, name="console"),
    path("console/back/", console.back, name="console_back"),
    path("go-on/", sharing.go_on, name="go_on"),
    path("share/<slug:visit_id>/", sharing.share, name="share"),
    path("services/", sharing.services, name="services"),
    path("services/<uuid:relying_party_id>/", sharing.service, name="service"),
    path("services/<uuid:relying_party_id>/stop/", sharing.stop, name="stop_sharing"),
    path("services/logo/<uuid:file_id>/", sharing.logo, name="service_logo"),
]
