"""A small reader of vector tiles, enough to ask what is in one (Mapbox Vector Tile 2.1)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Feature:
    """One feature: its identity, what it says, and how its outline begins (tile units)."""

    id: int
    valori: dict[str, Any]
    inizio: tuple[int, int]


@dataclass
class Layer:
    """One layer of a tile."""

    nome: str = ""
    features: list[Feature] = field(default_factory=list)


def read(data: bytes) -> dict[str, list[Feature]]:
    """Return the features of each layer."""
    layers = [_layer(value) for number, value in _fields(data) if number == 3]
    return {layer.nome: layer.features for layer in layers}


def _layer(data: bytes) -> Layer:
    parts = list(_fields(data))
    name = next(v.decode() for n, v in parts if n == 1)
    keys = [v.decode() for n, v in parts if n == 3]
    values = [_value(v) for n, v in parts if n == 4]
    return Layer(name, [_feature(v, keys, values) for n, v in parts if n == 2])


def _feature(data: bytes, keys: list[str], values: list[Any]) -> Feature:
    parts = dict(_fields(data))
    tags = list(_varints(parts.get(2, b"")))
    said = {keys[tags[i]]: values[tags[i + 1]] for i in range(0, len(tags), 2)}
    commands = list(_varints(parts[4]))
    return Feature(parts.get(1, 0), said, (_zigzag(commands[1]), _zigzag(commands[2])))


def _value(data: bytes) -> Any:
    ((number, value),) = _fields(data)
    match number:
        case 1:
            return value.decode()
        case 3:
            return struct.unpack("<d", value)[0]
        case 7:
            return bool(value)
        case _:
            return value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
            case 1:
                yield key >> 3, data[at : at + 8]
                at += 8
            case 2:
                size, at = _varint(data, at)
                yield key >> 3, data[at : at + size]
                at += size
            case 5:
                yield key >> 3, data[at : at + 4]
                at += 4


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _zigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
