"""/bulky-waste/"""

from townhall.services.bulky_waste.pages.residents import (
    cancel,
    change,
    done,
    pay,
    photo,
    request,
    start,
)
from townhall.services.bulky_waste.pages.staff import (
    collection,
    figures,
    find,
    rebook,
    round_of_day,
    stop,
)

__all__ = [
    "cancel",
    "change",
    "collection",
    "done",
    "figures",
    "find",
    "pay",
    "photo",
    "rebook",
    "request",
    "round_of_day",
    "start",
    "stop",
]
