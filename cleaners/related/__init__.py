"""Stories from seeds, and how surely candidates and articles belong to them.

profile(seeds) -> stories        queries(story) -> what to ask search services
rank(story, candidates)          before fetching, from title, snippet, URL and date
score_article(story, …)          after fetching, from the cleaned text
"""

from cleaners.model import Relevance
from cleaners.related.profile import profile
from cleaners.related.queries import Query, queries
from cleaners.related.rank import WORTH_FETCHING, rank
from cleaners.related.score import RELATED, score_article

__all__ = [
    "RELATED",
    "WORTH_FETCHING",
    "Query",
    "Relevance",
    "profile",
    "queries",
    "rank",
    "score_article",
]
