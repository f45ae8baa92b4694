"""Builds, measures and compares."""
