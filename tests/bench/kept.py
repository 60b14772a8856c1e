"""The figures that were measured last, part by part."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any


def keep(path: Path, part: str, found: Mapping[str, Any], measured: datetime) -> None:
    """Write down what one part found, by database, and when; the other parts stay as they were."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[part] = {"measured": measured.isoformat(timespec="seconds"), **found}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1), encoding="utf-8")
