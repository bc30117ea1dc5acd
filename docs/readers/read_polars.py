import polars as pl

articles = pl.scan_parquet("output/articles/**/*.parquet")
english = articles.filter(pl.col("language") == "en").select("title", "domain").collect()
print(english.height)
