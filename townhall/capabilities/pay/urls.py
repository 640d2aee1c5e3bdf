from django.urls import path

from townhall.capabilities.pay import pages

app_name = "pay"
urlpatterns = [
    path("sandbox/<str:reference>/", pages.sandbox, name="sandbox"),
]
