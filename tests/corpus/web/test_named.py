"""What the user of this machine names is fetched wherever it is; a public site leads nobody into his network."""

import pytest

from corpus.article import Article
from corpus.load import load_url
from corpus.refusal import Refusal
from corpus.web.fetch import NotPublic
from corpus.web.named import fetch_named
from corpus.web.ssrf_transport import NamedTransport
from tests.corpus.website import PUBLIC, Loopback, Names, website

STORY = "<html><title>The pier</title><body><p>The pier at Harrow was opened in 1901.</p></body></html>"
_NOT_FOLLOWED = (
    "at no public address; name that page itself to `pullquote add` on the command line, or save the page and add the "
    "file."
)


@pytest.fixture
def site():
    with website() as site:
        site["/story"] = STORY
        yield site


@pytest.fixture
def network():
    return Loopback()


@pytest.fixture(autouse=True)
def names(network, monkeypatch):
    """Every request goes to this machine; desk.example is in the user's network, turning.example only the second time."""
    names = Names(
        desk_example=["10.0.0.7"], long_example=["10.0.0.8"], turning_example=[[PUBLIC], ["10.0.0.9"]],
        **{"127_0_0_1": ["127.0.0.1"]},
    )  # fmt: skip
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        "corpus.web.ssrf_transport.NamedTransport", lambda private: NamedTransport(private, names, network)
    )
    return names


def at(host, site, path):
    return f"http://{host}:{site.url.rpartition(':')[2]}{path}"


def leads(site, path, *to):
    site[path] = (302, {"Location": at(*to[:1], site, to[1])}, b"")


@pytest.mark.parametrize(("host", "address"), [("desk.example", "10.0.0.7"), ("news.example", PUBLIC)])
def test_a_page_is_fetched_wherever_it_is(site, network, host, address):
    (article,) = load_url(at(host, site, "/story"), public=False)
    assert (type(article), article.title, network.reached) == (Article, "The pier", [address])


def test_a_public_site_that_redirects_to_a_private_one_is_refused_and_the_private_one_not_asked(site, network):
    leads(site, "/a", "news.example", "/b")
    leads(site, "/b", "127.0.0.1", "/story")
    assert list(load_url(at("news.example", site, "/a"), public=False)) == [
        Refusal(at("news.example", site, "/a"), f"{at('news.example', site, '/a')} leads to 127.0.0.1, which is {_NOT_FOLLOWED}")
    ]  # fmt: skip
    assert (site.asked, network.reached) == (["/a", "/b"], [PUBLIC, PUBLIC])


def test_a_private_site_may_lead_on_and_a_public_one_not_back_in_elsewhere(site, network):
    leads(site, "/a", "long.example", "/story")
    assert fetch_named(at("desk.example", site, "/a")).url == at("long.example", site, "/story")
    leads(site, "/b", "news.example", "/c")
    leads(site, "/c", "127.0.0.1", "/story")
    with pytest.raises(NotPublic):
        fetch_named(at("desk.example", site, "/b"))
    assert "127.0.0.1" not in network.reached


def test_a_name_that_is_looked_up_anew_gains_nothing(site, network):
    """The address that was checked is the one that is asked; the next request is checked again."""
    leads(site, "/a", "turning.example", "/story")
    with pytest.raises(NotPublic, match=r"leads to turning\.example, which is at no public address"):
        fetch_named(at("turning.example", site, "/a"))
    assert network.reached == [PUBLIC]


def test_a_proxy_of_the_environment_is_asked_but_for_what_a_public_site_leads_to(site, network, monkeypatch):
    with website() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        proxy["http://news.example/story"] = STORY
        assert b"Harrow" in fetch_named("http://news.example/story").body
        proxy["http://news.example/a"] = (302, {"Location": "http://127.0.0.1/secret"}, b"")
        with pytest.raises(NotPublic):
            fetch_named("http://news.example/a")
        monkeypatch.setenv("no_proxy", "desk.example")
        fetch_named(at("desk.example", site, "/story"))
        assert proxy.asked == ["http://news.example/story", "http://news.example/a"]
    assert network.reached == ["10.0.0.7"]
