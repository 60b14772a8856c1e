"""The pages that join features for a coach or a lead."""
