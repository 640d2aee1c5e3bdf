from django.urls import path

from townhall.capabilities.pay.pages import link_pages, links, paying, sandbox
from townhall.capabilities.pay.urls import settlements, staff

app_name = "pay"
urlpatterns = [
    path("secure", paying.enter_by_post, name="enter_by_post"),
    path("secure/<str:token>", paying.enter, name="enter"),
    path("card/<uuid:payment_id>/", paying.card, name="card"),
    path("card/<uuid:payment_id>/way/", paying.way, name="way"),
    path("card/<uuid:payment_id>/confirm/", paying.confirm, name="confirm"),
    path("card/<uuid:payment_id>/back/", paying.back, name="back"),
    path("card/<uuid:payment_id>/cancel/", paying.cancel, name="cancel"),
    path("sandbox/bank/<str:reference>/", sandbox.bank, name="sandbox_bank"),
    path("link/<slug:slug>/", links.start, name="link"),
    path("link/<slug:slug>/reference/", links.reference, name="link_reference"),
    path("link/<slug:slug>/amount/", links.amount, name="link_amount"),
    path("link/<slug:slug>/check/", links.check, name="link_check"),
    path("link/<slug:slug>/done/<uuid:payment_id>/", links.done, name="link_done"),
    path("links/", link_pages.index, name="links"),
    path("links/add/", link_pages.add, name="add_link"),
    path("links/<uuid:link_id>/", link_pages.show, name="one_link"),
    path("links/<uuid:link_id>/code.svg", link_pages.code, name="link_code"),
    path("links/<uuid:link_id>/change/", link_pages.change, name="change_link"),
    path("links/<uuid:link_id>/close/", link_pages.close, name="close_link"),
    *settlements.urlpatterns,
    *staff.urlpatterns,
]
