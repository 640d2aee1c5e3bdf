"""What programs search for, from their query; and the pages of what is found."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict

from townhall.capabilities.pay import records
from townhall.capabilities.pay.api.requests import parse_moment
from townhall.capabilities.pay.api.wire import Unfit, base_of
from townhall.capabilities.pay.queries import Found
from townhall.capabilities.pay.records import AgreementState, DisputeState
from townhall.capabilities.pay.rules.answers import STATUSES, Wire
from townhall.capabilities.pay.rules.cards import BRAND_NAMES
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.machinery.http import Request

R = TypeVar("R")
MOST_ON_A_PAGE = 500
MOST_PAGES = 999_999
_NUMBER = re.compile(r"[0-9]{1,9}")
# Of ours, by theirs. What is capturable is found as what has been submitted, as at GOV.UK Pay.
STATES = {
    name: tuple(
        state
        for state, status in STATUSES.items()
        if status == name or (status == "capturable" and name == "submitted")
    )
    for name in ("created", "started", "submitted", "success", "failed", "cancelled", "error")
}
_BRANDS = {name.lower(): brand for brand, name in BRAND_NAMES.items()}


class Query:
    """The parameters of a search. What is missing or empty does not narrow it."""

    def __init__(self, asked: QueryDict) -> None:
        self.asked = asked
        self.wrong: list[str] = []
        self.used: dict[str, str] = {}

    def text(self, name: str, longest: int = 255) -> str:
        return self._fit(name, lambda value: len(value) <= longest)

    def choice(self, name: str, choices: Collection[str]) -> str:
        return self._fit(name, lambda value: value in choices)

    def digits(self, name: str, length: int) -> str:
        return self._fit(name, lambda value: bool(re.fullmatch(f"[0-9]{{{length}}}", value)))

    def number(self, name: str, default: int, most: int) -> int:
        def is_fit(value: str) -> bool:
            return bool(_NUMBER.fullmatch(value)) and 1 <= int(value) <= most

        return int(self._fit(name, is_fit) or default)

    def moment(self, name: str) -> datetime | None:
        return parse_moment(self._fit(name, lambda value: parse_moment(value) is not None))

    def day(self, name: str) -> date | None:
        return _day(self._fit(name, lambda value: _day(value) is not None))

    def _fit(self, name: str, is_fit: Callable[[str], bool]) -> str:
        value = self.asked.get(name) or ""
        if value and ("\0" in value or not is_fit(value)):
            self.wrong.append(name)
            return ""
        if value:
            self.used[name] = value
        return value

    def check(self, code: str) -> None:
        if self.wrong:
            names = ", ".join(self.wrong)
            says = f"Invalid parameters: {names}. See Public API documentation for the correct"
            raise Unfit(422, code, f"{says} data formats")


def read_search(request: HttpRequest) -> tuple[records.Wanted, dict[str, str]]:
    """Which payments. Raises Unfit. With the parameters as they were given, for the links."""
    query = Query(request.GET)
    state, brand = query.choice("state", STATES), query.text("card_brand", 20).lower()
    agreement_id, is_strange = _id_of(query)
    wanted = records.Wanted(
        states=STATES.get(state, ()),
        reference=query.text("reference"),
        email=query.text("email", 254),
        card_brand=_BRANDS.get(brand, brand),
        since=query.moment("from_date"),
        before=query.moment("to_date"),
        agreement_id=agreement_id,
        nothing=is_strange,
        first_digits=query.digits("first_digits_card_number", 6),
        last_digits=query.digits("last_digits_card_number", 4),
        cardholder=query.text("cardholder_name"),
        settled_since=query.day("from_settled_date"),
        settled_before=query.day("to_settled_date"),
        **_page_of(query),
    )
    query.check("P0401")
    return wanted, query.used


def read_refund_search(request: HttpRequest) -> tuple[records.Wanted, dict[str, str]]:
    query = Query(request.GET)
    wanted = records.Wanted(**_dates_of(query), **_page_of(query))
    query.check("P1101")
    return wanted, query.used


def read_dispute_search(request: HttpRequest) -> tuple[records.Wanted, dict[str, str]]:
    query = Query(request.GET)
    status = query.choice("status", [each.value for each in DisputeState])
    wanted = records.Wanted(
        dispute_state=DisputeState(status) if status else None,
        **_dates_of(query),
        **_page_of(query),
    )
    query.check("P0401")
    return wanted, query.used


def read_agreement_search(request: HttpRequest) -> tuple[records.Wanted, dict[str, str]]:
    query = Query(request.GET)
    status = query.choice("status", [each.value for each in AgreementState])
    wanted = records.Wanted(
        reference=query.text("reference"),
        agreement_state=AgreementState(status) if status else None,
        **_page_of(query),
    )
    query.check("P2401")
    return wanted, query.used


def write_found(
    request: Request,
    found: Found[R],
    wanted: records.Wanted,
    used: dict[str, str],
    *,
    write: Callable[[R], Wire],
) -> Wire:
    """A page as GOV.UK Pay writes it, with links to the others."""
    last = max(1, -(-found.total // wanted.size))

    def link(page: int) -> Wire:
        asked = urlencode(used | {"page": str(page), "display_size": str(wanted.size)})
        return {"href": f"{base_of(request)}{request.path}?{asked}", "method": "GET"}

    links = {"self": link(wanted.page), "first_page": link(1), "last_page": link(last)}
    if wanted.page > 1:
        links["prev_page"] = link(wanted.page - 1)
    if wanted.page < last:
        links["next_page"] = link(wanted.page + 1)
    return {
        "total": found.total,
        "count": len(found.rows),
        "page": wanted.page,
        "results": [write(row) for row in found.rows],
        "_links": links,
    }


def _page_of(query: Query) -> dict[str, Any]:  # Any: what Wanted takes
    size = query.number("display_size", MOST_ON_A_PAGE, MOST_ON_A_PAGE)
    return {"page": query.number("page", 1, MOST_PAGES), "size": size}


def _dates_of(query: Query) -> dict[str, Any]:  # Any: the same
    return {
        "since": query.moment("from_date"),
        "before": query.moment("to_date"),
        "settled_since": query.day("from_settled_date"),
        "settled_before": query.day("to_settled_date"),
    }


def _id_of(query: Query) -> tuple[UUID | None, bool]:
    """Of an agreement; and whether it is one that cannot be."""
    written = query.text("agreement_id", 26)
    agreement_id = read_id(written) if written else None
    return agreement_id, bool(written) and agreement_id is None


def _day(value: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
