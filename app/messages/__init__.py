"""Messages between the two people of a reservation."""
