"""Resolution: by which models records are joined, what that is expected to cost, and how evenly it falls."""
