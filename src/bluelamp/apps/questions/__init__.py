"""Questions that the force has declared: which may be asked, and what answers them."""
