"""One script for each system that is measured; each runs in a process of its own, most in another environment."""
