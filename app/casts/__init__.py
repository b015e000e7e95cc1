"""Casts: their profiles, categories, ranks and prices, and who stands by."""
