"""What someone may do with places."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission

FIND_ADDRESSES = inner_permission("places.find_addresses", _("Look up addresses"))
LOAD_ADDRESSES = inner_permission("places.load_addresses", _("Load the list of addresses"))
