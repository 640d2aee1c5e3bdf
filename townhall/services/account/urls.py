from django.urls import path

from townhall.services.account.pages import changing, deleting, reading

app_name = "account"
urlpatterns = [
    path("", reading.overview, name="overview"),
    path("requests/", reading.requests, name="requests"),
    path("who-looked/", reading.looks, name="looks"),
    path("held/", reading.held, name="held"),
    path("held/copy.json", reading.copy_for_programs, name="copy_for_programs"),
    path("held/copy.html", reading.copy_to_read, name="copy_to_read"),
    path("held/<slug:slug>/", reading.part, name="part"),
    path("details/", changing.details, name="details"),
    path("email/", changing.address, name="address"),
    path("email/code/", changing.code, name="code"),
    path("delete/", deleting.delete, name="delete"),
    path("delete/cancel/", deleting.keep, name="keep"),
]
