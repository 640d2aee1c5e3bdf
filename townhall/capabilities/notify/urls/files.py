"""/files/: where people download what was sent to them; the links are never changed."""

from django.urls import path

from townhall.capabilities.notify.pages import files

app_name = "notify_files"
urlpatterns = [
    path("<uuid:file_id>/", files.landing, name="landing"),
    path("<uuid:file_id>/confirm/", files.confirm, name="confirm"),
    path("<uuid:file_id>/download/", files.download, name="download"),
    path("<uuid:file_id>/content/", files.content, name="content"),
    path("test-document", files.test_document, name="test_document"),
]
