"""Whether an article tells one of a run's stories: asked in the worker processes, once cleaned."""

from dataclasses import dataclass, replace

from cleaners.model import Article, Discovery, Outcome, Reason, Rejection, Stage, Story
from cleaners.related import score_article


@dataclass(frozen=True, slots=True)
class Fit:
    """How surely an article is about one of the stories: the best of them, and its first seed."""

    score: float
    why: tuple[str, ...]
    seed: str | None


@dataclass(frozen=True, slots=True)
class Fitness:
    """Keeps the articles that reach the bar with one of the stories, and notes why."""

    stories: tuple[Story, ...]
    bar: float

    def __call__(self, article: Article) -> Outcome:
        fit = self.score(article)
        found = article.discovery or Discovery(method="seed")
        found = replace(found, score=fit.score, reasons=fit.why, seed_id=fit.seed)
        if fit.score >= self.bar:
            return replace(article, discovery=found)
        return Rejection(
            source=article.source,
            url=article.url,
            stage=Stage.RELATE,
            reason=Reason.NOT_RELATED,
            detail=f"score {fit.score:.3f}, bar {self.bar:.3f}",
            fetch=article.fetch,
            discovery=found,
        )

    def score(self, article: Article) -> Fit:
        """How surely an article tells one of the stories."""
        fits = [self._fit(story, article) for story in self.stories]
        return max(fits, key=lambda fit: fit.score, default=Fit(0.0, ("no story",), None))

    def _fit(self, story: Story, article: Article) -> Fit:
        found = score_article(
            story,
            article.title,
            article.text,
            published=article.published_at,
            language=article.language,
        )
        return Fit(found.score, found.why, story.seed_ids[0] if story.seed_ids else None)
