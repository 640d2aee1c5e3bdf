"""/notify/"""

from django.urls import path

from townhall.capabilities.notify.api import suppliers
from townhall.capabilities.notify.pages import (
    callbacks,
    keys,
    origins,
    printing,
    received,
    templates,
)
from townhall.capabilities.notify.pages import suppliers as supplier_pages
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
    path("callbacks/", callbacks.index, name="callbacks"),
    path("callbacks/new/", callbacks.add, name="add_callback"),
    path("callbacks/<uuid:callback_id>/remove/", callbacks.remove, name="remove_callback"),
    path(
        "callbacks/deliveries/<uuid:delivery_id>/retry/",
        callbacks.retry,
        name="retry_callback",
    ),
    path("received/", received.index, name="received"),
    path("printing/", printing.index, name="printing"),
    path("printing/letters.pdf", printing.batch, name="print_batch"),
    path("printing/posted/", printing.post, name="mark_posted"),
    path("printing/<uuid:message_id>/letter.pdf", printing.letter, name="print_letter"),
    path("suppliers/", supplier_pages.index, name="suppliers"),
    path(
        "suppliers/firetext/<str:secret>/receipts/",
        suppliers.firetext_receipt,
        name="firetext_receipt",
    ),
    path("suppliers/firetext/<str:secret>/texts/", suppliers.firetext_text, name="firetext_text"),
    path("suppliers/twilio/texts/", suppliers.twilio_text, name="twilio_text"),
    path("suppliers/twilio/<uuid:message_id>/", suppliers.twilio_status, name="twilio_status"),
]
