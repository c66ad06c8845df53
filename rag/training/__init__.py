"""How the reader that ships was made: `python -m rag.training prepare | train | export | calibrate | card`."""
