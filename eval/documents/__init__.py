"""What is read of a folder of documents, scored against gold files beside them: `python -m eval.documents FOLDER`.

Imports `corpus`, `eval/datasets` and `eval/experiments`.
"""
