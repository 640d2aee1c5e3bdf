"""/identity/: for administrators, what people share with other services, and logos."""

from django.urls import path

from townhall.capabilities.identity.pages import (
    console,
    people,
    relying_parties,
    roles,
    sharing,
    staff_sign_in,
)

app_name = "identity"
urlpatterns = [
    path("", people.people, name="people"),
    path("add/", people.add, name="add_person"),
    path("people/<uuid:person_id>/", people.change, name="change_person"),
    path("people/<uuid:person_id>/remove/", people.remove, name="remove_person"),
    path(
        "people/<uuid:person_id>/second-factor/",
        people.remove_second_factor,
        name="remove_second_factor",
    ),
    path("roles/", roles.roles, name="roles"),
    path("roles/add/", roles.add_role, name="add_role"),
    path("roles/<uuid:role_id>/", roles.change_role, name="change_role"),
    path("teams/", roles.teams, name="teams"),
    path("teams/add/", roles.add_team, name="add_team"),
    path("teams/<uuid:team_id>/", roles.rename_team, name="rename_team"),
    path("staff-sign-in/", staff_sign_in.settings, name="staff_sign_in"),
    path(
        "staff-sign-in/<uuid:claim_role_id>/stop/",
        staff_sign_in.stop,
        name="stop_giving_by_claim",
    ),
    path("relying-parties/", relying_parties.relying_parties, name="relying_parties"),
    path("relying-parties/add/", relying_parties.add, name="add_relying_party"),
    path("relying-parties/keys/", relying_parties.rotate_keys, name="rotate_keys"),
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
    path("logo/<uuid:file_id>/", people.logo, name="logo"),
]
