from django.urls import path

from townhall.capabilities.cases import pages

app_name = "cases"
urlpatterns = [
    path("", pages.queue, name="queue"),
    path("<uuid:case_id>/", pages.case, name="case"),
    path("<uuid:case_id>/claim/", pages.claim, name="claim"),
    path("<uuid:case_id>/release/", pages.release, name="release"),
    path("<uuid:case_id>/note/", pages.note, name="note"),
    path("<uuid:case_id>/close/", pages.close, name="close"),
]
