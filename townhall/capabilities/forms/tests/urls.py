"""The installation's addresses, and the sample journey's."""

from django.urls import include, path

urlpatterns = [
    path("sample/book/", include("townhall.capabilities.forms.urls"), {"journey": "sample"}),
    path("", include("townhall.installation.urls")),
]
