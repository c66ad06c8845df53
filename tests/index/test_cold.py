"""What a start costs: which heavy libraries come in, and when."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import json, sys
from pathlib import Path
from corpus.article import Article
from index.encoder.encoder import BUNDLED, OpenVINOEncoder, compiled_folder
from index.ingest import add
from rag.assemble import assemble, open_encoder, open_library, open_reader
from rag.options import AskOptions
from rag.settings import Settings

settings = Settings()
library, encoder = open_library(settings), open_encoder(settings, lambda notice: sys.exit(notice))
list(add(library, encoder, [Article("ferry", "Ferry aground", sys.argv[1], "ferry.txt", sha256="1")]))
pipeline = assemble(library, encoder, open_reader(settings, encoder), settings)
reply = pipeline.ask("Was anybody on board hurt?", AskOptions(10, threshold=0.0))
heavy = {"torch", "transformers", "sentence_transformers", "gradio", "faiss", "openvino"}
print(json.dumps([reply.answers[0].text, sorted(heavy & sys.modules.keys())]))
"""


TEXT = "The ferry ran aground on a sandbank. Nobody on board was hurt."


def asked(cache, folder, **settings):
    """What a new process answers, with these settings, and what it has loaded by then."""
    environment = {"PULLQUOTE_HOME": str(folder), "PULLQUOTE_CACHE": str(cache), "HOME": str(folder)} | settings
    ran = subprocess.run(
        [sys.executable, "-c", ASK, TEXT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.model
def test_a_question_is_answered_without_torch(cache, tmp_path):
    answer, loaded = asked(cache, tmp_path)
    assert answer.strip()
    assert answer in TEXT
    assert loaded == ["faiss", "openvino"]


@pytest.mark.model
def test_the_sentence_reader_answers_without_torch_too(cache, tmp_path):
    answer, loaded = asked(cache, tmp_path, PULLQUOTE_READER="sentence")
    assert answer == "Nobody on board was hurt."
    assert loaded == ["faiss", "openvino"]
