"""DuckDB's statements in Spark's words, by SQLGlot; what it would turn into something else without a word is done here.

- `list(x ORDER BY …)`: SQLGlot drops the order. Spark has no ordered aggregate, so structs are collected and sorted.
- A named window that is extended (`OVER (w ROWS …)`) is no grammar of Spark's: windows are written out.
- `a / 0` is an error under ANSI, infinity in DuckDB: it is NULL here, and no finder tells of either.
- `x[i]` counts from 1 in DuckDB and from 0 in Spark, `list(x)` has no order, `arg_max(x, v)` is any of the highest: refused,
  the last where no single column orders the rows.
- Nulls sort last in DuckDB and first in Spark: SQLGlot writes NULLS LAST.
"""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

_ROW_ORDER = "_at"  # what ends like this is another value in each row
_INFINITE = "abs({x}) = CAST('Infinity' AS DOUBLE)"


@lru_cache(maxsize=512)
def in_spark(sql: str) -> str:
    """The statement for Spark 4; `ValueError` for what means another thing there. Parameters become `:name`."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for select in tree.find_all(exp.Select):
        _write_windows_out(select)
    return str(tree.transform(_turned).sql(dialect="spark"))


def _write_windows_out(select: exp.Expr) -> None:
    """Put what a window is called by into each place that names it."""
    named = {window.this.name: window for window in select.args.get("windows") or ()}
    if not named:
        return
    for window in [*select.find_all(exp.Window)]:
        alias = window.args.get("alias")
        definition = named.get(alias.name) if alias is not None else None
        if definition is not None and window is not definition:
            window.set("alias", None)
            window.set("over", window.args.get("over") or "OVER")
            for part in ("partition_by", "order", "spec"):
                if not window.args.get(part) and definition.args.get(part):
                    kept = definition.args[part]
                    window.set(part, [one.copy() for one in kept] if isinstance(kept, list) else kept.copy())
    select.set("windows", None)


def _turned(node: exp.Expr) -> exp.Expr:
    """What a node becomes; what is put in its place has been turned inside already, what stays is looked into next."""
    if isinstance(node, exp.ArrayAgg):
        return _collected(node)
    if isinstance(node, exp.Div) and not isinstance(node.expression, exp.Nullif):
        node.set("expression", exp.Nullif(this=exp.paren(node.expression), expression=exp.Literal.number(0)))
    if isinstance(node, exp.Bracket):
        raise ValueError(f"{node.sql()}: an index counts from another number there")
    if isinstance(node, exp.ArgMax | exp.ArgMin) and not node.expression.sql().endswith(
        (_ROW_ORDER, f"{_ROW_ORDER} END")
    ):
        raise ValueError(f"{node.sql()}: of several that are highest, any may be taken")
    if isinstance(node, exp.IsInf):
        return sqlglot.parse_one(_INFINITE.format(x=_inside(node.this)), read="spark")
    if isinstance(node, exp.RegexpFullMatch):
        pattern = exp.Literal.string(f"^({node.expression.name})$")
        return exp.RegexpLike(this=node.this.transform(_turned), expression=pattern)
    return node


def _inside(node: exp.Expr) -> str:
    return str(node.transform(_turned).sql(dialect="spark"))


def _collected(node: exp.ArrayAgg) -> exp.Expr:
    """`list(x ORDER BY a, b DESC)` as structs (a, b, x), sorted."""
    order = node.this
    if not isinstance(order, exp.Order):
        raise ValueError(f"{node.sql()}: a list without an order")
    keys = [(_inside(key.this), bool(key.args.get("desc"))) for key in order.expressions]
    value = _inside(order.this)
    fields = ", ".join([*(f"{key} AS k{at}" for at, (key, _) in enumerate(keys)), f"{value} AS x"])
    rows = f"collect_list(struct({fields}))"
    falling = {desc for _, desc in keys}
    if len(falling) == 1:
        ordered = f"sort_array({rows}, {'false' if falling == {True} else 'true'})"
    else:
        compared = " ".join(_compared(at, desc) for at, (_, desc) in enumerate(keys))
        ordered = f"array_sort({rows}, (l, r) -> CASE {compared} ELSE 0 END)"
    return sqlglot.parse_one(f"transform({ordered}, e -> e.x)", read="spark")


def _compared(at: int, falling: bool) -> str:
    first, last = (1, -1) if falling else (-1, 1)
    return f"WHEN l.k{at} < r.k{at} THEN {first} WHEN l.k{at} > r.k{at} THEN {last}"
