"""Forms that go out and come in. Start at `calendar.py`: meetings and what falls due, for calendar programs."""

from foedus.exchange.calendar import Calendar, calendar_ics

__all__ = ["Calendar", "calendar_ics"]
