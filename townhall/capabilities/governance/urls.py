from django.urls import path

from townhall.capabilities.governance import pages

app_name = "governance"
urlpatterns = [path("audit/", pages.audit, name="audit")]
