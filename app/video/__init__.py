"""The only room that knows how people see each other: rooms, tokens, and the inbox of presence."""
