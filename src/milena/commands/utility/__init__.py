"""Commands that help: with Milena herself, and with the day."""
