"""/v2/: GOV.UK Notify's API."""

from django.urls import path

from townhall.capabilities.notify.api import notifications, wire

urlpatterns = [
    path("notifications/<str:segment>", notifications.one, name="notify_v2_notification"),
    path("<path:rest>", wire.nothing_here, name="notify_v2_nothing"),
]
