"""Texts that the operator writes, in versions: what the law asks the seller to say, and the terms."""
