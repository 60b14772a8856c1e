"""Asking somebody who has left what they do now and how they are, when they have said yes to that."""
