import duckdb

answer = duckdb.execute("""
    select domain, count(*) as articles
    from 'output/articles/**/*.parquet'
    where language = 'en'
    group by domain
""")
for domain, articles in answer.fetchall():
    print(domain, articles)
