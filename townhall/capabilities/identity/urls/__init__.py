"""/identity/: for administrators, and the organisation's logo."""

from django.urls import path

from townhall.capabilities.identity.pages import devices, people, roles, staff_sign_in
from townhall.capabilities.identity.urls import relying_parties, rights
from townhall.capabilities.identity.urls.proving import PROVING

app_name = "identity"
urlpatterns = [
    *PROVING,
    *relying_parties.urlpatterns,
    *rights.urlpatterns,
    path("", people.people, name="people"),
    path("add/", people.add, name="add_person"),
    path("people/<uuid:person_id>/", people.change, name="change_person"),
    path("people/<uuid:person_id>/remove/", people.remove, name="remove_person"),
    path(
        "people/<uuid:person_id>/second-factor/",
        people.remove_second_factor,
        name="remove_second_factor",
    ),
    path("people/<uuid:person_id>/sign-out/", devices.sign_out_member, name="sign_out_member"),
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
    path("logo/<uuid:file_id>/", people.logo, name="logo"),
]
