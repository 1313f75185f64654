"""Other services' protocols, spoken here: each is translated, nothing is decided."""
