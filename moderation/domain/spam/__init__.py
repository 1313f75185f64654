"""Evidence of spam in what is written: pure functions of a text and of two addresses."""
