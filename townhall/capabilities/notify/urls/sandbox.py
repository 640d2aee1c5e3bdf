"""/notify/sandbox/: only in the demo, and only with the sandbox suppliers."""

from django.urls import path

from townhall.capabilities.notify.pages import answering, sandbox

app_name = "notify_sandbox"
urlpatterns = [
    path("", sandbox.mailbox, name="mailbox"),
    path("<int:message_id>/", sandbox.message, name="message"),
    path("<int:message_id>/letter.pdf", sandbox.letter, name="letter"),
    path("<int:message_id>/answer/", answering.answer, name="answer"),
    path("<int:message_id>/html/", sandbox.email_html, name="email_html"),
    path("<int:message_id>/source/", sandbox.email_source, name="email_source"),
    path("<int:message_id>/attachments/<int:number>/", sandbox.attachment, name="attachment"),
]
