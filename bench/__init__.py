"""Measurements, as ratios to a raw limit of the same run. None of them decides a test."""
