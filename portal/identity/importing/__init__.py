"""Taking in participants from a spreadsheet: all rows or none."""
