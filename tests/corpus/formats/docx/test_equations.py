import pytest

from tests.corpus.formats.docx.made import p, r, text_of


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def m(name: str, properties: str = "", **parts: str) -> str:
    inside = "".join(
        f"<m:{part.rstrip('0123456789')}>{xml}</m:{part.rstrip('0123456789')}>" for part, xml in parts.items()
    )
    return f"<m:{name}><m:{name}Pr>{properties}</m:{name}Pr>{inside}</m:{name}>"


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        (t("v = 3k + 2"), "v = 3k + 2"),
        (m("f", num=t("a"), den=t("b")), "a/b"),
        (m("f", num=t("a+1"), den=t("2b")), "(a+1)/2b"),
        (m("f", num=t("M"), den=t("4")) + m("sSup", e=t("v"), sup=t("2")), "(M/4)v^2"),
        (t("2") + m("f", num=t("1"), den=t("2")), "2(1/2)"),
        (t("x=") + m("f", num=t("a"), den=t("b")) + t("+1"), "x=a/b+1"),
        (t("a") + m("func", fName=t("cos"), e=t("x")), "a cos x"),
        (m("f", "<m:type m:val='noBar'/>", num=t("n"), den=t("k")), "n, k"),
        (m("sSup", e=t("x"), sup=t("2")), "x^2"),
        (m("sSup", e=t("e"), sup=t("-kt")), "e^(-kt)"),
        (m("sSub", e=t("x"), sub=t("i+1")), "x_(i+1)"),
        (m("sSubSup", e=t("x"), sub=t("i"), sup=t("2")), "x_i^2"),
        (m("sPre", sub=t("6"), sup=t("14"), e=t("C")), "_6^14 C"),
        (m("rad", "<m:degHide/>", deg="", e=t("a+b")), "√(a+b)"),
        (m("rad", deg=t("3"), e=t("8")), "√[3](8)"),
        (m("nary", "<m:chr m:val='∑'/>", sub=t("i=1"), sup=t("n"), e=t("i")), "∑_(i=1)^n i"),
        (m("nary", sub="", sup="", e=t("f")), "∫ f"),
        (m("d", e=t("a"), e2=t("b")), "(a|b)"),
        (m("d", "<m:begChr m:val='['/><m:endChr m:val=']'/>", e=t("a")), "[a]"),
        (m("func", fName=t("sin"), e=t("x")), "sin x"),
        (m("func", fName=m("limLow", e=t("lim"), lim=t("n→∞")), e=t("a")), "lim_(n→∞) a"),
        (m("acc", e=t("x")), "x\u0302"),
        (m("bar", e=t("xy")), "xy"),
        (m("eqArr", e=t("x=1"), e2=t("y=2")), "x=1; y=2"),
        (m("m", mr="<m:e>" + t("1") + "</m:e><m:e>" + t("0") + "</m:e>", mr2="<m:e>" + t("0") + "</m:e>"), "[1, 0; 0]"),
        (m("phant", "<m:show m:val='0'/>", e=t("x")) + t("y"), "y"),
        (m("borderBox", e=t("x")), "x"),
        ("<w:del>" + t("x") + "</w:del>" + t("y"), "y"),
    ],
)
def test_an_equation_is_a_line(equation, line):
    assert text_of(p(r("So ") + f"<m:oMath>{equation}</m:oMath>" + r(" holds."))) == f"So {line} holds."


def test_an_equation_on_a_line_of_its_own():
    shown = f"<m:oMathPara><m:oMath>{t('a = b')}</m:oMath></m:oMathPara>"
    assert text_of(p(shown)) == "a = b"
    assert text_of(p(r("So:") + shown)) == "So:\na = b"


def test_equations_beside_each_other_are_apart():
    two = "".join(f"<m:oMath>{t(one)}</m:oMath>" for one in ("a = b", "c = d"))
    assert text_of(p(two)) == "a = b c = d"


def test_deep_equations_are_read():
    deep = "<m:f><m:num>" * 100 + t("x") + "</m:num></m:f>" * 100
    assert "x" in text_of(p(f"<m:oMath>{deep}</m:oMath>"))
