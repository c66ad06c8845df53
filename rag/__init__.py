"""A question in, a quote out: retrieve, read, group, decide."""
