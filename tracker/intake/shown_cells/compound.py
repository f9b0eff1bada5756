"""Streams within a compound file, the container of XLS: sectors chained by a table."""

from struct import Struct

_HEADER = Struct("<30xHH14xI8xI4xII")
_ENTRY = 128
_SHORT_STREAM = 0x1000
_LAST = 0xFFFFFFFA  # no sector has this number or a higher one
_DIRECT = 109


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """Give the first stream that has one of the names; raise ValueError if there is none."""
    file = _File(data)
    for entry in file.entries():
        if entry.name in names and entry.kind == 2:
            return file.content(entry)
    raise ValueError("no such stream")


class _Entry:
    """One entry of the directory: a stream, or the root."""

    def __init__(self, raw: bytes) -> None:
        length = int.from_bytes(raw[64:66], "little")
        self.name = raw[: max(0, min(64, length) - 2)].decode("utf-16-le", "replace")
        self.kind = raw[66]
        self.first = int.from_bytes(raw[116:120], "little")
        self.size = int.from_bytes(raw[120:124], "little")


class _File:
    """A compound file whose table is read."""

    def __init__(self, data: bytes) -> None:
        sector, short, self._directory, self._short_table, more, _ = _HEADER.unpack_from(data)
        if sector not in (9, 12) or short != 6:
            raise ValueError("no such sectors")
        self._data, self._sector, self._short = data, 1 << sector, 1 << short
        tables = [*Struct(f"<{_DIRECT}I").unpack_from(data, 76)]
        for _ in range(len(data) // self._sector):
            if more >= _LAST:
                break
            *further, more = self._numbers(self._at(more))
            tables += further
        self._table = [number for table in tables if table < _LAST for number in self._numbers(self._at(table))]

    def entries(self) -> list[_Entry]:
        """List the directory; its first entry is the root."""
        raw = self._chain(self._directory)
        return [_Entry(raw[at : at + _ENTRY]) for at in range(0, len(raw), _ENTRY)]

    def content(self, entry: _Entry) -> bytes:
        """Give what a stream holds."""
        if entry.size >= _SHORT_STREAM:
            return self._chain(entry.first)[: entry.size]
        root = self._chain(self.entries()[0].first)
        table = self._numbers(self._chain(self._short_table))
        size = self._short
        return b"".join(root[at * size : (at + 1) * size] for at in _links(table, entry.first))[: entry.size]

    def _chain(self, first: int) -> bytes:
        return b"".join(self._at(number) for number in _links(self._table, first))

    def _at(self, number: int) -> bytes:
        begin = (number + 1) * self._sector
        return self._data[begin : begin + self._sector]

    def _numbers(self, raw: bytes) -> list[int]:
        return [*Struct(f"<{len(raw) // 4}I").unpack_from(raw)]


def _links(table: list[int], first: int) -> list[int]:
    """Follow a chain through a table; one longer than the table goes in a circle."""
    found = []
    at = first
    while at < len(table):
        found.append(at)
        at = table[at]
        if len(found) > len(table):
            raise ValueError("a chain without end")
    return found
