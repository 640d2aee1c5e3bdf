"""Which form sets which dial."""

from typing import Any

from townhall.machinery.dial_values import Dial
from townhall.machinery.dials import Picture, PricedItem
from townhall.services.administration.forms.dials import DialForm
from townhall.services.administration.forms.pictures import PictureForm
from townhall.services.administration.forms.prices import PriceListForm


def form_for(
    dial: Dial,
    data: Any = None,
    files: Any = None,  # Any: Django's own
) -> DialForm | PictureForm | PriceListForm:
    if dial.kind is Picture:
        return PictureForm(dial, data, files)
    if dial.kind == tuple[PricedItem, ...]:
        return PriceListForm(dial, data)
    return DialForm(dial, data)
