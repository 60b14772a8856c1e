"""Letting an interpreter in to one meeting, by a code, for as long as it needs."""
