"""`python -m crawler` is `winnow`."""

from crawler.cli import main

if __name__ == "__main__":
    main()
