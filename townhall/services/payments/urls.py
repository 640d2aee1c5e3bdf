from django.urls import path

from townhall.services.payments import pages

app_name = "payments"
urlpatterns = [
    path("notices/", pages.notices, name="notices"),
    path("notices/<uuid:notice_id>/", pages.notice, name="notice"),
]
