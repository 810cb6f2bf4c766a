"""A worker that takes in one file, to be killed by a test."""

from __future__ import annotations

import sys
from pathlib import Path

from helpdesk.app import create_app
from helpdesk.billing.jobs import next_import
from tests.conftest import make_settings

if __name__ == "__main__":
    next_import(create_app(make_settings(Path(sys.argv[1]), sys.argv[2])))
