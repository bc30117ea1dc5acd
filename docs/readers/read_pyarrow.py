import pyarrow.dataset as ds

articles = ds.dataset("output/articles", partitioning="hive")
table = articles.to_table(columns=["title", "domain"], filter=ds.field("language") == "en")
print(table.num_rows)
