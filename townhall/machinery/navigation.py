"""Which pages a person is led to from every page: each app says what it has, and for whom."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from townhall.machinery.actors import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    title: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPage:
    title: str | Promise
    url_name: str
    permission: Permission
    narrowed: bool  # opens to who holds it in some services only
    everywhere: bool  # in the navigation of every page, not only on the index of staff pages


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentPage:
    title: str | Promise
    url_name: str
    hint: str | Promise

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_pages: list[StaffPage] = []
_resident_pages: list[ResidentPage] = []


def staff_page(
    title: str | Promise,
    url_name: str,
    permission: Permission,
    *,
    everywhere: bool = False,
    narrowed: bool = False,
) -> None:
    """Lead staff who hold the permission to a page; its app calls this when it is ready."""
    page = StaffPage(
        title=title,
        url_name=url_name,
        permission=permission,
        everywhere=everywhere,
        narrowed=narrowed,
    )
    if page not in _pages:
        _pages.append(page)


def resident_page(title: str | Promise, url_name: str, *, hint: str | Promise) -> None:
    """Lead whoever is signed in to a page about themselves; its app calls this when it is ready."""
    page = ResidentPage(title=title, url_name=url_name, hint=hint)
    if page not in _resident_pages:
        _resident_pages.append(page)


def resident_pages() -> list[ResidentPage]:
    """What My account leads to beside its own pages, by title."""
    return sorted(_resident_pages, key=lambda page: str(page.title))


def staff_pages(actor: Actor) -> list[Link]:
    """Every staff page that this actor may open, by title."""
    mine = [page for page in _pages if _opens(page, actor)]
    links = [Link(title=str(page.title), url=reverse(page.url_name)) for page in mine]
    return sorted(links, key=lambda link: link.title)


def navigation_of(actor: Actor, path: str) -> list[Link]:
    """The links above every page."""
    mine = [page for page in _pages if page.everywhere and _opens(page, actor)]
    urls = [(str(page.title), reverse(page.url_name)) for page in mine]
    return [Link(title=title, url=url, active=path.startswith(url)) for title, url in urls]


def _opens(page: StaffPage, actor: Actor) -> bool:
    if page.narrowed:
        return actor.may_somewhere(page.permission)
    return page.permission in actor.may
