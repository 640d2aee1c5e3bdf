"""What someone may do with places."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

FIND_ADDRESSES = permission("places.find_addresses", _("Look up addresses"))
LOAD_ADDRESSES = permission("places.load_addresses", _("Load the list of addresses"))
