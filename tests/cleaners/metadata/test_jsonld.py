import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.metadata.jsonld import read_jsonld
from cleaners.metadata.ldvalues import Entity

ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Lake bridge opens",
    "datePublished": "2024-05-03T14:24:00+02:00",
    "author": {"@type": "Person", "name": "Mara Quill"},
    "publisher": {"@type": "Organization", "name": "Lowmere Post"},
}


def _read(*scripts: object, url: str | None = None) -> object:
    texts = tuple(s if isinstance(s, str) else json.dumps(s) for s in scripts)
    return read_jsonld(texts, url).article


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        [ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["NewsArticle", "Article"]},
        {**ARTICLE, "@type": "https://schema.org/NewsArticle"},
        f"<!-- {json.dumps(ARTICLE)} -->",
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE).replace("opens", "opens\t").replace("\\t", "\t"),
        json.dumps(ARTICLE).replace('"', "&quot;"),
        '{"@type": "WebSite", "name": "Lowmere Post"}\n' + json.dumps(ARTICLE),
        json.dumps(ARTICLE, indent=1).replace('",\n "date', '"\n "date'),
        json.dumps(ARTICLE).replace('"', "&#34;"),
        "\ufeff" + json.dumps(ARTICLE),
        "window.story = " + json.dumps(ARTICLE) + ";",
        "{ // the story\n" + json.dumps(ARTICLE)[1:-1] + " /* its end */ }",
        json.dumps(ARTICLE)[:-1],
        json.dumps(ARTICLE)[:-1] + ', "keywords": ["lake", "bri',
        json.dumps(ARTICLE)[:-1] + ', "description": "It "opens" on Monday"}',
        json.dumps(ARTICLE)[:-1] + r', "description": "It\'s open"}',
        json.dumps(ARTICLE).replace('", "date', '",, "date'),
        "{isPartOf: undefined, '@id': '#it', " + json.dumps(ARTICLE)[1:],
    ],
)
def test_finds_the_article_in_any_wrapping(script: object) -> None:
    texts = (script if isinstance(script, str) else json.dumps(script),)
    article = read_jsonld(texts).article
    assert article is not None
    assert article.headline.strip() == "Lake bridge opens"
    assert article.authors == (Entity("Mara Quill", "Person"),)
    assert article.published == "2024-05-03T14:24:00+02:00"
    assert article.publisher == "Lowmere Post"


def test_salvages_fields_of_what_does_not_parse() -> None:
    script = json.dumps(ARTICLE)[:-2] + ', "articleBody": "He said "no", and then "nothing", twice'
    found = read_jsonld((script,))
    assert found.broken == 1
    assert found.article is not None
    assert found.article.headline == "Lake bridge opens"
    assert [e.name for e in found.article.authors] == ["Mara Quill"]


def test_the_page_s_own_article_and_not_a_teaser_s() -> None:
    teasers = {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "item": {**ARTICLE, "headline": f"Other {n}", "url": f"/o/{n}"}}
            for n in range(5)
        ],
    }
    own = {**ARTICLE, "url": "https://lowmere.example/bridge"}
    found = read_jsonld((json.dumps([teasers, own]),), "https://lowmere.example/bridge")
    assert found.article is not None
    assert found.article.headline == "Lake bridge opens"
    assert found.items == 5


def test_without_addresses_the_page_s_titles_tell_its_own_article() -> None:
    others = [{**ARTICLE, "headline": f"Another story of the day, number {n}"} for n in range(3)]
    own = {**ARTICLE, "author": "Tom Ash"}
    scripts = tuple(json.dumps(node) for node in (*others, own))
    found = read_jsonld(scripts, None, ["Lake bridge opens – Lowmere Post"]).article
    assert found is not None
    assert [e.name for e in found.authors] == ["Tom Ash"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Mara Quill", ["Mara Quill"]),
        (["Mara Quill", {"name": "Tom Ash"}], ["Mara Quill", "Tom Ash"]),
        ({"givenName": "Mara", "familyName": "Quill"}, ["Mara Quill"]),
        ({"0": {"name": "Mara Quill"}, "2": {"name": "Tom Ash"}}, ["Mara Quill", "Tom Ash"]),
        ({"url": "https://lowmere.example/mara"}, []),
    ],
)
def test_authors_however_they_are_written(author: object, names: list[str]) -> None:
    article = read_jsonld((json.dumps({**ARTICLE, "author": author}),)).article
    assert article is not None
    assert [entity.name for entity in article.authors] == names


@pytest.mark.parametrize(
    ("said", "free"),
    [("False", False), (0, False), (["false"], False), ("1", True), ("", None), (None, None)],
)
def test_access_however_it_is_written(said: object, free: bool | None) -> None:
    article = read_jsonld((json.dumps({**ARTICLE, "isAccessibleForFree": said}),)).article
    assert article is not None
    assert article.is_free is free


def test_references_are_followed() -> None:
    graph = {
        "@graph": [
            {**ARTICLE, "author": [{"@id": "#mara"}]},
            {"@id": "#mara", "@type": "Person", "name": "Mara Quill"},
        ]
    }
    article = read_jsonld((json.dumps(graph),)).article
    assert article is not None
    assert article.authors == (Entity("Mara Quill", "Person"),)


def test_access_and_its_selectors() -> None:
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".locked"}
    article = read_jsonld(
        (json.dumps({**ARTICLE, "isAccessibleForFree": "False", "hasPart": part}),)
    ).article
    assert article is not None
    assert (article.is_free, article.gated_selectors) == (False, (".locked",))


@pytest.mark.parametrize(
    "script",
    [
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        '{"@graph":[' * 300 + json.dumps(ARTICLE) + "]}" * 300,
        json.dumps({"@type": "NewsArticle", "headline": "x", "author": [[[[["Mara"]]]]]}),
        json.dumps({"@type": 7, "headline": {"@value": ["x"]}, "datePublished": 3, "author": 5}),
        json.dumps([ARTICLE] * 6000),
        '{"headline": "' + "\\" * 60_001,
        '"author": [{' * 20_000,
    ],
)
def test_hostile_scripts_end(script: str) -> None:
    assert read_jsonld((script,)).broken in (0, 1)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "author", "headline", "name", "image"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json(value: object) -> None:
    article = read_jsonld((json.dumps({"@type": "NewsArticle", "headline": value}),)).article
    assert article is not None
    read_jsonld((json.dumps(value),))


@given(st.text(max_size=200))
def test_any_text(script: str) -> None:
    assert read_jsonld((script,)).broken in (0, 1)
