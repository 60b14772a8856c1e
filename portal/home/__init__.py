"""The participant's first page, and what joins features for a participant."""
