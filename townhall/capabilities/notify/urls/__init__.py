"""/notify/"""

from django.urls import path

from townhall.capabilities.notify.api import suppliers
from townhall.capabilities.notify.pages import callbacks, keys, received, templates

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
    path("callbacks/", callbacks.index, name="callbacks"),
    path("callbacks/new/", callbacks.add, name="add_callback"),
    path("callbacks/<uuid:callback_id>/remove/", callbacks.remove, name="remove_callback"),
    path(
        "callbacks/deliveries/<uuid:delivery_id>/retry/",
        callbacks.retry,
        name="retry_callback",
    ),
    path("received/", received.index, name="received"),
    path("suppliers/twilio/texts/", suppliers.twilio_text, name="twilio_text"),
    path("suppliers/twilio/<uuid:message_id>/", suppliers.twilio_status, name="twilio_status"),
]
