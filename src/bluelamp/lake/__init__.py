"""Versioned datasets on disk (Delta tables) and the engine that computes on them (DuckDB)."""
