"""What can go wrong, each with one clear sentence; the command line prints that sentence, not a traceback."""


class PlankgError(Exception):
    """Base of every error that is the user's to mend. ``str(error)`` is one sentence without a line break."""


class DocumentError(PlankgError):
    """A report that cannot be read: missing, empty, binary or not text."""


class OntologyError(PlankgError):
    """An ontology file that is missing or does not parse."""


class ParameterError(PlankgError):
    """A question's parameter that is unknown, missing or not of its type."""


class QueryError(PlankgError):
    """A query that is malformed, or a question that does not exist."""


class GraphError(PlankgError):
    """A graph folder that holds no graph, or one that another process is building."""


class ServerError(PlankgError):
    """The server cannot start: the port is taken or the engine is missing or dies."""
