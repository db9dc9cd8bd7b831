"""What the examples' `train.py` share: writing ONNX files and comparing them.

Import this first: it keeps numerical libraries to one thread, so that every run
with the pinned versions writes the same bytes.
"""

import os

for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = "1"

import csv
import importlib.util
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import sklearn

TARGET_OPSET = {"": 15, "ai.onnx.ml": 3}


def packaged_file(package, path):
    """A file inside an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise SystemExit(f"{package} is not installed: see training/requirements.txt")
    return Path(spec.submodule_search_locations[0]) / path


def save(proto, path, *, outputs, operators, max_bytes):
    """Writes a model with a free batch dimension; stops where it is not as stated."""
    for value in [*proto.graph.input, *proto.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    opsets = sorted(proto.opset_import, key=lambda o: o.domain)  # the converter's order varies
    del proto.opset_import[:]
    proto.opset_import.extend(opsets)
    onnx.checker.check_model(proto, full_check=True)
    found = {node.op_type for node in proto.graph.node}
    if not found <= set(operators):
        raise SystemExit(f"{path.name}: operators {sorted(found - set(operators))}")
    if [o.name for o in proto.graph.output] != outputs:
        raise SystemExit(f"{path.name}: outputs {[o.name for o in proto.graph.output]}")
    content = proto.SerializeToString(deterministic=True)
    if len(content) > max_bytes:
        raise SystemExit(f"{path.name}: {len(content)} bytes")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    inputs = ", ".join(f"`{value.name}`" for value in proto.graph.input)
    trained = f"scikit-learn {sklearn.__version__}"
    return {"inputs": inputs, "trained": trained, "operators": ", ".join(sorted(found)), "bytes": len(content)}


def run(path, feeds, output):
    """One output of an ONNX file for many rows, by ONNX Runtime."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    return session.run([output], feeds)[0]


def same(path, ours, theirs, tolerance=1e-5):
    """How far ONNX and the library that trained it are apart; stops beyond `tolerance`."""
    apart = float(np.max(np.abs(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64))))
    if not apart <= tolerance:
        raise SystemExit(f"{path.name}: ONNX and Python differ by {apart}")
    return f"{apart:.1e}"


def rows_of(train, measured):
    """How many rows of each, as a model's facts say it."""
    return f"{int(train)}, {int(measured)}"


def at_least(path, what, value, floor):
    """The measure as text; stops where it is below `floor`."""
    if value < floor:
        raise SystemExit(f"{path.name}: {what} {value}")
    return f"{value:.4f}"


def number_text(value):
    """The shortest decimal text that reads back as this 32-bit float."""
    return np.format_float_positional(np.float32(value), unique=True, trim="0")


def write_csv(path, header, rows):
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def write_readme(path, about, models):
    """`models/README.md`: how good each model is, its inputs and what it is made of."""
    rows = [
        ("input", "inputs"),
        ("trained with", "trained"),
        ("rows trained on, measured on", "rows"),
        ("AUC on the rows measured on", "auc"),
        ("share of the outcome, trained on, measured on", "share"),
        ("right on the rows measured on", "right"),
        ("largest difference from Python's answer, all rows", "apart"),
        ("operators", "operators"),
        ("size in bytes", "bytes"),
    ]
    lines = ["# Models", "", "Written by `train.py`; do not edit by hand.", "", *about, ""]
    lines += [f"| | {' | '.join(f'`{name}`' for name in models)} |", f"| --- |{' --- |' * len(models)}"]
    for title, key in rows:
        if any(key in facts for facts in models.values()):
            lines.append(f"| {title} | {' | '.join(str(facts.get(key, '')) for facts in models.values())} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
