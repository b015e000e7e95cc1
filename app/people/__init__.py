"""Accounts of guests, casts and operators; signing in; the terms that they agreed to."""
