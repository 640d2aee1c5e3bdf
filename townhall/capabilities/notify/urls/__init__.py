"""/notify/"""

from django.urls import path

from townhall.capabilities.notify.pages import keys, templates

app_name = "notify"
urlpatterns = [
    path("", templates.index, name="templates"),
    path("templates/new/", templates.make, name="make_template"),
    path("templates/<uuid:template_id>/", templates.one, name="template"),
    path("templates/<uuid:template_id>/edit/", templates.edit, name="edit_template"),
    path("templates/<uuid:template_id>/versions/", templates.versions, name="versions"),
    path("templates/<uuid:template_id>/versions/<int:number>/", templates.version, name="version"),
    path("keys/", keys.index, name="keys"),
    path("keys/new/", keys.make, name="make_key"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke_key"),
]
