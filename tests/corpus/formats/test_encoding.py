import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.encoding import Decoded, UndecodableText, decode, meta_charset, mojibake_edits, surrogate_edits
from corpus.offset_map import MappedText

FRENCH = "Le café de l’été : « C’était l’un des plus beaux jours », dit-elle. Où sont les élèves ?"
RUSSIAN = "Правительство объявило вчера о новых мерах поддержки малого бизнеса.\n"


def mended(text: str) -> str:
    return MappedText.of(text).edited(mojibake_edits(text)).text


def misread(text: str) -> str:
    """The text's UTF-8 as a Windows program shows it."""
    return "".join(
        bytes([byte]).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252")
        for byte in text.encode()
    )


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (FRENCH.encode(), "utf-8"),
        (FRENCH.encode("utf-8-sig"), "utf-8-sig"),
        (FRENCH.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + FRENCH.encode("utf-16-be"), "utf-16"),
        (FRENCH.encode("utf-32"), "utf-32"),
        (FRENCH.encode("utf-16-le"), "utf-16-le"),
        (FRENCH.encode("utf-16-be"), "utf-16-be"),
        (FRENCH.encode("cp1252"), "cp1252"),
        (RUSSIAN.encode("cp1251") * 3, "cp1251"),
        (RUSSIAN.encode("koi8-r") * 3, "koi8_r"),
    ],
)
def test_decode_finds_the_encoding(data, encoding):
    assert decode(data) == Decoded(data.decode(encoding), encoding)


def test_line_ends_are_not_translated():
    assert decode(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


def test_a_stated_charset_decides_where_utf8_fails():
    data = "Gęś i źdźbło".encode("iso-8859-2")
    assert decode(data, "ISO-8859-2") == Decoded("Gęś i źdźbło", "iso8859-2")


def test_latin1_is_read_as_browsers_read_it():
    assert decode("“quoted”".encode("cp1252"), "iso-8859-1").text == "“quoted”"


@pytest.mark.parametrize("hint", ["zip", "rot13", "unicode_escape", "utf-7", "no-such", "\0"])
def test_a_hint_that_is_no_text_encoding_is_ignored(hint):
    assert decode("né".encode("cp1252") * 5, hint).encoding != hint


def test_meta_charset_is_read_from_both_spellings():
    assert meta_charset(b'<meta charset="windows-1251">') == "windows-1251"
    assert meta_charset(b"<META http-equiv=x content='text/html; charset=Shift_JIS'>") == "Shift_JIS"
    assert meta_charset(b"<p>charset=none</p>") is None


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"\0" * 100, b"PK\x03\x04abc", b"\xff\xfe\x00"],
)
def test_binary_data_is_no_text(data):
    with pytest.raises(UndecodableText, match=r"suffix of its format|save it as UTF-8"):
        decode(data)


def test_a_stray_nul_does_not_make_a_text_binary():
    assert decode(b"a long enough text with one \0 in the middle of all its words").encoding == "utf-8"


@given(st.text(max_size=200))
def test_the_text_is_what_the_encoding_makes_of_the_bytes(text):
    data = text.encode("utf-8", "ignore")
    try:
        decoded = decode(data)
    except UndecodableText:
        return
    assert decoded.text == data.decode(decoded.encoding)


@pytest.mark.parametrize(
    "text",
    ["It’s “fine”", "café naïve", "£5 at 5 °C", "Łódź", "привет всем", "你好世界", "😀", "«\xa0été\xa0»", "Ünïcödé …"],
)
def test_mojibake_is_mended(text):
    assert mended(misread(text)) == text


def test_text_damaged_twice_is_mended():
    assert mended(misread(misread("It’s"))) == "It’s"


@pytest.mark.parametrize(
    "text",
    [
        "Ünïcödé naïve café",
        "“LIBERTÉ” and ‘FIN’ É…",
        "le café”… fini",
        "IRMû quoted",
        "letters «\xa0Â\xa0» and Ã, Â, â",
        "MAÇî brand",
        "ÅÄÖ – “ä“",
        "5 °C, £10, ©2020",
    ],
)
def test_correct_text_is_left_alone(text):
    assert mended(text) == text


def test_each_mended_character_is_one_unit():
    text = MappedText.of("cafÃ© au lait").edited(mojibake_edits("cafÃ© au lait"))
    assert text.text == "café au lait"
    assert [(run.source_start, run.source_end) for run in text.runs if not run.copied] == [(3, 5)]


def test_a_lone_surrogate_becomes_a_replacement_character():
    text = "a\ud83db"
    assert MappedText.of(text).edited(surrogate_edits(text)).text == "a\ufffdb"
