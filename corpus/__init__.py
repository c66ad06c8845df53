"""Articles in: loaded, cleaned with the way back to their source, cut into passages, kept in one file."""
