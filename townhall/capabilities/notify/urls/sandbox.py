"""/notify/sandbox/: only in the demo, and only with the sandbox carrier."""

from django.urls import path

from townhall.capabilities.notify.pages import answering, sandbox

app_name = "notify_sandbox"
urlpatterns = [
    path("", sandbox.mailbox, name="mailbox"),
    path("<int:email_id>/", sandbox.email, name="email"),
    path("<int:message_id>/answer/", answering.answer, name="answer"),
    path("<int:email_id>/html/", sandbox.email_html, name="email_html"),
    path("<int:email_id>/source/", sandbox.email_source, name="email_source"),
    path("<int:email_id>/attachments/<int:number>/", sandbox.attachment, name="attachment"),
]
