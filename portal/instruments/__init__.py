"""Questions and how they are scored: definitions, drafts, idempotent submission."""
