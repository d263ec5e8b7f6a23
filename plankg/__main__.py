"""``python -m plankg`` is the command ``plankg``."""

from plankg.cli import main

raise SystemExit(main())
