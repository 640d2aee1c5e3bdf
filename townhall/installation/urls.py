"""Every address of this installation. The first segment names the folder that answers."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language
from ninja import NinjaAPI

from townhall.capabilities.identity.api.members import router as identity
from townhall.capabilities.pay.api import others as pay_v1
from townhall.capabilities.pay.api import router as pay
from townhall.machinery import health, metrics, theme
from townhall.machinery.errors import Refused
from townhall.machinery.http import problem

api = NinjaAPI(title="Townhall", version="1", docs_url=None, openapi_url="openapi.json")
api.add_exception_handler(Refused, problem)
api.add_router("/identity", identity)
api.add_router("/pay", pay)

urlpatterns = [
    path("v2/", include("townhall.capabilities.notify.urls.v2")),  # the busiest, so the first
    path("v1/", include("townhall.capabilities.pay.urls.v1")),
    path("", include("townhall.services.front_door.urls")),
    path("", include("townhall.capabilities.identity.urls.openid")),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.page, name="metrics"),
    path("theme.css", theme.stylesheet, name="theme"),
    path("language/", set_language, name="set_language"),
    # programs
    path("api/v1/", api.urls),
    path("healthcheck", pay_v1.healthcheck, name="pay_healthcheck"),
    path("request-denied", pay_v1.request_denied, name="pay_request_denied"),
    # capabilities
    path("files/", include("townhall.capabilities.notify.urls.files")),
    path("accounts/", include("townhall.capabilities.identity.urls.accounts")),
    path("identity/", include("townhall.capabilities.identity.urls")),
    path("notify/", include("townhall.capabilities.notify.urls")),
    path("pay/", include("townhall.capabilities.pay.urls")),
    path("cases/", include("townhall.capabilities.cases.urls")),
    path("governance/", include("townhall.capabilities.governance.urls")),
    # services
    path("account/", include("townhall.services.account.urls")),
    path("administration/", include("townhall.services.administration.urls")),
    path("bulky-waste/", include("townhall.services.bulky_waste.urls")),
    path(
        "bulky-waste/book/",
        include("townhall.capabilities.forms.urls"),
        {"journey": "bulky-waste"},
    ),
    path(
        "bulky-waste/book-by-phone/",
        include("townhall.capabilities.forms.urls"),
        {"journey": "bulky-waste-by-phone"},
    ),
    path("payments/", include("townhall.services.payments.urls")),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/", include("townhall.services.demo.urls")),
        path("notify/sandbox/", include("townhall.capabilities.notify.urls.sandbox")),
    ]
