from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
articles = spark.read.parquet("output/articles")
print(articles.filter("language = 'en'").count())
