import pandas as pd

articles = pd.read_parquet("output/articles", columns=["title", "language"])
print(len(articles[articles["language"] == "en"]))
