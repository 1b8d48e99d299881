"""Prints the events of a calendar as JSON, as the library `icalendar` reads them: `read_calendar.py forecast.ics`."""

import json
import pathlib
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(pathlib.Path(sys.argv[1]).read_bytes())
events = []
for event in calendar.walk("VEVENT"):
    # Every event has exactly one of each; the library raises where one is missing or malformed.
    assert not event.errors, event.errors
    events.append(
        {
            "uid": str(event["UID"]),
            "start": event.decoded("DTSTART").isoformat(),
            "end": event.decoded("DTEND").isoformat(),
            "stamp": event.decoded("DTSTAMP").isoformat(),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "alarms": len(event.walk("VALARM")),
        }
    )
assert len({event["uid"] for event in events}) == len(events), "two events have one id"
json.dump(events, sys.stdout)
