"""The reference pages of docs/, made from the code they describe: `python -m crawler.reference`."""
