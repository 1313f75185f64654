"""Engines that run a model over texts."""
