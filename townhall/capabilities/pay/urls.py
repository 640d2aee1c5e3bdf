from django.urls import path

from townhall.capabilities.pay.pages import paying, sandbox

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
]
