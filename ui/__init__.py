"""The faces: command line, server and chat page."""
