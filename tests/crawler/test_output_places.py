"""Which places a crawl can write to."""

from pathlib import Path

import pytest

from cleaners.errors import ConfigError
from crawler.config import Settings
from crawler.crawl_jobs import pages_job


def test_an_object_store_is_refused_with_the_way_to_get_there() -> None:
    settings = Settings().with_out("s3://KEY:SECRET@bucket/out")
    with pytest.raises(ConfigError, match="winnow clean FOLDER/warc --out") as caught:
        pages_job(settings, ["http://nord.example/a"])
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("out", ["output/crew", "file://output/crew"])
def test_a_folder_is_a_folder_however_it_is_written(out: str) -> None:
    job = pages_job(Settings().with_out(out), ["http://nord.example/a"])
    assert job.out == Path("output/crew")
