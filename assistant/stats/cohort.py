"""`raw` → `cohort(subject, people, times, t)`: how many distinct people did something how many times; `t` null without time."""

from __future__ import annotations

from assistant.config import Cohort, Source
from assistant.stats.engine import quoted
from assistant.stats.loading import Raw, refuse_identical_rows
from assistant.stats.periods import read_labels
from assistant.stats.written import missing_as_null, number, refuse, refuse_labels, time_remedy


def build_cohort(raw: Raw, source: Source, cohort: Cohort) -> None:
    """Make the relation; `SourceError` names the first row that cannot be read."""
    refuse_identical_rows(raw)
    for column in (cohort.people, cohort.times):
        count = number(raw, column)
        bad = f"{count} IS NULL OR {count} < 0 OR {count} <> round({count})"
        refuse(raw, column, bad, "is not a count", "Write whole numbers of 0 or more.")
    subject = missing_as_null(f"CAST({quoted(source.subject)} AS VARCHAR)") if source.subject else None
    if source.subject:
        refuse(raw, source.subject, f"({subject}) IS NULL", "is no subject", "Say what each row is about.")
    counts = ", ".join(
        f"CAST({number(raw, column)} AS BIGINT) AS {name}"
        for name, column in (("people", cohort.people), ("times", cohort.times))
    )
    columns = f"{subject or 'CAST(NULL AS VARCHAR)'} AS subject, {counts}"
    if source.time is None:
        raw.engine.make("cohort", f"SELECT {columns}, CAST(NULL AS TIMESTAMP) AS t FROM raw")
        return
    label = f"CAST(raw.{quoted(source.time.column)} AS VARCHAR)"
    written = [label for (label,) in raw.engine.run(f"SELECT DISTINCT {label} FROM raw")]
    starts = read_labels(raw.engine, source.time, [(label, None) for label in written])
    if unread := [(one, None) for one, start in zip(written, starts, strict=True) if start is None]:
        time = source.time.model_copy(update={"hour": None})
        refuse_labels(raw, time, unread, "cannot be read as a period", time_remedy(raw.name, time))
    raw.engine.put("labels", {"label": ("VARCHAR", written), "t": ("TIMESTAMP", starts)})
    raw.engine.make("cohort", f"SELECT {columns}, labels.t AS t FROM raw JOIN labels ON {label} = labels.label")
