"""The people of a laptop's house: drawn, invented, and never put into production."""
