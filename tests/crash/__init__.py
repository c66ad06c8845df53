"""Processes killed at random moments while they change a library, and what is left looked through."""
