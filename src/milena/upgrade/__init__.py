"""Upgrades: what an older release left becomes what this one keeps, after a backup; what a newer one wrote is
refused."""
