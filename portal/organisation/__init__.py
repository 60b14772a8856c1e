"""Who runs the portal: organisations, programmes, teams, their settings and words."""
