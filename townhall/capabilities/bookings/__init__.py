"""Places in time: slots, appointments, rooms and diaries."""
