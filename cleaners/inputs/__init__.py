"""Files, folders, archives and tables of every kind in, Pages and Rejections out."""

from cleaners.inputs.read import Limits, holds_many, read_file, read_inputs, spooled
from cleaners.inputs.walk import FoundFile, find_files

__all__ = ["FoundFile", "Limits", "find_files", "holds_many", "read_file", "read_inputs", "spooled"]
