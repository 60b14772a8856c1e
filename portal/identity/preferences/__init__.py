"""How a person is reached, and how they like to read: their own choices."""
