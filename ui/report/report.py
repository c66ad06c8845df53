"""A report as one HTML page: no script, nothing to load, every text in it escaped."""

from __future__ import annotations

from pathlib import Path

from eval.metrics.report import Report
from rag.citation.markup import escaped
from ui.report.parts import chart_parts, figures_part, worst_part
from ui.report.words import facts, headline, standfirst, when

_FOLDER = Path(__file__).parent
# Should a text ever slip through unescaped, the browser still runs and fetches nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_html(shown: Report, source: str) -> str:
    """The page; `source` is the name of the run's file."""
    style = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "parts.css"))
    title = f"{shown.header.set} ({shown.header.mode}), {when(shown.header.started)}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escaped(title)} – Pullquote</title><style>{style}</style></head><body>"
        f"{_head(shown)}<main>{_body(shown)}</main>"
        f"<footer><p>Drawn from <bdi>{escaped(source)}</bdi>. "
        "What each figure means: docs/guides/metrics.md.</p></footer>"
        "</body></html>\n"
    )


def _body(shown: Report) -> str:
    """Figures, charts, worst questions."""
    charts = "".join(part.section() for part in chart_parts(shown))
    return f'{figures_part(shown).section()}<div class="charts">{charts}</div>{worst_part(shown).section()}'


def facts_html(shown: Report) -> str:
    """What the run was made of, as a list of terms."""
    rows = "".join(
        f"<div><dt>{escaped(term)}</dt><dd><bdi>{escaped(said)}</bdi></dd></div>"
        for term, said in facts(shown.header, shown.tally.asked)
    )
    return f'<dl class="facts">{rows}</dl>'


def _head(shown: Report) -> str:
    return (
        '<header><p class="wordmark">Pullquote <span>Report on a run</span></p>'
        f'<h1>{escaped(headline(shown))}</h1><p class="standfirst" dir="auto">{escaped(standfirst(shown))}</p>'
        f"{facts_html(shown)}</header>"
    )
