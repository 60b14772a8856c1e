"""A person's goal and the steps towards it."""
