"""The figures of a graph as tables: one query (``facts.rq``), a long and a wide form, and files."""
