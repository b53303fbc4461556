"""Data: what each source is, who owns it, what came, what was turned away and why."""
