"""The ways a booking may be refused."""

from townhall.machinery.errors import Conflict


class SlotFull(Conflict):
    """No place is left there; another slot may have one."""

    code = "bookings.slot_full"


class HoldExpired(Conflict):
    """The place was given back and cannot be had again; it has to be booked anew."""

    code = "bookings.hold_expired"
