"""`make bench`: the product's figures, each measured beside its floor in the same run.

A floor is what a hand-written minimum reaches on the same machine, server and settings, so a
figure is a ratio, and holds on a machine of another speed.
"""
