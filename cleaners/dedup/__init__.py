"""Copies of articles: exact, near, syndicated, and earlier states of the same page."""
