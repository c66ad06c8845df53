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
from index.encoder import BUNDLED, OpenVINOEncoder, compiled_folder
from index.ingest import add
from rag.assemble import assemble, open_encoder, open_library
from rag.settings import Settings

settings = Settings()
library, encoder = open_library(settings), open_encoder(settings, lambda notice: sys.exit(notice))
text = "The ferry ran aground on a sandbank. Nobody on board was hurt."
list(add(library, encoder, [Article("ferry", "Ferry aground", text, "ferry.txt", sha256="1")]))
reply = assemble(library, encoder).ask("Was anybody on board hurt?", 10)
heavy = {"torch", "transformers", "sentence_transformers", "gradio", "faiss", "openvino"}
print(json.dumps([reply.answers[0].text, sorted(heavy & sys.modules.keys())]))
"""


@pytest.mark.model
def test_a_question_is_answered_without_torch(cache, tmp_path):
    environment = {"PULLQUOTE_HOME": str(tmp_path), "PULLQUOTE_CACHE": str(cache), "HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == ["Nobody on board was hurt.", ["faiss", "openvino"]]
