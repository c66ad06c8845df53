from pathlib import PurePath

import pytest

from corpus.exclude import is_excluded, is_excluded_address


@pytest.mark.parametrize("pattern", ["drafts", "drafts/old.*", "*.txt"])
def test_a_path_is_excluded_whole_or_by_its_last_part(pattern):
    paths = [PurePath("drafts"), PurePath("drafts/old.md"), PurePath("news/drafts"), PurePath("a.txt")]
    fitting = {"drafts": [0, 2], "drafts/old.*": [1], "*.txt": [3]}[pattern]
    assert [number for number, path in enumerate(paths) if is_excluded(path, [pattern])] == fitting


@pytest.mark.parametrize(
    ("address", "pattern", "fits"),
    [
        ("https://a.example/sport/2026/final.html", "sport", True),
        ("https://a.example/sport/2026/final.html", "sport/2026", True),
        ("https://a.example/sport/2026/final.html", "/sport/*", True),
        ("https://a.example/sport/2026/final.html", "2026", True),
        ("https://a.example/sport/2026/final.html", "*.html", True),
        ("https://a.example/sport/2026/final.html", "final", False),
        ("https://a.example/sport/2026/final.html", "a.example", False),
        ("https://a.example/transport/final.html", "sport", False),
        ("https://a.example/a?page=sport", "*sport*", False),
        ("https://a.example/f%C3%AAte/a", "fête", True),
        ("https://a.example/", "*", False),
        ("https://a.example/a", "", False),
    ],
)
def test_an_address_is_excluded_by_its_path_and_its_parts(address, pattern, fits):
    assert is_excluded_address(address, [pattern]) is fits
