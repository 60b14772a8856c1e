"""Ready phrases, hard words explained, and translations of what people have written, with their states."""
