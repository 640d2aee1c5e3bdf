"""/notify/"""

from django.urls import path

from townhall.capabilities.notify.api import suppliers
from townhall.capabilities.notify.pages import (
    callbacks,
    going_live,
    keys,
    origins,
    received,
    senders,
    templates,
)
from townhall.capabilities.notify.records import Channel

app_name = "notify"
urlpatterns = [
    path("", templates.index, name="templates"),
    path("templates/new/", templates.choose, name="make_template"),
    *(
        path(
            f"templates/new/{channel}/",
            templates.make,
            {"channel": channel},
            name=f"make_{channel}_template",
        )
        for channel in Channel
    ),
    path("templates/<uuid:template_id>/", templates.one, name="template"),
    path("templates/<uuid:template_id>/letter.pdf", templates.letter, name="letter"),
    path("templates/<uuid:template_id>/edit/", templates.edit, name="edit_template"),
    path("templates/<uuid:template_id>/versions/", templates.versions, name="versions"),
    path("templates/<uuid:template_id>/versions/<int:number>/", templates.version, name="version"),
    path(
        "templates/<uuid:template_id>/versions/<int:number>/letter.pdf",
        templates.version_letter,
        name="version_letter",
    ),
    path("origins/", origins.index, name="origins"),
    path("origins/new/", origins.choose, name="add_origin"),
    *(
        path(
            f"origins/new/{channel}/",
            origins.add,
            {"channel": channel},
            name=f"add_{channel}_origin",
        )
        for channel in Channel
    ),
    path("origins/<uuid:origin_id>/usual/", origins.make_usual, name="make_usual"),
    path("origins/<uuid:origin_id>/remove/", origins.remove, name="remove_origin"),
    path("keys/", keys.index, name="keys"),
    path("keys/new/", keys.make, name="make_key"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke_key"),
    path("senders/", senders.index, name="senders"),
    path("senders/<uuid:sender_id>/", senders.one, name="sender"),
    path("senders/<uuid:sender_id>/channels/", senders.channels, name="sender_channels"),
    path("senders/<uuid:sender_id>/limits/", senders.limits, name="sender_limits"),
    path("senders/<uuid:sender_id>/guests/", senders.guests, name="guests"),
    path("senders/<uuid:sender_id>/guests/new/", senders.add_guest, name="add_guest"),
    path(
        "senders/<uuid:sender_id>/guests/<uuid:guest_id>/remove/",
        senders.remove_guest,
        name="remove_guest",
    ),
    path("senders/<uuid:sender_id>/going-live/", senders.ask_to_go_live, name="ask_to_go_live"),
    path("going-live/", going_live.waiting, name="going_live"),
    path("going-live/<uuid:request_id>/", going_live.decide, name="decide_going_live"),
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
