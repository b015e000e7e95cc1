"""The versions of the terms that hold now. A new version here asks everybody anew."""

CURRENT = {"terms": "2026-11-01", "privacy": "2026-11-01"}
