"""Who read or changed what, kept for the person it is about."""
