"""/notify/"""

from django.urls import path

from townhall.capabilities.notify.api import suppliers
from townhall.capabilities.notify.pages import (
    batches,
    callbacks,
    complaints,
    figures,
    folders,
    histories,
    keeping,
    keys,
    origins,
    received,
    retention,
    sending,
    tariffs,
    templates,
)
from townhall.capabilities.notify.records import Channel

app_name = "notify"
urlpatterns = [
    path("", folders.index, name="templates"),
    path("folders/new/", folders.make, name="make_folder"),
    path("folders/<uuid:folder_id>/", folders.one, name="folder"),
    path("folders/<uuid:folder_id>/rename/", folders.rename, name="rename_folder"),
    path("folders/<uuid:folder_id>/move/", folders.move, name="move_folder"),
    path("folders/<uuid:folder_id>/delete/", folders.delete, name="delete_folder"),
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
    path("templates/<uuid:template_id>/copy/", keeping.copy, name="copy_template"),
    path("templates/<uuid:template_id>/move/", keeping.move, name="move_template"),
    path("templates/<uuid:template_id>/archive/", keeping.archive, name="archive_template"),
    path("templates/<uuid:template_id>/versions/", templates.versions, name="versions"),
    path("templates/<uuid:template_id>/versions/<int:number>/", templates.version, name="version"),
    path(
        "templates/<uuid:template_id>/versions/<int:number>/restore/",
        keeping.restore,
        name="restore_version",
    ),
    path(
        "templates/<uuid:template_id>/versions/<int:number>/letter.pdf",
        templates.version_letter,
        name="version_letter",
    ),
    path("send/", sending.index, name="send"),
    path("send/<uuid:template_id>/", sending.choose, name="send_template"),
    path("send/<uuid:template_id>/one/<int:step>/", sending.one, name="send_one"),
    path("send/<uuid:template_id>/one/check/", sending.check, name="check_one"),
    path("send/<uuid:template_id>/one/letter.pdf", sending.letter, name="letter_of_one"),
    path("send/<uuid:template_id>/list/", batches.upload, name="upload_list"),
    path("send/<uuid:template_id>/list/example.csv", batches.example, name="example_list"),
    path("scheduled/", sending.scheduled, name="scheduled"),
    path("scheduled/<uuid:message_id>/cancel/", sending.cancel, name="cancel_message"),
    path("batches/", batches.index, name="batches"),
    path("batches/<uuid:batch_id>/", batches.one, name="batch"),
    path("batches/<uuid:batch_id>/check/", batches.check, name="check_list"),
    path("batches/<uuid:batch_id>/report.csv", batches.report, name="batch_report"),
    path("batches/<uuid:batch_id>/pause/", batches.pause, name="pause_batch"),
    path("batches/<uuid:batch_id>/resume/", batches.resume, name="resume_batch"),
    path("batches/<uuid:batch_id>/cancel/", batches.cancel, name="cancel_batch"),
    path("origins/", origins.index, name="origins"),
    path("origins/contact/", origins.contact, name="contact"),
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
    path("figures/", figures.dashboard, name="figures"),
    path("figures/<uuid:sender_id>/", figures.dashboard, name="sender_figures"),
    path("figures/<uuid:sender_id>/retention/", retention.edit, name="retention"),
    path("tariffs/", tariffs.index, name="tariffs"),
    path("tariffs/new/", tariffs.add, name="add_tariff"),
    path("messages/", histories.index, name="messages"),
    path("messages/<uuid:message_id>/", histories.one, name="message"),
    path("messages/<uuid:message_id>/html/", histories.email_html, name="email_html"),
    path("messages/<uuid:message_id>/letter.pdf", histories.letter, name="sent_letter"),
    path("messages/<uuid:message_id>/again/", histories.send_again, name="send_again"),
    path("received/", received.index, name="received"),
    path("complaints/", complaints.index, name="complaints"),
    path("suppliers/mail/", suppliers.mail_report, name="mail_report"),
    path("suppliers/ses/", suppliers.ses_notice, name="ses_notice"),
    path("suppliers/twilio/texts/", suppliers.twilio_text, name="twilio_text"),
    path("suppliers/twilio/<uuid:message_id>/", suppliers.twilio_status, name="twilio_status"),
]
