"""What the house knows of people, and how long."""
