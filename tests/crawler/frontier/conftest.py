from tests.crawler.frontier.server import find_binaries

# Without PostgreSQL on the machine its tests are not there, rather than there and skipped.
collect_ignore = [] if find_binaries() else ["test_postgres.py"]
