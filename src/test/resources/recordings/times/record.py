"""Writes times.json: spellings of times, and what dateutil reads of each. Run with TZ=UTC."""
import datetime
import itertools
import json
import random
import warnings

import dateutil
from dateutil import parser

warnings.simplefilter("ignore")
DATES = ["2026-03-01", "2026-3-1", "2026/03/01", "2026.03.01", "20260301", "2026-03", "2026", "2026-060", "2026-W09-7",
         "-2026-03-01", "+2026-03-01", "12026-03-01", "2026-02-29", "2024-02-29", "2026-13-01", "0099-12-31",
         "9999-12-31", "1969-12-31", "2026 03 01", "2026-Mar-01", "01-Mar-2026", "01/Mar/2026", "1 Mar 2026",
         "Mar 1 2026", "Mar 01, 2026", "March 1st, 2026", "Sun, 01 Mar 2026", "Sunday, 1 March 2026", "Sun Mar  1 2026",
         "03/01/2026", "25/12/2026", "25.12.2026", "01.03.2026", "3/1/26", "26-03-01", "260301", "31-12-26", ""]
BETWEEN = ["T", " ", "t", "", "  ", "_", "-", ":", " T ", "T ", " at ", " @ ", ", ", "\t"]
TIMES = ["12:00:05", "12:00", "12", "120005", "1200", "1:2:3", "24:00:00", "23:59:59", "23:59:60", "12:60:00", "12:00:5",
         "12.5", "12:30.5", "12:00:05:561", "12h00m05s", "12h", "12:00:05 PM", "1:00:05 am", "12am", "00:00:00",
         "12-00-05", "12.00.05", "", "25:00:00", "T12:00:05"]
FRACTIONS = ["", ".561", ",561", ".5", ".561234", ".561234789", ",561234789", ".5612347891", ".", ".000", ":561", " 561"]
OFFSETS = ["", "Z", "z", "+0000", "+00:00", "+00", "-0000", "+0530", "+05:30", "-05", "-5", "+5:30", "+530", "+053010",
           "+05:30:10", " +0200", " -07:00", " Z", "UTC", " UTC", "GMT", " GMT", "UTC+3", "GMT+0300", " GMT+0100 (CET)",
           " CET", "CET", " EST", "EST", " PDT", " MSK", "Europe/Berlin", " Europe/Berlin", "[Europe/Berlin]",
           "+01:00[Europe/Berlin]", "+2400", "+2359", "+19:00", "+18:00", "-18:00", "+01:60", " +0000 UTC", "Z+0000", "Z+0200", "America/New_York",
           "EST5EDT", "UTC+03:00", "GMT-3", "UT", "UT+3", "GMT0", "Zulu", "EST+3", "Mars/Base", "+02:00Z", "cet",
           " -0300 (BRST)",
           "\u221205:00"]
NUMBERS = ["1772366405561", "1772366405", "1772366405.561", "1772366405561.25", "-1", "-1.5", "0", "1", "12", "123",
           "12345", "123456", "1234567", "123456789", "202603011200", "20260301120005", "20260301120005.561",
           "1772366405561789", "1772366405561789123", "1.772366405561E12", "1e3", "+5", " 1772366405561", "0x10", "1_000",
           "-1772366405561", "00001", "-0", "1772366405561.", ".5", "1,5"]
OTHERS = ["", " ", "T", "Z", "yesterday", "now", "null", "None", "true", "NaN", "inf", "Sun Mar  1 12:00:05 UTC 2026",
          "Sun Mar  1 12:00:05 2026", "Sun Mar 01 2026 12:00:05 GMT+0100 (Central European Standard Time)",
          "01/Mar/2026:12:00:05 +0000", "Mar  1 12:00:05", "Mar 1, 2026 @ 12:00:05.561", "12:00:05 01-03-2026",
          "12:00:05.561 2026-03-01", "10:15 PM March 1 2026", "Jan of 2026", "1 of Mar 2026", "2026-03-01T", "2026-03-01Z",
          "2026-03-01+01:00", "2026-03-01T12:00:05.561+0000Z", "2026-03-01T12:00:05.561Z+0000", "2026-03-01T12:00:05 2026",
          "2026-03-01 12:00:05,561 INFO", "[2026-03-01T12:00:05Z]", "'2026-03-01 12:00:05'", "(2026-03-01)",
          "2026-03-01T12:00:05Z\n", "\ufeff2026-03-01T12:00:05Z", "2026\u201103\u201101", "\u0662\u0660\u0662\u0666-03-01",
          "2026-03-01 12 h 30 m", "12h30 2026-03-01", "2026-03-01 12:00:05 a.m.", "Sept 1 2026 1pm", "1. 3. 2026",
          "2026-03-01T12:00:05.561.789Z", "2026--03-01", "2026-03-01-", "01-03", "99-99-9999", "2026-00-01", "2026-01-00"]


def spellings():
    yield from NUMBERS
    yield from OTHERS
    for date, between in itertools.product(DATES, BETWEEN):
        yield date + between + "12:00:05.561Z"
        yield date + between + "12:00:05"
    for date in DATES:
        yield date
        yield from (date + "T" + time for time in TIMES)
        yield from (date + " " + time + "+0100" for time in TIMES)
    for time, fraction in itertools.product(TIMES, FRACTIONS):
        yield "2026-03-01T" + time + fraction + "Z"
        yield "2026-03-01 " + time + fraction
    for time, offset in itertools.product(TIMES, OFFSETS):
        yield "2026-03-01T" + time + offset
    for fraction, offset in itertools.product(FRACTIONS, OFFSETS):
        yield "2026-03-01T12:00:05" + fraction + offset
    chance = random.Random(7)
    for _ in range(1500):
        yield "".join(chance.choice(part) for part in (DATES, BETWEEN, TIMES, FRACTIONS, OFFSETS))


def read(text, today):
    try:
        time = parser.parse(text, default=today)
        time = time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)
        return time.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None


def answer(text):
    """What dateutil reads; null if it refuses the text, or takes a part of the date from the present day."""
    read1 = read(text, datetime.datetime(2019, 5, 14))
    return read1 if read1 == read(text, datetime.datetime(2020, 8, 23)) else None


rows = [[text, answer(text)] for text in dict.fromkeys(spellings())]
print('{"about": "What dateutil ' + dateutil.__version__ + ' reads of these texts; see README.md.", "times": [')
print(",\n".join(json.dumps(row) for row in rows))
print("]}")
