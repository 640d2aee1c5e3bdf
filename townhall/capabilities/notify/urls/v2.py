"""/v2/: GOV.UK Notify's API."""

from django.urls import path

from townhall.capabilities.notify.api import bulk, notifications, received, templates, wire

urlpatterns = [
    path("notifications", notifications.many, name="notify_v2_notifications"),
    path("notifications/bulk", bulk.send, name="notify_v2_bulk"),
    path("notifications/bulk/<str:batch_id>", bulk.one, name="notify_v2_batch"),
    *(
        path(
            f"notifications/bulk/<str:batch_id>/{verb}",
            bulk.change,
            {"verb": verb},
            name=f"notify_v2_{verb}_batch",
        )
        for verb in bulk.VERBS
    ),
    path("notifications/<str:segment>", notifications.one, name="notify_v2_notification"),
    path("notifications/<str:notification_id>/pdf", notifications.pdf, name="notify_v2_pdf"),
    path(
        "notifications/<str:notification_id>/cancel",
        notifications.cancel,
        name="notify_v2_cancel",
    ),
    path("templates", templates.many, name="notify_v2_templates"),
    path("template", templates.new, name="notify_v2_new_template"),
    path("template/<str:template_id>", templates.newest, name="notify_v2_template"),
    path("template/<str:template_id>/archive", templates.archive, name="notify_v2_archive"),
    path("template/<str:template_id>/versions", templates.versions, name="notify_v2_versions"),
    path(
        "template/<str:template_id>/version/<int:version>",
        templates.one,
        name="notify_v2_template_version",
    ),
    path("template/<str:template_id>/preview", templates.preview, name="notify_v2_preview"),
    path("received-text-messages", received.many, name="notify_v2_received"),
    path("<path:rest>", wire.nothing_here, name="notify_v2_nothing"),
]
