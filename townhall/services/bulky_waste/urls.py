from django.urls import path

from townhall.services.bulky_waste import pages

app_name = "bulky_waste"
urlpatterns = [
    path("", pages.start, name="start"),
    path("requests/<uuid:collection_id>/", pages.request, name="request"),
    path("requests/<uuid:collection_id>/pay/", pages.pay, name="pay"),
    path("requests/<uuid:collection_id>/done/", pages.done, name="done"),
    path("requests/<uuid:collection_id>/change/", pages.change, name="change"),
    path("requests/<uuid:collection_id>/cancel/", pages.cancel, name="cancel"),
    path("requests/<uuid:collection_id>/photo/", pages.photo, name="photo"),
    path("round/", pages.round_of_day, name="round"),
    path("round/<uuid:collection_id>/", pages.stop, name="stop"),
    path("find/", pages.find, name="find"),
    path("collections/<uuid:collection_id>/", pages.collection, name="collection"),
    path("collections/<uuid:collection_id>/rebook/", pages.rebook, name="rebook"),
    path("figures/", pages.figures, name="figures"),
]
