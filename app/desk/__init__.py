"""The operator's desk: how the house is doing, running talks, and the checks of the books."""
