"""Benchmarks of the durable service: intake and delivery on real databases, beside a floor and the naive way."""
