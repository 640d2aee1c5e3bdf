from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import SET_DIALS, register_dials
from townhall.machinery.holdings import holds
from townhall.machinery.navigation import staff_page


class NotifyConfig(AppConfig):
    name = "townhall.capabilities.notify"
    label = "notify"

    def ready(self) -> None:
        from townhall.capabilities.notify import (  # noqa: PLC0415  # after the models
            permissions,
            queries,
        )
        from townhall.capabilities.notify.dials import Dials  # noqa: PLC0415

        register_dials("notify", _("Messages"), Dials)
        holds(
            "notify",
            _("Messages to you"),
            goes=_("messages to you and from you, and the addresses that they went to"),
            list_held=queries.list_held,
        )
        staff_page(_("Send messages"), "notify:batches", permissions.SEND_MESSAGES)
        staff_page(_("Messages"), "notify:figures", permissions.SEE_FIGURES, everywhere=True)
        staff_page(_("Messages that were sent"), "notify:messages", permissions.READ_MESSAGES)
        staff_page(_("What messages cost"), "notify:tariffs", SET_DIALS)
        staff_page(_("Message templates"), "notify:templates", permissions.EDIT_TEMPLATES)
        staff_page(_("Who messages are from"), "notify:origins", permissions.EDIT_TEMPLATES)
        staff_page(_("Keys for programs"), "notify:keys", permissions.MANAGE_KEYS)
        holds(
            "notify",
            _("Messages to you"),
            goes=_("messages to you and from you, and the addresses that they went to"),
            list_held=queries.list_held,
        )
        staff_page(_("Senders"), "notify:senders", permissions.MANAGE_KEYS)
        staff_page(_("Going live"), "notify:going_live", permissions.DECIDE_GOING_LIVE)
        staff_page(_("Callbacks"), "notify:callbacks", permissions.MANAGE_KEYS)
        staff_page(_("Received texts"), "notify:received", permissions.READ_TEXTS)
        staff_page(_("Complaints about emails"), "notify:complaints", permissions.READ_TEXTS)
        staff_page(_("Letters to print"), "notify:printing", permissions.PRINT_LETTERS)
        staff_page(_("Suppliers of messages"), "notify:suppliers", permissions.SEE_SUPPLIERS)
