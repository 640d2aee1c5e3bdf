"""The service at a glance: who owns it, and which roles begin with which of its permissions."""

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.governance import permissions as governance
from townhall.capabilities.identity import permissions as identity
from townhall.capabilities.notify import permissions as notify
from townhall.machinery import work
from townhall.machinery.actors import inner_permission, permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.service import Service
from townhall.machinery.wording import Wording

INDEX = permission("administration.index", _("Come in to the staff pages"))
RUN = inner_permission("administration.run", _("Run the service by itself"))

ADMINISTRATION = Service(
    slug="administration",
    title=Wording("Administration", "Gweinyddu"),
    owner=Wording("Digital services", "Gwasanaethau digidol"),
    uses=frozenset({RUN, cases.OPEN}),
    staff_roles={
        "crew": frozenset({INDEX}),
        "caseworker": frozenset({INDEX, cases.WORK}),
        "administrator": frozenset(
            {
                INDEX,
                SET_DIALS,
                identity.MANAGE_PEOPLE,
                cases.WORK,
                governance.READ_AUDIT,
                notify.DECIDE_GOING_LIVE,
                notify.EDIT_TEMPLATES,
                notify.MANAGE_KEYS,
                notify.READ_MESSAGES,
                notify.READ_TEXTS,
                notify.PRINT_LETTERS,
                notify.SEND_MESSAGES,
                notify.SEE_FIGURES,
            }
        ),
        "operator": frozenset({INDEX, work.RUN, identity.RUN_INSTALLATION, notify.SEE_SUPPLIERS}),
    },
)
