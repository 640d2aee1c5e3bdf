"""A dial that is a price list: a row for each item, and some for more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.machinery.dial_values import Dial
from townhall.machinery.dials import PricedItem
from townhall.machinery.money import Money
from townhall.machinery.pages.fields import Confirm, MoneyAmount
from townhall.machinery.pages.forms import Form
from townhall.machinery.wording import Wording
from townhall.services.administration.forms.dials import check_count, hint_of
from townhall.services.administration.forms.fields import Words

MORE = 3
MOST = 90  # rows that are read; the settings limit how many fields a form may post
LONGEST_NAME = 100
CODE = r"[a-z0-9-]{1,50}"
FREE = Money(0)
NO_NAME, NO_PRICE = gettext_lazy("Enter the name in English"), gettext_lazy("Enter a price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The fields of one item."""

    number: int
    name: BoundField
    price: BoundField
    code: BoundField
    remove: BoundField | None  # None for an item that is not there yet


class PriceListForm(Form):
    """Each item keeps its code, whatever it is called: old requests name it by that."""

    def __init__(self, dial: Dial, data: Any = None) -> None:  # Any: a QueryDict
        self.dial = dial
        super().__init__(data)
        self.items: tuple[PricedItem, ...] = dial.value
        self.count = _count(data) if data is not None else len(self.items) + MORE
        for place in range(self.count):
            item = self.items[place] if data is None and place < len(self.items) else None
            is_there = bool(data.get(f"code_{place}")) if data is not None else item is not None
            self.fields |= _fields(place, item, is_there=is_there)

    @property
    def hint(self) -> str:
        return hint_of(self.dial)

    def rows(self) -> Iterator[Row]:
        for place in range(self.count):
            code = self[f"code_{place}"]
            yield Row(
                number=place + 1,
                name=self[f"name_{place}"],
                price=self[f"price_{place}"],
                code=code,
                remove=self[f"remove_{place}"] if code.value() else None,
            )

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        kept = [place for place in range(self.count) if self._is_kept(place)]
        for place in kept:
            self._check_whole(place)
        if not self.errors:
            check_count(self.dial, len(kept))
            self.cleaned_data["value"] = self._items(kept)
        return self.cleaned_data

    def _is_kept(self, place: int) -> bool:
        """Whether the row has something in it and is not to be removed."""
        if self.cleaned_data.get(f"remove_{place}"):
            for name in (f"name_{place}", f"price_{place}"):
                self.errors.pop(name, None)
            return False
        wrong = f"name_{place}" in self.errors or f"price_{place}" in self.errors
        name = self.cleaned_data.get(f"name_{place}", Wording(""))
        said = (name.en, *(self.cleaned_data.get(f"{part}_{place}") for part in ("code", "price")))
        return wrong or any(said)

    def _check_whole(self, place: int) -> None:
        name = self.cleaned_data.get(f"name_{place}", Wording(""))
        if f"name_{place}" not in self.errors and not name.en:
            self.add_error(f"name_{place}", NO_NAME)
        if f"price_{place}" not in self.errors and not self.cleaned_data.get(f"price_{place}"):
            self.add_error(f"price_{place}", NO_PRICE)

    def _items(self, kept: list[int]) -> tuple[PricedItem, ...]:
        taken = {item.code for item in self.items}
        used = set[str]()
        items = []
        for place in kept:
            name, price = (self.cleaned_data[f"{part}_{place}"] for part in ("name", "price"))
            code = self.cleaned_data[f"code_{place}"]
            is_fit = re.fullmatch(CODE, code) and code not in used
            items.append(PricedItem(code if is_fit else _new_code(name.en, taken), name, price))
            used.add(items[-1].code)
            taken.add(items[-1].code)
        return tuple(items)


def _count(data: Any) -> int:  # Any: a QueryDict
    """How many rows were posted."""
    names = (re.fullmatch(r"code_(\d{1,3})", name) for name in data)
    return min(MOST, max((int(name[1]) + 1 for name in names if name), default=0))


def _fields(place: int, item: PricedItem | None, *, is_there: bool) -> dict[str, forms.Field]:
    """A row's questions; of an item that is there already, they need an answer."""
    code, name, price = (item.code, item.name, item.price) if item else ("", None, None)
    return {
        f"code_{place}": forms.CharField(required=False, widget=forms.HiddenInput, initial=code),
        f"name_{place}": Words(
            most=LONGEST_NAME, label=_("Name"), initial=name, required=is_there, missing=NO_NAME
        ),
        f"price_{place}": MoneyAmount(
            label=_("Price"), lowest=FREE, initial=price, required=is_there, missing=NO_PRICE
        ),
        f"remove_{place}": Confirm(label=_("Remove this item"), required=False),
    }


def _new_code(name: str, taken: set[str]) -> str:
    """A code made from the name that no item has."""
    base = slugify(name)[:40].strip("-") or "item"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code
