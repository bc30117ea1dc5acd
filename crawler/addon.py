"""Winnow as one Scrapy add-on: the parts and their order."""

from scrapy.settings import BaseSettings

PRIORITY = "addon"


class WinnowAddon:
    """Puts Winnow's middlewares and pipelines into a Scrapy project."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add each part unless the project has placed it already."""
        middlewares = settings["DOWNLOADER_MIDDLEWARES"]
        # Addresses before robots.txt, so that no robots.txt is asked of a private one.
        middlewares.set("crawler.middlewares.AddressMiddleware", 90, PRIORITY)
        middlewares.set("crawler.middlewares.RobotsMiddleware", 100, PRIORITY)
        pipelines = settings["ITEM_PIPELINES"]
        pipelines.set("crawler.pipelines.ArchivePipeline", 100, PRIORITY)
        pipelines.set("crawler.pipelines.CleanPipeline", 200, PRIORITY)
        pipelines.set("crawler.pipelines.RenderPipeline", 250, PRIORITY)
        pipelines.set("crawler.pipelines.DiscoverPipeline", 300, PRIORITY)
        pipelines.set("crawler.pipelines.StorePipeline", 400, PRIORITY)
        settings["EXTENSIONS"].set("crawler.extensions.ProgressExtension", 100, PRIORITY)
