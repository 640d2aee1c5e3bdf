"""The calendar file that comes with a booking (iCalendar, RFC 5545)."""

from datetime import datetime

from icalendar import Alarm, Calendar, Event


def calendar_file(
    *,
    uid: str,
    sequence: int,
    title: str,
    description: str,
    location: str,
    starts_at: datetime,
    ends_at: datetime,
    stamped_at: datetime,
) -> bytes:
    """One event; a later file with the same uid and a higher sequence replaces it."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamped_at)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", title)
    event.add("description", description)
    event.add("location", location)
    event.add_component(_evening_before(title))
    calendar = Calendar()
    calendar.add("prodid", "-//Townhall//Bulky waste//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _evening_before(title: str) -> Alarm:
    alarm = Alarm.new(description=title)
    alarm.add("action", "DISPLAY")
    alarm["trigger"] = "-PT12H"
    return alarm
