"""`pullquote sync URL`: what it prints, its exit status, and asking again until Ctrl-C."""

import gzip
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from corpus.library.store import Library
from corpus.sync.empty_source import Emptied
from corpus.web.crawl import Crawler
from tests.corpus.website import website
from tests.index.sync.test_page_sync import rss, story, urlset
from ui.commands.follow_pages import FollowedPages

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(monkeypatch):
    """A site map of two stories, asked without pauses."""
    monkeypatch.setattr("ui.commands.follow_pages.Crawler", partial(Crawler, pause=0))
    with website() as site:
        site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/bell")
        site["/ferry"] = story("ferry", "The ferry ran aground. Nobody was hurt.")
        site["/bell"] = story("bell", "The bell came home.")
        yield site


def synced(pullquote, site, *options, path="/map.xml"):
    ran = pullquote("sync", site.url + path, "--json", *options)
    return ran.status, json.loads(ran.out)


def test_a_plan_is_told_and_no_page_asked_for(pullquote, site, home):
    status, told = synced(pullquote, site, "--dry-run")
    assert (status, told["source"], told["unchanged"]) == (0, f"{site.url}/map.xml", 0)
    assert told["plan"] == {
        "add": [f"{site.url}/ferry", f"{site.url}/bell"], "read again": [], "move": [], "remove": [], "copies": [],
        "quarantine": [], "left_out": [],
    }  # fmt: skip
    assert site.asked == ["/robots.txt", "/map.xml"]
    assert Library(home / "library.sqlite").counts() == (0, 0)


def test_a_plan_tells_of_every_kind_of_change(pullquote, site):
    site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/bell", ("/empty", "2026-01-01"), "/sport/a")
    site["/empty"], site["/sport/a"] = "<html><body></body></html>", story("a", "Words of a.")
    synced(pullquote, site)
    (entry,) = [one for one in json.loads(pullquote("list", "--json").out) if one["source"].endswith("/ferry")]
    pullquote("remove", entry["id"])
    site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/bell", ("/empty", "2026-01-01"), "/sport/a", "/new")
    site.asked.clear()
    assert pullquote("sync", f"{site.url}/map.xml", "--dry-run", "--exclude", "sport").out.splitlines() == [
        f"would add: {site.url}/new",
        f"would ask whether it has changed: {site.url}/bell",
        f"would remove: {site.url}/sport/a (Story a)",
        f"would leave in quarantine: {site.url}/empty: the page shows no text; save the article itself as text or HTML.",
        f"would leave out as you did: {site.url}/ferry",
        "0 pages are as they were; nothing was changed",
    ]
    assert site.asked == ["/robots.txt", "/map.xml"]


def test_what_became_of_every_page_is_told(pullquote, site):
    status, told = synced(pullquote, site)
    assert status == 0
    assert [(entry["outcome"], entry["source"]) for entry in told.pop("entries")] == [
        ("added", f"{site.url}/ferry"), ("added", f"{site.url}/bell"),
    ]  # fmt: skip
    told.pop("seconds")
    assert told.pop("list") == {
        "kind": "site map", "sources": [f"{site.url}/map.xml"], "pages": 2, "complete": True, "excluded": 0,
        "elsewhere": 0, "unusable": 0, "faults": [],
    }  # fmt: skip
    assert told == {
        "source": f"{site.url}/map.xml", "added": 2, "updated": 0, "moved": 0, "removed": 0, "skipped": 0, "refused": 0,
        "passages": 2, "unchanged": 0, "quarantine": 0, "left_out": 0,
    }  # fmt: skip
    site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/gone", "/old").replace(
        "</urlset>", "<url><loc>https://other.example/a</loc></url><url><loc>mailto:a</loc></url></urlset>"
    )
    site["/old"] = (301, {"Location": "SITE/ferry"}, b"")
    ran = pullquote("sync", f"{site.url}/map.xml")
    assert ran.status == 2
    assert ran.out.startswith("1 removed, 1 refused (")
    assert ran.err.splitlines() == [
        "warning: Left out of the list: 1 on other sites, which a site map cannot speak for, 1 without a usable address.",
        f"refused: {site.url}/gone answered 404; check the address in a browser.",
        f"skipped: {site.url}/old: It leads to {site.url}/ferry, which comes by itself or is in the library already.",
        "1 as they were",
    ]
    site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/gone", "/old")
    ran = pullquote("sync", f"{site.url}/map.xml")
    assert ran.status == 0
    assert ran.out.startswith("nothing has changed (")
    assert ran.err == "2 as they were, 1 refused before and not changed since (--retry reads them again)\n"
    assert synced(pullquote, site, "--retry")[1]["refused"] == 1


def test_an_advertisement_is_no_change(pullquote, site):
    synced(pullquote, site)
    site["/bell"] = story("bell", "The bell came home.", "an advertisement")
    _, told = synced(pullquote, site)
    assert (told["unchanged"], told["skipped"], told["updated"], told["entries"]) == (2, 0, 0, [])


def test_the_faults_of_a_list_are_told_and_nothing_goes(pullquote, site):
    synced(pullquote, site)
    site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/bell", "/cut")[:-30]
    ran = pullquote("sync", f"{site.url}/map.xml", "--exclude", "bel?")
    assert ran.err.splitlines()[0] == (
        f"warning: {site.url}/map.xml is broken in line 1, and pages may be missing; try again later."
    )
    assert ran.out.startswith("1 removed (")  # the excluded one


def test_an_emptied_list_is_asked_about(pullquote, site):
    synced(pullquote, site)
    site["/map.xml"] = urlset()
    ran = pullquote("sync", f"{site.url}/map.xml")
    assert (ran.status, ran.out) == (2, "")
    assert "or say with --allow-empty that its 2 articles are to leave the library" in ran.err
    assert synced(pullquote, site, "--allow-empty")[1]["removed"] == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"\x00\x01\x02", "is no list of pages, and no text; add it as an article, if it is one."),
        (b"<rss>" + b"<item>" * 1_000_001, "holds more than 1,000,000 tags or braces; name a part of it."),
        (gzip.compress(bytes(60 * 2**20)), "unpacks to more than 50 MB; name a part of it."),
        (
            b'{"version": "https://jsonfeed.org/version/1", "items": [',
            "is broken JSON; name another feed, or a site map.",
        ),
        (b"<html><body>Words</body></html>", "and leads to none; name one, or add the page as an article."),
        ((404, {}, b""), "answered 404; check the address in a browser."),
    ],
)
def test_what_is_no_list_is_one_sentence(pullquote, site, home, body, sentence):
    site["/feed"] = body
    ran = pullquote("sync", f"{site.url}/feed")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{site.url}/feed ")
    assert ran.err.endswith(f"{sentence}\n")
    assert len(ran.err.splitlines()) == 1
    assert Library(home / "library.sqlite").generation == 0


def test_a_feed_out_to_do_harm_does_none(pullquote, site, tmp_path):
    secret = tmp_path / "secret.html"
    secret.write_text(story("secret", "The secret words."))
    site["/feed"] = (
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        f'<!ENTITY file SYSTEM "{secret.as_uri()}">]><rss><channel>'
        f"<item><link>{secret.as_uri()}</link></item><item><link>javascript:alert(1)</link></item>"
        "<item><link>/&file;</link></item><item><link>/\x1b[31m&b;</link></item>"
        "<item><link>//user:pass@127.0.0.1/</link></item><item><link>/ferry</link></item></channel></rss>"
    )
    site["/ferry"] = (302, {"Location": secret.as_uri()}, b"")
    status, told = synced(pullquote, site, path="/feed")
    assert (status, told["added"], told["list"]["unusable"]) == (2, 0, 3)
    assert {entry["outcome"] for entry in told["entries"]} == {"refused"}
    assert "secret words" not in json.dumps(told)


def test_only_a_feed_is_asked_every_so_often(pullquote, tmp_path):
    ran = pullquote("sync", str(tmp_path), "--watch", "--every", "5")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"{tmp_path} is a folder, which tells by itself when something happens; leave out --every.\n"
    assert pullquote("sync", "https://news.example/feed", "--watch", "--every", "0.1").status == 2


def test_a_list_is_asked_again_when_the_minutes_are_over(tmp_path):
    followed = FollowedPages(Library(tmp_path / "library.sqlite"), "https://News.example/feed", (), 2.5)
    waits = []
    rounds = followed.wait(waits.append)
    next(rounds), next(rounds)
    assert waits == [150, 150]
    assert followed.invitation == (
        "Following https://news.example/feed, asked again every 2.5 minutes (Ctrl-C stops it)."
    )


def test_a_list_is_followed_whatever_happens_to_it(pullquote, site, home, monkeypatch):
    def days(followed):
        """What happens on the site between one round and the next."""
        yield "nothing"
        site["/map.xml"] = (503, {}, b"")
        yield "the list is away"
        site["/map.xml"] = urlset()
        yield "the list names nothing"
        site["/map.xml"] = urlset(("/ferry", "2026-01-01"), "/new")
        site["/new"] = story("new", "New words.")
        yield "all is well"
        raise KeyboardInterrupt

    monkeypatch.setattr(FollowedPages, "wait", days)
    ran = pullquote("sync", f"{site.url}/map.xml", "--watch")
    assert ran.status == 0
    assert [line.partition(" (")[0] for line in ran.out.splitlines()] == ["2 added", "1 removed, 1 added"]
    assert [line for line in ran.err.splitlines() if "as they were" not in line] == [
        f"Following {site.url}/map.xml, asked again every 15 minutes (Ctrl-C stops it).",
        f"{site.url}/map.xml answered 503; try again later.",
        str(Emptied("address", f"at {site.url}/map.xml", 2)),
    ]
    library = Library(home / "library.sqlite")
    assert {header.source for header in library.headers()} == {f"{site.url}/ferry", f"{site.url}/new"}


def test_following_ends_with_ctrl_c(site, home):
    site["/map.xml"] = rss("/ferry")
    command = [
        sys.executable,
        "-c",
        "from ui.cli import main; main()",
        "sync",
        f"{site.url}/map.xml",
        "--watch",
        "--json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as following:
        assert following.stderr.readline().startswith(f"Following {site.url}/map.xml, asked again every 15 minutes")
        following.send_signal(signal.SIGINT)
        out, err = following.communicate(timeout=60)
    assert (following.returncode, err, json.loads(out)["added"]) == (0, "", 1)


def test_a_list_is_no_article(pullquote, site):
    ran = pullquote("add", f"{site.url}/map.xml")
    assert ran.status == 2
    assert ran.err == (
        f"refused: {site.url}/map.xml is a list of pages and no article; `pullquote sync {site.url}/map.xml` follows it.\n"
    )
    assert pullquote("add", f"{site.url}/ferry").status == 0
