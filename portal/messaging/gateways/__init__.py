"""The ways out: Twilio, 46elks, and the demo's own phones; and which of them a message takes."""
