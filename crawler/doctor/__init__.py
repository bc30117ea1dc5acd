"""`winnow doctor`: what may be wrong with a machine or an output, and how it is mended."""
