"""The form of each kind of dial, made from what the dial says of itself."""

from townhall.services.administration.forms.dials import DialForm
from townhall.services.administration.forms.making import form_for
from townhall.services.administration.forms.pictures import PictureForm
from townhall.services.administration.forms.prices import PriceListForm

__all__ = ["DialForm", "PictureForm", "PriceListForm", "form_for"]
