"""Talks: entering, presence, metering, endings, receipts, ratings."""
