"""The pages of a journey. Mounted once for each, with the keyword `journey`.

They have no namespace: it could be mounted only once. `reverse("forms_start", kwargs={"journey":
"bulky-waste"})` finds the right mount by its keyword.
"""

from django.urls import path

from townhall.capabilities.forms import pages

urlpatterns = [
    path("", pages.start, name="forms_start"),
    path("check/", pages.check, name="forms_check"),
    path("again/", pages.begin_again, name="forms_again"),
    path("<slug:page>/", pages.ask, name="forms_page"),
]
