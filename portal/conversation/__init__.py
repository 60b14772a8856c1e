"""A participant and their coach write to each other, and nobody is left without an answer."""
