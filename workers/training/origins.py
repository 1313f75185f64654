"""Where each tensor of a checkpoint went in the served graph, and how to get it back."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

MAP_KEY: Final = "moderation.state_dict"
"""Metadata of the graph: for each tensor of the checkpoint, its place."""

LAYERS_KEY: Final = "moderation.words_layers"
"""Metadata of the graph: the layers whose hidden states the head for words reads."""

Array = npt.NDArray[np.float32]


class Place(TypedDict):
    """An initializer, whether it is transposed, and the columns that are meant."""

    name: str
    transposed: bool
    columns: list[int] | None


def origins(state: Mapping[str, torch.Tensor], graph: onnx.ModelProto) -> dict[str, Place]:
    """Find every tensor of *state* in the fp32 graph, by value.

    Fusion transposes weights and joins query, key and value side by side. A tensor that
    is nowhere plays no part in the scores and is left out.
    """
    by_value: dict[bytes, Place] = {}
    for initializer in graph.graph.initializer:
        array = numpy_helper.to_array(initializer)
        if array.dtype != np.float32:
            continue
        for transposed in (True, False):
            _note(by_value, array, initializer.name, transposed=transposed, columns=None)
        width = array.shape[-1] // 3
        if initializer.name.startswith("Attention") and width:
            for third in range(3):
                columns = [third * width, (third + 1) * width]
                part = array[..., columns[0] : columns[1]]
                for transposed in (True, False):
                    _note(by_value, part, initializer.name, transposed=transposed, columns=columns)
    found = {name: by_value.get(_key(tensor.numpy())) for name, tensor in state.items()}
    return {name: place for name, place in found.items() if place}


def _note(
    places: dict[bytes, Place],
    array: Array,
    name: str,
    *,
    transposed: bool,
    columns: list[int] | None,
) -> None:
    key = _key(array.T if transposed else array)
    places[key] = Place(name=name, transposed=transposed and array.ndim > 1, columns=columns)


def _key(array: Array) -> bytes:
    return repr(array.shape).encode() + np.ascontiguousarray(array).tobytes()


def noted(graph: onnx.ModelProto) -> dict[str, Any]:
    """Read what conversion noted in the graph."""
    return {
        entry.key: json.loads(entry.value)
        for entry in graph.metadata_props
        if entry.key in {MAP_KEY, LAYERS_KEY}
    }


def restore(graph: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """Rebuild the checkpoint's tensors from the quantised graph."""
    places: dict[str, Place] = noted(graph)[MAP_KEY]
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.graph.initializer}
    state = {}
    for name, place in places.items():
        array = _dequantised(arrays, place["name"])
        if place["columns"]:
            array = array[..., place["columns"][0] : place["columns"][1]]
        array = array.T if place["transposed"] else array
        state[name] = torch.from_numpy(np.ascontiguousarray(array))
    return state


def _dequantised(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Array:
    """Get an initializer in fp32, whether it was quantised (and then transposed) or not."""
    if name in arrays:
        return arrays[name].astype(np.float32)
    turned = f"{name}_Transposed"
    base = turned if f"{turned}_quantized" in arrays or turned in arrays else name
    if base in arrays:
        return arrays[base].astype(np.float32).T
    levels = arrays[f"{base}_quantized"].astype(np.float32)
    scale = arrays[f"{base}_scale"].astype(np.float32)
    zero = arrays[f"{base}_zero_point"].astype(np.float32)
    array: Array = (levels - zero) * scale
    return array.T if base == turned else array
