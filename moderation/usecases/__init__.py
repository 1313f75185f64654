"""Steps of what a user asked for. Ports come in as arguments; no framework is known here."""
