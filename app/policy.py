"""Every number of the business, with its unit and the requirement that it comes from."""

from datetime import timedelta

# Entering a talk
ENTRY_MINUTES = 5  # minutes of price that a guest must hold to enter (G11)
FREE_TIME = timedelta(seconds=60)  # mutual time before charging starts (G14, D3)
MINUTE = timedelta(seconds=60)  # what one charge buys (D4)
RESUME_WINDOW = timedelta(minutes=5)  # coming back goes on with the same counter (D5)
RING_TIME = timedelta(seconds=30)  # a cast answers within this
MISSES_BEFORE_OFFLINE = 2  # unanswered rings in a row that end a stand-by

# Presence
LIVE_IDLE = timedelta(seconds=30)  # a heartbeat with a longer idle shows nobody (facts: Jitsi)
LONGEST_HOLE = timedelta(seconds=60)  # between two signs of one person; a longer one is no presence
LEAVE_GRACE = timedelta(seconds=10)  # a reload of the page; after it, leaving ends the talk
LOST_AFTER = timedelta(minutes=5)  # without evidence the talk ends at the last evidence
LATE_EVIDENCE = timedelta(
    minutes=10
)  # presence arriving later than this after the end is kept only
STANDBY_TTL = timedelta(seconds=75)  # page silent: the cast is offline (within 90 s with the job)
STANDBY_BEAT = timedelta(seconds=15)  # at most this often a beat is written down
WRAP_UP = timedelta(seconds=60)  # a cast's breath between two talks

# Warnings of the points left in the room, in time left (D7)
WARNINGS = (timedelta(minutes=3), timedelta(minutes=1), timedelta(seconds=30))

# Points
EXPIRY_MONTHS = 3  # calendar months, to the end of that day in Japan (G47, D32)
EXPIRY_REMINDER_DAYS = (30, 7, 1)  # mails before a lot expires
RETURN_NEEDS = timedelta(days=7)  # a lot with less left takes no returns (D34)
COMPENSATION = timedelta(days=30)  # how long points live that could not go back (D34)
PACKS_POINTS = (500, 1_000, 3_000, 5_000, 10_000, 30_000)
USUAL_PACK_POINTS = 1_000  # chosen first where no shortage asks for another
POINT_PRICE_YEN = 1  # tax included
CONFIRMATION_HOLDS = timedelta(hours=1)  # a final screen older than this is shown anew

# People
ADULT_YEARS = 18  # guests and casts (D29)
PASSWORD_LENGTH = (10, 128)  # characters
NICKNAME_LENGTH = 20  # characters
MINOR_LOCK = timedelta(hours=24)  # a browser that told of a minor waits so long (facts: Japan 3.8)
CONFIRM_ADDRESS_WITHIN = timedelta(hours=24)
LOGIN_TRIES = "10 per 10 minutes"  # by account; by address five times that
LOGIN_TRIES_BY_ADDRESS = "50 per 10 minutes"
REGISTRATION_TRIES = "30 per 10 minutes"  # by address
CONFIRMATION_AGAIN = timedelta(minutes=5)  # at most one such mail to one address in this time

# After the talk
RATING_OPEN = timedelta(days=7)  # how long a guest may rate a talk with a charged minute
REPORT_OPEN = timedelta(hours=24)  # how long either of the two may report a talk that is over
RATINGS_SHOWN_FROM = 3  # ratings; fewer are not shown as an average (D24)
