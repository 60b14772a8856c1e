"""The whole database at once: out into an encrypted file and in again, and sealed with another key."""
