"""The graph over HTTP: a small gateway in front of the native Oxigraph engine, which it starts and
watches."""
