"""Releases: a graph as a folder of files that others can load, compare, cite and trust.

``dump`` writes the folder, ``load`` reads it back; ``history`` carries over when each statement was first
and last seen; ``diff`` tells two releases apart. ``docs/releases.md`` says what is in the folder.
"""
