"""/identity/: for administrators, and the organisation's logo."""

from django.urls import path

from townhall.capabilities.identity.pages import people, roles, teams

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
    path("roles/add/", roles.add, name="add_role"),
    path("roles/<uuid:role_id>/", roles.change, name="change_role"),
    path("teams/", teams.teams, name="teams"),
    path("teams/add/", teams.add, name="add_team"),
    path("teams/<uuid:team_id>/", teams.rename, name="rename_team"),
    path("logo/<uuid:file_id>/", people.logo, name="logo"),
]
