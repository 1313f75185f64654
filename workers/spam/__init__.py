"""Spam: what the text model reads, and what makes one probability of all that speaks for spam."""
