from crawler.browser import find_chromium

# Without a Chromium on the machine its tests are not there, rather than there and skipped.
collect_ignore = [] if find_chromium() else ["test_output.py"]
