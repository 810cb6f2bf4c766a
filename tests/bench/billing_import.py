"""How long a million charges take, and in how much memory: `python -m tests.bench.billing_import [rows]`.

Each kind of file is written, then imported by a process of its own into a fresh database, as the console does it.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from helpdesk.billing.reconciliation.columns import LICENSE, USAGE
from tests.unit.billing.making import ROW, USAGE_ROW

ROWS = 1_000_000
SECONDS, MEGABYTES = 120, 300
"""What the product promises for a million rows on a machine of two cores."""
_SEED = 7


def license_rows(count: int) -> Iterator[list[str]]:
    """Charges of 5,000 customers, each row another subscription."""
    dice = random.Random(_SEED)
    for number in range(count):
        seats = dice.randint(1, 500)
        tax = f"{seats * 11 * 6 / 100:.2f}"
        row = ROW | {
            "CustomerId": f"0f3d1a52-6f0e-4c58-9d1e-{number // 5 % 5000:012d}",
            "OrderId": f"ORD-{number:08d}",
            "SubscriptionId": f"VSUB-{number:08d}",
            "SyndicationPartnerSubscriptionNumber": f"3d5b7a10-1111-4222-8333-{number:012d}",
            "Quantity": str(seats),
            "Amount": f"{seats * 11:,}.00",
            "Subtotal": f"{seats * 11:,}.00",
            "Tax": tax,
            "TotalForCustomer": f"{seats * 11 * 106 / 100:.2f}",
        }
        yield [row[name] for name in LICENSE]


def usage_rows(count: int) -> Iterator[list[str]]:
    """A month of days of metered resources."""
    dice = random.Random(_SEED)
    for number in range(count):
        used = dice.randint(1, 90_000) / 1000
        pretax = f"{used * 0.5:.2f}"
        row = USAGE_ROW | {
            "CustomerId": f"0f3d1a52-6f0e-4c58-9d1e-{number % 5000:012d}",
            "SubscriptionId": f"VSUB-{number % 20000:08d}",
            "ResourceGuid": f"9a1c2b3d-0000-4000-8000-{number // 30 % 1000:012d}",
            "UsageDate": f"7/{number % 30 + 1}/2026",
            "DetailLineItemId": str(number),
            "ConsumedQuantity": f"{used:.3f}",
            "OverageQuantity": f"{used:.3f}",
            "PretaxCharges": pretax,
            "PostTaxTotal": pretax,
        }
        yield [row[name] for name in USAGE]


def _written(path: Path, kind: str, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LICENSE if kind == "license" else USAGE)
        writer.writerows(license_rows(count) if kind == "license" else usage_rows(count))


def _import(path: str, kind: str) -> None:
    """Import one file into a new database, and print what it took as JSON."""
    from helpdesk.app import create_app
    from helpdesk.billing.services import import_reconciliation
    from helpdesk.billing.services.reconciliation import ImportOptions
    from helpdesk.clock import utc_now
    from helpdesk.config import Settings
    from helpdesk.db import Base
    from helpdesk.extensions import db

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(var=Path(folder), log_level="CRITICAL"))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            begun, cpu = time.monotonic(), time.process_time()
            with Path(path).open("rb") as stream:
                options = ImportOptions(kind=kind)
                report = import_reconciliation(db.session, stream, name="bench.csv", now=utc_now(), options=options)
            db.session.commit()
            figures = {
                "rows": report.added,
                "seconds": round(time.monotonic() - begun, 1),
                "cpu_seconds": round(time.process_time() - cpu, 1),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
            db.session.close()
            db.engine.dispose()
    print(json.dumps(figures))


def main(rows: int = ROWS) -> None:
    """Print a line a kind."""
    for kind in ("license", "usage"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{kind}.csv"
            _written(path, kind, rows)
            answer = subprocess.run(
                [sys.executable, "-m", "tests.bench.billing_import", "--one", str(path), kind],
                check=True,
                capture_output=True,
                text=True,
            )
        found = json.loads(answer.stdout)
        print(
            f"billing import, {kind:<8} {found['rows']:>9,} rows {found['seconds']:>7.1f} s "
            f"({found['cpu_seconds']:.1f} s of processor) {found['megabytes']:>4} MB "
            f"(promised: {SECONDS} s, {MEGABYTES} MB for {ROWS:,})"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _import(sys.argv[2], sys.argv[3])
    else:
        main(*map(int, sys.argv[1:2]))
