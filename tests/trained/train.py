"""Trains models afresh with the libraries of requirements.txt and writes each into the
folder that is named: MODEL.onnx, and MODEL.json with inputs and what Python predicts.

    python train.py FOLDER [part of a model's name]

All data ships with scikit-learn or is made from a seed; nothing is downloaded. Two runs with
the same versions write the same inputs and predictions; the models differ in names alone.
"""

import json
import pathlib
import sys
import warnings

import numpy
import onnx

import boosted
import nets
import pipelines
import plain
from common import Case

# Rows that are predicted for each model
N_ROWS = 200

LABELS = {onnx.TensorProto.INT64, onnx.TensorProto.STRING, onnx.TensorProto.BOOL, onnx.TensorProto.INT32}


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    folder.mkdir(parents=True, exist_ok=True)
    names, failed = [], []
    cases = [case for module in (boosted, plain, pipelines, nets) for case in module.cases()]
    for case in cases:
        assert case.name not in names, f"two models are named {case.name}"
        if part not in case.name:
            continue
        names.append(case.name)
        try:
            write(case, folder)
        except Exception as problem:  # a converter raises what it likes
            failed.append(f"{case.name}: {type(problem).__name__}: {problem}".split("\n")[0])
    print(f"{len(names) - len(failed)} models written")
    if failed:
        sys.exit("not written:\n" + "\n".join(failed))


def write(case: Case, folder: pathlib.Path) -> None:
    model, inputs, predicted = case.make()
    graph = model.graph
    constants = {constant.name for constant in graph.initializer}
    ports = [port for port in graph.input if port.name not in constants]
    fixture = {
        "inputs": [column(port.name, inputs[port.name][:N_ROWS]) for port in ports],
        "outputs": [
            None if values is None else column(port.name, numpy.asarray(values)[:N_ROWS])
            for port, values in zip(graph.output, predicted, strict=False)
        ],
    }
    (folder / f"{case.name}.onnx").write_bytes(model.SerializeToString())
    (folder / f"{case.name}.json").write_text(json.dumps(fixture, allow_nan=False))


def column(name: str, values: numpy.ndarray) -> dict:
    """A list of rows; infinities do not come up, NaN is null."""
    rows = values.reshape(len(values), -1)
    return {"name": name, "rows": [[plain_value(value) for value in row] for row in rows]}


def plain_value(value):
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, numpy.bool_)):
        return int(value)
    if isinstance(value, (int, numpy.integer)):
        return int(value)
    return None if numpy.isnan(value) else float(value)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main()
