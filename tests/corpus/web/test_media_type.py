import pytest

from corpus.web.media_type import is_binary, unreadable


@pytest.mark.parametrize(
    "stated",
    [
        "", "image", "text/html", "Text/HTML; charset=utf-8", "text/plain", "text/xml", "text/html, text/html",
        "application/xhtml+xml", "application/xml", "application/rss+xml; charset=utf-8", "application/atom+xml",
        "application/pdf", "application/x-pdf", "application/json", "application/feed+json", "application/x-gzip",
        "application/octet-stream", "binary/octet-stream", "application/x-download",
    ],
)  # fmt: skip
def test_an_article_or_a_list_may_be_in_text_and_pdf(stated):
    assert unreadable(stated) is None


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("image/png", "image/png"), ("Image/SVG+xml", "image/svg+xml"), ("video/mp4; codecs=x", "video/mp4"),
        ("audio/mpeg", "audio/mpeg"), ("font/woff2", "font/woff2"), ("application/zip", "application/zip"),
        ("application/vnd.ms-excel", "application/vnd.ms-excel"), ("application/epub+zip", "application/epub+zip"),
        ("multipart/form-data", "multipart/form-data"),
    ],
)  # fmt: skip
def test_no_article_is_in_anything_else(stated, kind):
    assert unreadable(stated) == kind


@pytest.mark.parametrize(
    ("body", "binary"),
    [
        (b"<p>Words</p>", False), ("Été".encode("cp1252"), False), (b"", False), (b"%PDF-1.7\n\x00\x01", False),
        (b"\x1f\x8b\x08\x00", False), ("Words".encode("utf-16"), False), (b"\x89PNG\r\n\x1a\n\x00", True),
        (b"PK\x03\x04", True), (b"a" * 1445 + b"\x00", False),
    ],
)  # fmt: skip
def test_of_mere_bytes_the_first_ones_tell(body, binary):
    assert is_binary("application/octet-stream", body) is binary
    assert is_binary("Binary/Octet-Stream; x=y", body) is binary
    assert not is_binary("text/html", body)
