"""Meetings of several: colleagues whose time they take, people from outside who are invited by e-mail."""
