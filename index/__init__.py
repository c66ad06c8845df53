"""Search over passages: embeddings, words, and one ranking out of the two."""
