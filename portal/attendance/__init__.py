"""Who was there: what staff note, what a participant signs, and the monthly sheet."""
