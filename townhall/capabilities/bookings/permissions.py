"""What someone may do with slots and bookings."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission

SEE_SLOTS = inner_permission("bookings.see_slots", _("See the days and times that can be booked"))
BOOK = inner_permission("bookings.book", _("Book, change and cancel places"))
MAKE_SLOTS = inner_permission("bookings.make_slots", _("Set the days and times that can be booked"))
