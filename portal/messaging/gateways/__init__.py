"""The ways out: Twilio, 46elks, a mail server, the demo's own phones; and which of them a message takes."""
