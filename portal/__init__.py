"""Stigen: the portal of a coordination team and the people it works for."""
