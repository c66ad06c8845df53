"""Fetching from public addresses only: no request of these tests leaves the machine."""

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from corpus.web import fetch as fetching
from corpus.web.fetch import FetchFailed, NotPublic, fetch
from corpus.web.ssrf_transport import PublicTransport, addresses_of
from tests.corpus.website import PUBLIC, Loopback, Names, website

OTHER = "2606:4700::1111"


@pytest.fixture
def site():
    with website() as site:
        yield site


@pytest.fixture
def network():
    return Loopback()


def port(site):
    return site.url.rpartition(":")[2]


def fetched(url, network, resolve=None, **options):
    return fetch(url, make_transport=lambda: PublicTransport(resolve=resolve or Names(), inner=network), **options)


def test_a_page_comes_from_the_address_that_was_checked(site, network):
    site["/a"] = b"one"
    names = Names()
    page = fetched(f"http://News.example:{port(site)}/a", network, names)
    assert (page.url, page.body) == (f"http://news.example:{port(site)}/a", b"one")
    assert site.headers[0]["Host"] == f"news.example:{port(site)}"
    assert (names.asked, network.reached) == (["news.example"], [PUBLIC])


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["fe80::1%2"], ["::ffff:127.0.0.1"],
        [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [OTHER, "fd00::1"],
    ],
)  # fmt: skip
def test_a_host_with_any_address_that_is_not_public_is_not_asked(network, answer):
    with pytest.raises(NotPublic) as caught:
        fetched("http://news.example/a", network, Names(news_example=answer))
    assert str(caught.value) == (
        "http://news.example/a is at no public address; fetch it with `pullquote add` on the command line, "
        "or save the page and add the file."
    )
    assert network.reached == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "0x7f.1", "127.1",
        "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1]", "127。0。0。1",
        "169.254.169.254", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ],
)  # fmt: skip
def test_however_an_address_is_written_it_is_known(network, host):
    with pytest.raises(NotPublic):
        fetched(f"http://{host}:1/", network, addresses_of)
    assert network.reached == []


def test_a_zone_or_an_octal_number_is_no_way_round(network):
    for host in ("[fe80::1%25lo]", "[fe80::1%lo]", "[2606:4700::1111%25lo]", "0177.0.0.1"):
        with pytest.raises(FetchFailed):
            fetched(f"http://{host}:1/", network, addresses_of)
    assert network.reached == []


def test_numbers_stand_for_themselves():
    assert addresses_of("127.0.0.1", 80) == ["127.0.0.1"]
    assert addresses_of("0x8.8.2056", 80) == ["8.8.8.8"]
    assert addresses_of("::1", 443) == ["::1"]


def test_a_name_with_a_dot_at_its_end_is_looked_up_too(network):
    names = Names(**{"desk.example.": ["10.0.0.1"]})
    with pytest.raises(NotPublic):
        fetched("http://desk.example./", network, names)
    assert (names.asked, network.reached) == (["desk.example."], [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_into_the_network_is_not_followed(site, network, status):
    with website() as inside:
        site["/a"] = (status, {"Location": f"{inside.url}/secret"}, b"")
        with pytest.raises(NotPublic) as caught:
            fetched(f"http://news.example:{port(site)}/a", network, Names(**{"127_0_0_1": ["127.0.0.1"]}))
        assert inside.asked == []
    assert str(caught.value) == (
        f"http://news.example:{port(site)}/a leads to 127.0.0.1, which is at no public address; name that page itself to "
        "`pullquote add` on the command line, or save the page and add the file."
    )
    assert network.reached == [PUBLIC]


def test_a_redirect_to_a_public_address_is_checked_and_followed(site, network):
    site["/a"] = (302, {"Location": f"http://other.example:{port(site)}/b"}, b"")
    site["/b"] = b"two"
    names = Names(other_example=[OTHER])
    assert fetched(f"http://news.example:{port(site)}/a", network, names).body == b"two"
    assert (names.asked, network.reached) == (["news.example", "other.example"], [PUBLIC, OTHER])


def test_a_redirect_to_another_scheme_is_not_followed(site, network):
    site["/a"] = (302, {"Location": "ftp://other.example/b"}, b"")
    names = Names()
    with pytest.raises(FetchFailed, match="leads away from the web"):
        fetched(f"http://news.example:{port(site)}/a", network, names)
    assert names.asked == ["news.example"]


def test_a_name_that_changes_its_address_gains_nothing(site, network):
    site["/a"] = b"one"
    names = Names(news_example=[[PUBLIC], ["127.0.0.1"]])
    assert fetched(f"http://news.example:{port(site)}/a", network, names).body == b"one"
    assert (names.asked, network.reached) == (["news.example"], [PUBLIC])
    site["/b"] = (302, {"Location": "/a"}, b"")
    names = Names(news_example=[[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(NotPublic):  # looked up anew for the redirect
        fetched(f"http://news.example:{port(site)}/b", network, names)
    assert network.reached == [PUBLIC, PUBLIC]


def test_where_one_address_is_dead_the_next_is_asked(site):
    site["/a"] = b"one"
    transport = PublicTransport(private_sites={f"news.example:{port(site)}": ["::1", "127.0.0.1"]})
    assert fetch(f"http://news.example:{port(site)}/a", make_transport=lambda: transport).body == b"one"


def test_a_proxy_of_the_environment_is_not_asked(site, network, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", site.url)
    monkeypatch.setenv("ALL_PROXY", site.url)
    with pytest.raises(NotPublic):
        fetched("http://127.0.0.1:1/a", network, addresses_of)
    assert site.asked == []


def test_a_name_without_an_address_is_reported(network):
    def nobody(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for resolve in (nobody, Names(news_example=[[]]), addresses_of):
        with pytest.raises(FetchFailed, match=r"cannot be fetched \(.*\); check the address, or save the page"):
            fetched(f"http://{'x' * 64 if resolve is addresses_of else 'news'}.example/", network, resolve)
    assert network.reached == []


# --- Who takes long ---


def test_a_look_up_that_takes_long_is_not_waited_for(network):
    stop = threading.Event()
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="did not answer in time"):
        fetched("http://news.example/", network, lambda host, port: stop.wait(9) and [], timeout=0.2)
    assert time.monotonic() - began < 3
    stop.set()


@pytest.fixture
def dripping():
    """Serves a head, then a piece every 20 ms for as long as it is listened to."""
    servers = []

    def serve(head, piece=b""):
        listening = socket.create_server(("127.0.0.1", 0))
        stop = threading.Event()

        def drip():
            connection, _ = listening.accept()
            with connection:
                connection.sendall(head)
                try:
                    while not stop.wait(0.02):
                        connection.sendall(piece)
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        servers.append((listening, stop, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}/a"

    yield serve
    for listening, stop, thread in servers:
        stop.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),  # whose end is the end of the connection
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00" + bytes(8), b"x"),
    ],
)  # fmt: skip
def test_who_sends_a_byte_now_and_then_is_given_up(dripping, monkeypatch, head, piece):
    monkeypatch.setattr(fetching, "_TOTAL_TIMEOUT", 0.3)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="sends too slowly; try again, or save the page and add the file"):
        fetch(dripping(head, piece), timeout=5)
    assert time.monotonic() - began < 3


def test_all_redirects_have_the_time_of_one(site, monkeypatch):
    monkeypatch.setattr(fetching, "_TOTAL_TIMEOUT", 0.3)
    site["/a"] = (302, {"Location": "/a"}, b"")
    answer = site.answer
    monkeypatch.setattr(site, "answer", lambda path: time.sleep(0.12) or answer(path))
    with pytest.raises(FetchFailed, match="sends too slowly"):
        fetch(f"{site.url}/a")
    assert len(site.asked) <= 3


def test_the_body_of_a_redirect_is_not_read(site, dripping):
    site["/a"] = b"one"
    head = f"HTTP/1.1 302 Found\r\nContent-Length: 1000000000\r\nLocation: {site.url}/a\r\n\r\n"
    began = time.monotonic()
    assert fetch(dripping(head.encode(), b"x" * 1000)).body == b"one"
    assert time.monotonic() - began < 3


# --- Whose certificate it is ---


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority made for these tests, and its certificate for news.example: the folder of both."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make certificates with")
    folder = tmp_path_factory.mktemp("authority")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (folder / "names").write_text("subjectAltName=DNS:news.example\n")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Tests", "-days", "2")
    openssl(folder, "req", *key, "-keyout", "news.key", "-out", "news.csr", "-subj", "/CN=news.example")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl(folder, "x509", "-req", "-in", "news.csr", "-out", "news.pem", *signed)
    return folder


@pytest.fixture
def secure(authority, monkeypatch):
    """A server with the certificate of news.example, which the system trusts; it keeps its connections."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "news.pem", authority / "news.key")
    with website(context) as site:
        yield site


def at_home(site):
    """What connects to the real server by several names of one address."""
    names = ("news.example", "news.example.", "other.example")
    return PublicTransport(private_sites={f"{name}:{port(site)}": ["127.0.0.1"] for name in names})


def test_a_certificate_has_to_be_for_the_name(secure):
    secure["/a"] = b"one"
    for host in ("news.example", "NEWS.example", "news.example."):
        assert fetch(f"https://{host}:{port(secure)}/a", make_transport=lambda: at_home(secure)).body == b"one"
    with pytest.raises(FetchFailed, match=r"certificate verify failed: Hostname mismatch.*'other\.example'"):
        fetch(f"https://other.example:{port(secure)}/a", make_transport=lambda: at_home(secure))
    assert secure.asked == ["/a", "/a", "/a"]


def test_a_connection_made_for_one_name_is_not_used_for_another(secure):
    secure["/a"] = (302, {"Location": f"https://other.example:{port(secure)}/b"}, b"")
    secure["/b"] = b"two"
    with pytest.raises(FetchFailed, match="certificate verify failed: Hostname mismatch"):
        fetch(f"https://news.example:{port(secure)}/a", make_transport=lambda: at_home(secure))
    assert secure.asked == ["/a"]


def test_a_certificate_of_nobody_that_is_known_is_refused(secure, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchFailed, match="certificate verify failed"):
        fetch(f"https://news.example:{port(secure)}/a", make_transport=lambda: at_home(secure))
    assert secure.asked == []


def test_an_encrypted_page_that_trickles_in_is_given_up(secure, monkeypatch):
    monkeypatch.setattr(fetching, "_TOTAL_TIMEOUT", 0.3)
    monkeypatch.setattr(secure, "answer", lambda path: time.sleep(2) or (200, {}, b""))
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="sends too slowly"):
        fetch(f"https://news.example:{port(secure)}/a", make_transport=lambda: at_home(secure))
    assert time.monotonic() - began < 1.5
