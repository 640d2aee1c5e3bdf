from django.apps import AppConfig

from townhall.machinery.service import offer
from townhall.services.account.service import ACCOUNT


class AccountConfig(AppConfig):
    name = "townhall.services.account"
    label = "my_account"  # django-allauth has the plain one

    def ready(self) -> None:
        offer(ACCOUNT)
