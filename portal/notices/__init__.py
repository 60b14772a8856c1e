"""Words a message for a person, in that person's language."""
