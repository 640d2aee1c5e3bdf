from django.urls import path

from townhall.capabilities.pay.pages import paying
from townhall.capabilities.pay.urls import settlements

app_name = "pay"
urlpatterns = [
    path("secure/<str:token>", paying.enter, name="enter"),
    path("card/<uuid:payment_id>/", paying.card, name="card"),
    path("sandbox/bank/<str:reference>/", paying.card, name="sandbox_bank"),
    *settlements.urlpatterns,
]
