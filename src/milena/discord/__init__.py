"""Milena on Discord: the only place that knows interactions.py, and Discord's formats."""
