"""The graph in use: store, build, questions, server, dumps and the ``plankg`` command."""

__version__ = "0.1.0"
