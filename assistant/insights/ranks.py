"""What the order of each row's values says: their ranks and their middle. Rows may have gaps (NaN)."""

from __future__ import annotations

import numpy as np

_LAST = np.iinfo(np.int64).max


def middle(values: np.ndarray) -> np.ndarray:
    """The median of each row without its NaNs (NumPy's own is ten times slower); NaN where there is none."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    counts = (~np.isnan(ordered)).sum(axis=1)
    rows = np.arange(len(ordered))
    low = ordered[rows, np.maximum(counts - 1, 0) // 2]
    high = ordered[rows, np.minimum(counts // 2, ordered.shape[1] - 1)]
    return np.asarray(np.where(counts > 0, (low + high) / 2, np.nan))


def ranked(values: np.ndarray) -> np.ndarray:
    """The rank of each value in its row, 1 the smallest, ties sharing theirs; NaN where there is none.

    Not `scipy.stats.rankdata`: importing that takes longer than a small table. Nor `argsort`: whole numbers are sorted ten
    times faster, so each value is made one that sorts alike and carries its column in its last bits. What differs only in
    these (in the twelfth digit, in rows of a thousand) counts as tied.
    """
    rows, columns = values.shape
    bits = columns.bit_length()
    at = np.arange(columns)
    keys = np.sort(_sortable(values) >> bits << bits | at, axis=1)
    places = (keys & (1 << bits) - 1) + columns * np.arange(rows)[:, None]
    begins = np.ones((rows, columns), dtype=bool)
    begins[:, 1:] = (keys[:, 1:] >> bits != keys[:, :-1] >> bits) | (keys[:, 1:] >> bits == _LAST >> bits)
    found = np.empty(values.size)
    found[places] = at + 1.0 if begins.all() else _shared(begins)
    return np.where(np.isnan(values), np.nan, found.reshape(values.shape))


def _sortable(values: np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the values; NaNs last."""
    plain = (np.asarray(values, dtype=float) + 0.0).view(np.int64)  # no zero is less than another
    return np.where(np.isnan(values), _LAST, np.where(plain < 0, plain ^ _LAST, plain))


def _shared(begins: np.ndarray) -> np.ndarray:
    """The ranks in order, where a new value begins at these places: the mean of the ranks that equal values have."""
    rows, columns = begins.shape
    at = np.arange(columns)
    first = np.maximum.accumulate(np.where(begins, at, 0), axis=1)
    ends = np.ones((rows, columns), dtype=bool)
    ends[:, :-1] = begins[:, 1:]
    last = np.minimum.accumulate(np.where(ends, at, columns)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((first + last) / 2 + 1)
