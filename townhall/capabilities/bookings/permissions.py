"""What someone may do with slots and bookings."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

SEE_SLOTS = permission("bookings.see_slots", _("See the days and times that can be booked"))
BOOK = permission("bookings.book", _("Book, change and cancel places"))
MAKE_SLOTS = permission("bookings.make_slots", _("Set the days and times that can be booked"))
