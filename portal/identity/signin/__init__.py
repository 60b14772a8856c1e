"""Two doors: a code by SMS, and a PIN; staff by password and TOTP."""
