"""Files, folders, archives and tables of every kind in, Pages and Rejections out."""

from cleaners.inputs.read import Limits, read_file, read_inputs
from cleaners.inputs.walk import FoundFile, find_files

__all__ = ["FoundFile", "Limits", "find_files", "read_file", "read_inputs"]
