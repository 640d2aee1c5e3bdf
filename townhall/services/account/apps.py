from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.service import offer


class AccountConfig(AppConfig):
    name = "townhall.services.account"
    label = "my_account"  # django-allauth has the plain one

    def ready(self) -> None:
        from townhall.machinery.dials import register_dials  # noqa: PLC0415  # needs models
        from townhall.services.account.service import ACCOUNT, Dials  # noqa: PLC0415  # as above

        offer(ACCOUNT)
        register_dials(ACCOUNT.slug, _("My account"), Dials)
