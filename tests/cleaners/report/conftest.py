"""The tests in a browser are there where the browser is; CI installs it."""

import shutil

collect_ignore = [] if shutil.which("chromium") else ["test_in_browser.py"]
