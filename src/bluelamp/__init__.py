"""Blue Lamp: an open, accountable data platform for a police force."""
