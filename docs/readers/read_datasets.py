from datasets import load_dataset

articles = load_dataset("parquet", data_files="output/articles/**/*.parquet", split="train")
print(len(articles.filter(lambda article: article["language"] == "en")))
