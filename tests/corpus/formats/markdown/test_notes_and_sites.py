"""The markup of Obsidian and of site generators."""

import pytest

from corpus.formats.markdown.reader import read_markdown


def words(text: str) -> str:
    return read_markdown(text.encode()).text.text


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("the [[Harbour Office|harbour office]] and [[Pell]]", "the harbour office and Pell"),
        (
            "[[Pell#The quay]] and [[#Fares]] and [[Pell#^a1b2|here]] and [[Pell#^a1b2]]",
            "Pell > The quay and Fares and here and Pell",
        ),
        ("[[*Alma* of Pell|the *Alma*]]'s crew", "the Alma's crew"),
        ("see ![[boat.jpg]] and ![[boat.jpg|300]] here", "see  and  here"),
        (r"\[[kept]] and `[[kept]]` and [[1, 2], [3, 4]]", "[[kept]] and [[kept]] and [[1, 2], [3, 4]]"),
        ("she said ==so *loudly*== to all", "she said so loudly to all"),
        ("if a==b and c==d, or x == y", "if a==b and c==d, or x == y"),
        ("seen %%ask Ada%% today, 50%% and 60%% of it", "seen  today, 50%% and 60%% of it"),
        ("It was sold. ^a1b2c3", "It was sold."),
        ("x^2 and 2 ^ 3 and e ^ n", "x^2 and 2 ^ 3 and e ^ n"),
        ("#ferry and owner:: Ada stay", "#ferry and owner:: Ada stay"),
        ("paid in 2021^[Letter of 3 March.] by all", "paid in 2021 (Letter of 3 March.) by all"),
        ("paid in 2021.^[Letter *of* [March](u).]", "paid in 2021.\n\nLetter of March."),
        ("it costs $14 and $6, and $a_1 * b_1$ is *so*", "it costs $14 and $6, and $a_1 * b_1$ is so"),
        ("so $$\\frac{{a}}{b}$$ and $\\{x\\}$", "so $$\\frac{{a}}{b}$$ and $\\{x\\}$"),
    ],
)
def test_obsidian_inside_a_line(marked, plain):
    assert words(marked) == plain


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("> [!note] The *old* boat\n> It was sold.", "The old boat\n\nIt was sold."),
        ("> [!WARNING]\n> Bring a coat.\n\nEnd", "\nBring a coat.\n\nEnd"),
        ("> [!tip]- Folded\n> > [!faq|wide]+ Inner\n> > Yes.", "Folded\n\nInner\n\nYes."),
        ("One\n\n%%\nhidden\n\n**hidden**\n%%\n\nTwo", "One\n\n\n\nTwo"),
        ("%% hidden %% shown *so*", "shown so"),
        ("%% never closed\n\n*words*", "%% never closed\n\nwords"),
        ("- [ ] call\n- [x] read\n- [-] left\n1. [ ] sail", "call\nread\nleft\n1. sail"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n^table-1\n\nEnd", "a | b\n1 | 2\n\n\nEnd"),
        ("$$\na_1 * b_1 * c\n$$\n*x*", "$$\na_1 * b_1 * c\n$$\n\nx"),
        ("[[_TOC_]]\n\n[TOC]\n\nWords", "\n\n\n\nWords"),
    ],
)
def test_obsidian_blocks(marked, plain):
    assert words(marked) == plain


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ('{{< figure src="a.jpg" title="The boat" >}}\n\nWords', "\n\nWords"),
        ("so {{% notice tip %}}Bring a coat.{{% /notice %}} now", "so Bring a coat. now"),
        ('{{< figure\n  src="a.jpg"\n  alt="b"\n>}}\nWords', "\nWords"),
        ('[the rules]({{< ref "rules.md" >}}) hold', "the rules hold"),
        ("{% include boat.html name='x' %}\nThe {{ page.title }} sails{{ site.x | escape }}.", "\nThe  sails."),
        ("{% raw %}{{ kept }}{% endraw %} and {%- if x -%}words{%- endif -%}", "{{ kept }} and words"),
        ("a {% comment %}hidden{% endcomment %} b", "a  b"),
        ("{% comment %}\nhidden\n\nhidden\n{% endcomment %}\n\nWords", "\n\nWords"),
        ("{% highlight py %}\nx = {{ a }} * *b*\n{% endhighlight %}\n*so*", "\nx = {{ a }} * *b*\n\nso"),
        ("`{{ kept }}` and {{c1::Pell}} {# gone #}", "{{ kept }} and {{c1::Pell}} "),
        ("```\n{{< figure >}} [[x]] ==y== %%z%%\n```", "\n{{< figure >}} [[x]] ==y== %%z%%\n"),
        ("Words\n{: .lead #id}\n\nMore [link](u){:target='_blank'} and [big]{.large}", "Words\n\n\nMore link and big"),
        ("# The quay {#quay .wide}\n{.lead}", "The quay\n"),
        ("It {++soon++}{--never--} costs {~~40~>44~~}{>>so?<<}, {==they say==}", "It soon costs 44, they say"),
        ("{::comment}\nhidden\n\nhidden\n{:/comment}\n\nWords", "\n\nWords"),
        ('--8<-- "a.md"\nWords', "\nWords"),
        ("*[HTML]: Hyper Text\n\nHTML", "\n\nHTML"),
        ("Term\n: The *meaning*\n: Another", "Term\nThe meaning\nAnother"),
        (":::note[Your *title*]\nWords.\n:::\nEnd", "Your title\n\nWords.\n\nEnd"),
        (":::tip\nWords.\n:::", "\nWords.\n"),
        ("::: warning Mind the gap\nWords.\n:::", "Mind the gap\n\nWords.\n"),
        ("::: {.callout-note}\nWords.\n:::", "\nWords.\n"),
        (
            '!!! note "On *fares*"\n    They rise.\n\n    And *fall*.\n\nEnd',
            "On fares\n\nThey rise.\n\nAnd fall.\n\nEnd",
        ),
        ("!!! warning\n    They rise.", "\nThey rise."),
        ("!!! warning all sailors", "!!! warning all sailors"),
        ('=== "Monday"\n\n    At noon.', "Monday\n\nAt noon."),
        ("import Tabs from '@theme/Tabs';\nimport './a.css'\n\nWords", "\n\n\nWords"),
        ("export const a = {\n  b: 1,\n};\n\nWords", "\n\n\n\nWords"),
        ("export of coal rose", "export of coal rose"),
        ('<Tabs items={["a", "b>c"]} on={() => 1}>\n<TabItem value="x">Words</TabItem>\n</Tabs>', "\nWords\n"),
        ("so {/* hidden */}it <Foo.Bar a={{b: 'c'}} />is <>all</>", "so it is all"),
    ],
)
def test_site_generators(marked, plain):
    assert words(marked) == plain


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("built in 1931<sup>7</sup> by hand", "built in 1931 by hand"),
        ("**1931**<sup>[7](#n7)</sup> and 12<sup><a href='#n8'>8</a></sup>", "1931 and 12"),
        ("[1931](u)<sup>2,3</sup> and[<sup>4</sup>](#n4)", "1931 and"),
        ("90 m<sup>2</sup> and 10<sup>6</sup> and 1<sup>st</sup>", "90 m2 and 10^6 and 1st"),
        ("H<sub>2</sub>O and H~2~O and x^2^ and 1931^7^ so", "H2O and H2O and x^2 and 1931 so"),
        ("1931⁷ and 90 m² and 10⁶ and x²", "1931 and 90 m² and 10⁶ and x²"),
    ],
)
def test_marks_of_notes_are_left_out_and_powers_are_not(marked, plain):
    assert words(marked) == plain


def test_notes_are_blocks_of_their_own():
    text = "One[^1] and two[^b].\n[^1]: First\n    note.\n[^b]: Second.\n\nEnd"
    assert words(text) == "One and two.\n\nFirst note.\n\nSecond.\n\nEnd"


def test_the_record_of_unquoted_links_is_read():
    for author in ("author: [[Ada Quill]]", 'author:\n  - "[[Ada Quill]]"', "author: '[[Ada Quill]]'"):
        for title in ("title: Plain", "title: Night boat: it returns"):
            facts = read_markdown(f"---\n{title}\n{author}\n---\nWords.".encode()).facts
            assert "Ada Quill" in facts.authors[0]
            assert len(facts.authors) == 1
