"""Review: people judge which records are one, see why, and take back what was wrong."""
