"""The page: a chat with its sources, the library, evaluation; Gradio enters here."""
