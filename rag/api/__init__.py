"""The answer service: the pipeline over HTTP, for programs, chat front ends and agents."""
