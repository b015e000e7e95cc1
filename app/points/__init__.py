"""Points: lots that expire, entries that never change. Every change of a balance happens here."""
