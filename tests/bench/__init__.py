"""Benchmarks: how fast the engine and the service are, and beside what."""
