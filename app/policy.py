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

# Reservations
SLOT_MINUTES = 3  # what is published and booked; also its first price, in minutes (C37, D14)
SLOT = timedelta(minutes=SLOT_MINUTES)
PAD = timedelta(seconds=30)  # preparation at both ends of a reserved talk (C38, C46, D13)
MOST_SLOTS = 20  # slots of one reservation (D12): an hour
BOOKING_OPENS = timedelta(hours=24)  # before the start (G23, D1)
BOOKING_CLOSES = timedelta(minutes=15)  # before the start (D2)
GUEST_CANCEL = timedelta(hours=12)  # before the start: until then all points come back (G24, G25)
CAST_CANCEL = timedelta(hours=1)  # before the start: later only as an emergency (C39, C40, D38)
SCHEDULE_AHEAD = timedelta(weeks=12)  # how far ahead a cast publishes slots
SCHEDULE_SHOWN = timedelta(days=7)  # how far ahead guests see them
DEVICE_TEST_BY = timedelta(minutes=10)  # before the start a cast has tested the devices (C41)
DEVICE_TEST_HOLDS = timedelta(hours=24)  # a test this long before the start still counts
TEST_REMINDERS = (timedelta(hours=1), timedelta(minutes=20))  # before the start, where none is
REMINDERS = (timedelta(hours=1), timedelta(minutes=10))  # before the start (D42)
CUES = (timedelta(seconds=60), timedelta(seconds=15))  # soft cues before a reserved talk ends (C46)
WISH_HOLDS = timedelta(seconds=60)  # a tap for one more slot; the other taps within it
SOON_RESERVED = timedelta(minutes=5)  # before the start the list says so (D10)
WALK_IN_GAP = timedelta(minutes=2)  # between a walk-in's last moment and a reservation (D11)
WALK_IN_LEAST = timedelta(minutes=3)  # less time than this before it: not enterable (D11)
REPORT_WINDOW = timedelta(minutes=10)  # after the end of a reserved talk (C50, D22)
PAID_PRESENCE = 2  # a cast is paid for an absent guest after 1/2 of the talk time there (D19)
OBJECTION_OPEN = timedelta(days=7)  # after the settlement (D17)
MESSAGE_TRIES = "20 per 10 minutes"  # by account; each message is a mail to the other
THREAD_OPEN = timedelta(hours=24)  # messages of a reservation after its end (D41)
CASE_PROMISE_DAYS = 3  # the office decides within these (G28, G43)
CASE_ESCALATE_DAYS = 7  # older than this, a case stands at the top in red

# Photographs
PHOTO_BYTES = 20_000_000  # of one file, as phones make them
PHOTO_PIXELS = 60_000_000  # a telephone's 48 megapixels are fine, a bomb is not
PHOTOS_AT_ONCE = 3  # in one form
DOCUMENT_SIDE = 2400  # pixels of the longer side that a document is kept with
PICTURE_SIDES = (160, 400, 800)  # pixels of a square picture, for lists, cards and pages

# Becoming a cast
FIRST_RANKS = ("blue", "silver", "gold")  # what an applicant may wish for (C14)
APPLICATION_OPEN = timedelta(days=14)  # how long a begun application can be gone on with
APPLICATION_KEPT = timedelta(days=30)  # one that was never sent is deleted then
MORE_DOCUMENTS_WITHIN = timedelta(days=14)  # how long the link holds that asks for more (D28)
SCREENING_DAYS = (2, 7)  # business days that a screening takes (C21)
DOCUMENTS_KEPT = timedelta(days=30)  # identity documents after a pass (facts: Japan 3.13)
REFUSED_DOCUMENTS_KEPT = timedelta(days=14)  # and after a refusal
INTRODUCTION_LENGTH = 1000  # characters of a cast's self-introduction
CAST_NAME_LENGTH = 20  # characters

# Writing to the office
INQUIRY_DAYS = (2, 3)  # in which a reply normally comes (G43)
INQUIRY_ESCALATE_DAYS = 7  # without a reply one writes again (G44): it stands on top, in red

# Rewards
CLAIM_LEAST_YEN = 5_000  # what a cast can claim at once from (C54)

# Devices: each system's lowest version (G51) with the browsers for it (G52); Windows 10 covers 11
SYSTEMS = {
    "Windows": (10, ("Google Chrome",)),
    "macOS": (11, ("Safari", "Google Chrome")),
    "iOS": (14, ("Safari",)),
    "Android": (9, ("Google Chrome",)),
}
BROWSERS_FROM = {"Google Chrome": 105, "Safari": 14}  # older ones lack what the pages use (D37)

# Texts that the operator writes
TEXT_LENGTH = 10_000  # characters of one text in one language
TEXT_FIELD_LENGTH = 300  # characters of one field
