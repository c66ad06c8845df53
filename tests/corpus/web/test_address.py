import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.web.address import normalised, site


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://Press.Example:443/a/../b c?x=ä#top", "https://press.example/b%20c?x=%C3%A4"),
        ("  http://press.example:80\n", "http://press.example/"),
        ("https://press.example/a?id=2&amp;cid=1", "https://press.example/a?id=2&cid=1"),
        ("https://press.example/a?utm_source=feed&id=2&UTM_medium=rss", "https://press.example/a?id=2"),
        ("https://press.example/a?utm_source=feed", "https://press.example/a"),
        (
            "https://press.example/a?xutm_source=1&b=utm_source=2",
            "https://press.example/a?xutm_source=1&b=utm_source=2",
        ),
        ("https://press.example/a?z=1&b=&z=0&source=x", "https://press.example/a?z=1&b=&z=0&source=x"),
        ("https://press.example/%C3%A4%2fb%3Fc?d=%26x", "https://press.example/%C3%A4%2fb%3Fc?d=%26x"),
        ("https://press.example/100%", "https://press.example/100%"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("//press.example/a", None),
        ("mailto:desk@press.example", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://reader:secret@press.example/a", None),
        ("https://press.example/a\nb", None),
        ("http://exa mple/", None),
        ("http://[::1/", None),
        ("http://press.example:99999/", None),
        ("http://press.example/\ud800", None),
        ("http://press.example/" + "a" * 5000, None),
        ("", None),
    ],
)
def test_an_address_has_one_form(written, address):
    assert normalised(written) == address


def test_a_relative_address_is_resolved():
    assert normalised("../b?c=1", "https://press.example/news/today/") == "https://press.example/news/b?c=1"
    assert normalised("//other.example/a", "https://press.example/") == "https://other.example/a"


@given(st.text(max_size=60), st.sampled_from(["", "https://press.example/", "https://press.example/a?"]))
def test_a_normalised_address_stays_as_it_is(tail, head):
    address = normalised(head + tail)
    assert address is None or normalised(address) == address


def test_a_site_is_a_host_and_its_port():
    assert site("https://www.press.example/a") == site("http://press.example/b") == "press.example"
    assert site("http://press.example:8000/") == "press.example:8000"
