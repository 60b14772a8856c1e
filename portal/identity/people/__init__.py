"""Who is in the portal: enrolling, changing, pausing, closing, handing over; and the staff themselves."""
