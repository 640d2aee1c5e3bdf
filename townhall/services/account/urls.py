from django.urls import path

from townhall.services.account import pages

app_name = "account"
urlpatterns = [
    path("", pages.requests, name="requests"),
    path("who-looked/", pages.looks, name="looks"),
]
