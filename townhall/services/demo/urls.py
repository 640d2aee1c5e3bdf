from django.urls import path

from townhall.services.demo import pages

app_name = "demo"
urlpatterns = [
    path("enter/<str:secret>/", pages.enter, name="enter"),
    path("be/<slug:key>/", pages.be, name="be"),
]
