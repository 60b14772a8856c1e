"""Figures without persons: what a lead and a steering group need to see, on a page and to take out."""
