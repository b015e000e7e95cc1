"""Every number of the business, with its unit and the requirement that it comes from."""

from datetime import time, timedelta

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
EVIDENCE_READ = timedelta(minutes=1)  # what came just in time is surely read then, and written
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
RESET_WITHIN = timedelta(minutes=30)  # how long a mailed link lets one choose a password (G39)
CHANGE_ADDRESS_WITHIN = timedelta(hours=24)  # how long a new address may answer (G40)
REVERT_ADDRESS_WITHIN = timedelta(hours=72)  # how long the old one may take the change back
EMAIL_CHANGE_TRIES = "5 per day"  # by account; each is a mail to an address that may be anybody's
EMAIL_CHANGES_KEPT = timedelta(days=30)  # then the old addresses are forgotten
SIGN_IN_HOLDS = timedelta(days=90)  # a device that signed in earlier has to do so again
SIGN_IN_KEPT = timedelta(days=30)  # a device that was signed out is remembered so long
RECOVERY_CODES = 10  # of an operator, each good once
CODE_TRIES = "5 per 10 minutes"  # of the second factor, by account
SECOND_STEP_WITHIN = timedelta(minutes=10)  # from the password to the code
LOGIN_TRIES = "10 per 10 minutes"  # by account; by address five times that
LOGIN_TRIES_BY_ADDRESS = "50 per 10 minutes"
REGISTRATION_TRIES = "30 per 10 minutes"  # by address
CONFIRMATION_AGAIN = timedelta(minutes=5)  # at most one such mail to one address in this time

# After the talk
RATING_OPEN = timedelta(days=7)  # how long a guest may rate a talk with a charged minute
IMPRESSION_OPEN = timedelta(hours=24)  # how long a cast may say how a walk-in was (D23)
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

# Guests' favourites, their own data, and leaving
FAVOURITE_AGAIN = timedelta(hours=12)  # at most one mail about one favourite in this time
FAVOURITE_HOURS = (9, 23)  # hours in Japan between which it comes, unless chosen otherwise
FAVOURITE_TOLD_WITHIN = timedelta(minutes=30)  # a mail that waits longer is of no use
MOST_FAVOURITES = 200  # of one guest
DATA_TRIES = "5 per hour"  # by account: asking for one's own data
LEAVE_TRIES = "10 per hour"  # by account: the password that closes an account
LEAVE_WITHIN = timedelta(minutes=15)  # how long the last screen before leaving holds (D35)
ORDER_UNANSWERED = timedelta(hours=24)  # an order without any word of its gateway is given up
MAILS_KEPT = timedelta(days=30)  # address and words of a mail, for questions about it
WORDS_KEPT = timedelta(days=180)  # messages of a reservation after its end, for disputes
BOOKS_KEPT_YEARS = 10  # records of orders, points and talks (facts: Japan 3.18)
BOOKS_KEPT = timedelta(days=366 * BOOKS_KEPT_YEARS)  # not a day less
# Writing to the office
INQUIRY_DAYS = (2, 3)  # in which a reply normally comes (G43)
INQUIRY_ESCALATE_DAYS = 7  # without a reply one writes again (G44): it stands on top, in red
INQUIRY_KEPT = timedelta(days=3 * 365)  # after its last words, where nothing is owed
INQUIRY_TRIES = "20 per hour"  # by network address
INQUIRY_TRIES_BY_MAIL = "6 per hour"  # by the mail address that is written to
INQUIRY_WRITING_TRIES = "20 per hour"  # further words in one thread

# Conduct
CONDUCT_KEPT = timedelta(days=3 * 365)  # reports of people, and notes on them (民法724条)

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
OFFICE_CLOSED = ((12, 29), (1, 3))  # first and last day of the turn of the year (D43)
SCREENING_DAYS = (2, 7)  # business days that a screening takes (C21)
DOCUMENTS_KEPT = timedelta(days=30)  # identity documents after a pass (facts: Japan 3.13)
REFUSED_DOCUMENTS_KEPT = timedelta(days=14)  # and after a refusal
REFUSED_APPLICATION_KEPT = timedelta(days=180)  # for objections, and for who applies again
FIRST_PASSWORD_WITHIN = timedelta(days=7)  # how long the link in the mail of a pass holds
INTRODUCTION_LENGTH = 1000  # characters of a cast's self-introduction
CAST_NAME_LENGTH = 20  # characters
REAL_NAME_LENGTH = 40  # characters of a family or a given name
UPLOAD_TRIES = "60 per 10 minutes"  # by address; each is a photograph to be read
PREVIEW_SIDE = 320  # pixels of the longer side of a document that is shown back

# The cast's desk and the office's words
MEMO_LENGTH = 5_000  # characters of the dashboard's memo (C51)
NOTE_LENGTH = 1_000  # characters of a note about one guest (C51)
NOTICE_TITLE_LENGTH = 60  # characters of a notice of the office (C25)
NOTICE_LENGTH = 3_000  # characters of its text
RANK_CHANGE_NOTICE = timedelta(
    days=1
)  # a price or a rank holds from tomorrow at the earliest (C60)
MOST_POINTS = 100_000  # points of a minute or a slot; more is a slip of the keys (C60)
INVITATION_WORDS = 500  # characters of the office to the cast whom it invites (C16)
FIGURES_DAYS = (30, 90)  # days back that the figures of a cast count (C17)

# A cast's profile
TAGLINE_LENGTH = 40  # characters
CAREER_LENGTH = 500  # characters
PROFILE_CATEGORIES = 5  # at most, of a cast (C8)
PROFILE_LINKS = 5  # public channels, beside the own site (C26)
LINK_LENGTH = 200  # characters of an address
MORE_PICTURES = 5  # beside the profile picture
PICTURE_TRIES = "30 per 10 minutes"  # by account; each is decoded and written in three sizes

# The account that rewards are paid to
ACCOUNT_DIGITS = 7  # of an account number; shorter ones are filled with zeros

# Claims and payouts
CLAIM_LEAST_YEN = 5_000  # what a cast can claim at once from (C54)
CLAIM_MOST_ITEMS = 1_000  # talks in one claim; the rest goes into another
CLAIM_LEAD = 5  # bank days from a claim to the pay day, the last bank day of a month, at the least
CONDITIONS_UNSEEN = timedelta(days=7)  # written conditions that nobody confirmed: the office asks
ENDING_NOTICE = timedelta(days=30)  # before the office ends a cast's contract (facts: Japan 3.9)
MOST_TRANSFER_YEN = 999_999_999  # of the amount that a fee begins with
MOST_FEE_YEN = 10_000  # of one transfer; more is a slip of the keys
FEE_EXAMPLES_YEN = (5_000, 29_999, 30_000, 30_329, 100_000)  # shown beside the tariff
CLOSING_FROM = timedelta(
    hours=3
)  # after a month's end in Japan; later than any late evidence (D26)
CLOSING_WAITS = timedelta(hours=24)  # for what of it is still undecided; then it goes on without
CLOSING_LATE = timedelta(hours=48)  # a closing, or a night's round, that is as late is an alarm
BANKS_CLOSED = ((12, 31), (1, 3))  # first and last day of the banks' turn of the year
BANKS_TAKE_FILES_UNTIL = time(15)  # of the bank day before the pay day, as most do: later is warned
PAY_DAY_AHEAD = timedelta(days=60)  # of a batch: banks look no farther, their file names no year
TAX_PARTS = 10_000  # income tax taken at the source counts in these parts (facts: Japan 3.11)
TAX_USUAL = 1_021  # of them, of what is paid for teaching
TAX_HIGHER = 2_042  # of what lies above the step, and of all that is paid to non-residents
TAX_STEP_YEN = 1_000_000  # of one payout
TAX_PERCENT = 10  # consumption tax, in prices and rewards
REPORTED_ABOVE_YEN = 50_000  # of a year's rewards of one cast: a 支払調書 (facts: Japan 3.11)

# The books
UNUSED_ALARM_YEN = 7_000_000  # unused paid points; the house is warned from here on
UNUSED_LAW_YEN = 10_000_000  # above it the law asks for 届出 and 供託 (facts: Japan 3.3)
UNUSED_REPORT_DAYS = ((3, 31), (9, 30))  # the days that it counts by
BOOKS_CLOSE_AFTER = timedelta(days=1)  # from the end of a month to its freezing, at the least

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
TERMS_LENGTH = 20_000  # characters of terms or the privacy policy in one language (C7, G36)
