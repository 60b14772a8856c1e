"""People, roles, enrolment, sign-in and sessions."""
