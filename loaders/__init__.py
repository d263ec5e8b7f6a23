"""Report to triples: reads a local-government report, finds its facts, writes quads. One module a step."""
