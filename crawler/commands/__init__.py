"""The commands of `winnow`, one module a group; each registers itself on the application."""
