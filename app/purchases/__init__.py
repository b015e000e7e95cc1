"""Buying points: packs, orders, the confirmation, settling; gateways that take the money."""
