"""Builds the programs, measures them, and compares the results."""
