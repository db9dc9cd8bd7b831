"""Makes the net that reads the last eight payments of a card in their order.

Simulates sequences of payments, of holders and of thieves who try a card with small
amounts and then take much, trains two layers of convolution and a pool over time by
gradients that are written out below, writes them as ONNX with a card beside it,
and rows to decide on. Nothing but numpy and onnx is needed, and no ONNX Runtime.

    pip install numpy==2.4.6 onnx==1.23.2
    python train.py

On one kind of machine, with these versions, every run writes the same bytes.
"""

import csv
import hashlib
import json
import os

for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = "1"

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
SEED = 23
PAYMENTS = 8  # of a card, the oldest first
TRAINED, MEASURED, SHIPPED = 12_000, 4_000, 40
CHANNELS = 12
ROUNDS, STEP = 400, 0.02
COLUMNS = [f"{what}_{at}" for at in range(1, PAYMENTS + 1) for what in ("times_usual", "hours_since", "online")]


def sequences(random, count):
    """Payments as [count, 3, PAYMENTS], and whether a thief made the last of them."""
    x = np.zeros((count, 3, PAYMENTS))
    x[:, 0] = random.lognormal(-0.2, 0.9, (count, PAYMENTS))  # in usual payments of the card
    x[:, 1] = random.exponential(20.0, (count, PAYMENTS))  # hours since the one before
    x[:, 2] = random.random((count, PAYMENTS)) < 0.35
    stolen = random.random(count) < 0.2
    for row in np.flatnonzero(stolen):
        tries = random.integers(1, 4)  # small ones one behind the other, then what they are for
        taken = random.integers(1, 3)
        first = PAYMENTS - tries - taken
        x[row, 0, first:first + tries] = random.uniform(0.02, 0.9, tries)
        x[row, 0, first + tries:] = random.lognormal(0.4, 0.8, taken)
        x[row, 1, first + 1:] = random.exponential(4.0, tries + taken - 1)
        x[row, 2, first:] = random.random(tries + taken) < 0.6
    # Holders do both as well, but not in this order: small payments behind large ones, and sprees.
    for row in np.flatnonzero(~stolen & (random.random(count) < 0.6)):
        at = random.integers(0, PAYMENTS - 3)
        x[row, 1, at + 1:at + 4] = random.exponential(3.0, 3)
        x[row, 0, at:at + 3] = np.sort(random.lognormal(0.4, 1.0, 3))[::-1]
    return np.round(x, 2), stolen.astype(float)


def windows(x):
    """What each step of a convolution of three sees: [count, PAYMENTS, 3 × channels]."""
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    seen = [wide[:, :, at:at + x.shape[2]] for at in range(3)]
    return np.stack(seen, axis=2).transpose(0, 3, 1, 2).reshape(x.shape[0], x.shape[2], -1)


def forward(weights, x):
    w1, b1, w2, b2, w3, b3 = weights
    seen1 = windows(np.log1p(x))
    made1 = np.maximum(seen1 @ w1 + b1, 0)
    seen2 = windows(made1.transpose(0, 2, 1))
    made2 = np.maximum(seen2 @ w2 + b2, 0)
    most = made2.argmax(axis=1)
    pooled = np.take_along_axis(made2, most[:, None], axis=1)[:, 0]
    said = 1 / (1 + np.exp(-(pooled @ w3 + b3)))
    return said[:, 0], (seen1, made1, seen2, made2, most, pooled)


def gradients(weights, x, y):
    """Of the mean cross-entropy, by the chain rule, layer by layer."""
    w1, b1, w2, b2, w3, b3 = weights
    said, (seen1, made1, seen2, made2, most, pooled) = forward(weights, x)
    of_sum = ((said - y) / len(y))[:, None]
    of_pooled = of_sum @ w3.T
    of_made2 = np.zeros_like(made2)
    np.put_along_axis(of_made2, most[:, None], of_pooled[:, None], axis=1)
    of_made2 *= made2 > 0
    of_seen2 = (of_made2 @ w2.T).reshape(len(y), PAYMENTS, CHANNELS, 3)
    of_wide = np.zeros((len(y), PAYMENTS + 2, CHANNELS))
    for at in range(3):
        of_wide[:, at:at + PAYMENTS] += of_seen2[:, :, :, at]
    of_made1 = of_wide[:, 1:-1] * (made1 > 0)
    flat = lambda seen, of: np.tensordot(seen, of, axes=((0, 1), (0, 1)))
    return [flat(seen1, of_made1), of_made1.sum((0, 1)), flat(seen2, of_made2), of_made2.sum((0, 1)),
            pooled.T @ of_sum, of_sum.sum(0)]


def train(random, x, y):
    """Adam (Kingma and Ba 2015) over batches of a thousand."""
    sizes = [(9, CHANNELS), (CHANNELS,), (3 * CHANNELS, CHANNELS), (CHANNELS,), (CHANNELS, 1), (1,)]
    weights = [random.normal(0, 1 / np.sqrt(size[0]), size) if len(size) > 1 else np.zeros(size) for size in sizes]
    mean, square = [np.zeros(size) for size in sizes], [np.zeros(size) for size in sizes]
    for turn in range(1, ROUNDS + 1):
        batch = random.integers(0, len(y), 1_000)
        for at, found in enumerate(gradients(weights, x[batch], y[batch])):
            mean[at] = 0.9 * mean[at] + 0.1 * found
            square[at] = 0.999 * square[at] + 0.001 * found**2
            step = mean[at] / (1 - 0.9**turn) / (np.sqrt(square[at] / (1 - 0.999**turn)) + 1e-8)
            weights[at] -= STEP * min(1, 2 - 2 * turn / ROUNDS) * step
    return weights


def auc(said, y):
    """How often a thief's sequence is said to be likelier than a holder's (Mann and Whitney 1947)."""
    order = np.argsort(said, kind="stable")
    ranks = np.empty(len(y))
    ranks[order] = np.arange(1, len(y) + 1)
    ones = y.sum()
    return float((ranks[y == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(y) - ones)))


def proto(weights):
    w1, b1, w2, b2, w3, b3 = (np.asarray(weight, np.float32) for weight in weights)
    kernel = lambda w: w.reshape(-1, 3, CHANNELS).transpose(2, 0, 1).copy()
    constants = {"w1": kernel(w1), "b1": b1, "w2": kernel(w2), "b2": b2, "w3": w3, "b3": b3,
                 "one": np.float32(1), "by_payment": np.array([-1, PAYMENTS, 3]), "flat": np.array([-1, CHANNELS])}
    node = helper.make_node
    nodes = [
        node("Reshape", ["payments", "by_payment"], ["listed"], "listed"),
        node("Transpose", ["listed"], ["in_time"], "in_time", perm=[0, 2, 1]),
        node("Add", ["in_time", "one"], ["more"], "more"),
        node("Log", ["more"], ["logs"], "logs"),
        node("Conv", ["logs", "w1", "b1"], ["made1"], "first", kernel_shape=[3], pads=[1, 1]),
        node("Relu", ["made1"], ["kept1"], "kept1"),
        node("Conv", ["kept1", "w2", "b2"], ["made2"], "second", kernel_shape=[3], pads=[1, 1]),
        node("Relu", ["made2"], ["kept2"], "kept2"),
        node("GlobalMaxPool", ["kept2"], ["most"], "most"),
        node("Reshape", ["most", "flat"], ["pooled"], "pooled"),
        node("Gemm", ["pooled", "w3", "b3"], ["margin"], "margin"),
        node("Sigmoid", ["margin"], ["probability"], "probability"),
    ]
    floats = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
    graph = helper.make_graph(
        nodes, "card_sequence", [floats("payments", 3 * PAYMENTS)], [floats("probability", 1)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8,
                              producer_name="examples/card_fraud_sequence")
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def write(name, header, rows):
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def main():
    random = np.random.default_rng(SEED)
    x, y = sequences(random, TRAINED + MEASURED)
    weights = train(random, x[:TRAINED], y[:TRAINED])
    measured = auc(forward(weights, x[TRAINED:])[0], y[TRAINED:])
    # The same without the order in time, for what the order is worth.
    mixed = random.permuted(x[TRAINED:], axis=2)
    unordered = auc(forward(weights, mixed)[0], y[TRAINED:])
    if measured < 0.9:
        raise SystemExit(f"AUC {measured}")
    bytes_ = proto(weights)
    # What the file holds, in doubles: golden vectors that no ONNX Runtime made.
    kept = [np.asarray(weight, np.float32).astype(float) for weight in weights]
    seen = np.asarray(x[TRAINED:TRAINED + SHIPPED], np.float32).astype(float)
    answers = forward(kept, seen)[0]
    (HERE / "sequence.onnx").write_bytes(bytes_)
    rows = x[TRAINED:TRAINED + SHIPPED].transpose(0, 2, 1).reshape(SHIPPED, -1)
    texts = [[f"{value:g}" for value in row] for row in rows]
    flags = [["true" if at % 3 == 2 and cell == "1" else "false" if at % 3 == 2 else cell
              for at, cell in enumerate(row)] for row in texts]
    write("payments.csv", COLUMNS, flags)
    golden = [[*row, np.format_float_positional(answer, precision=9)] for row, answer in zip(texts, answers)]
    write("sequence.golden.csv", [*COLUMNS, "expect probability"], golden)
    card = {
        "owner": "Fraud prevention",
        "purpose": "Tell from the order of the last eight payments whether a card is being emptied",
        "limits_of_use": "An example: trained on made-up payments",
        "training": {"data_hash": "sha256:" + hashlib.sha256(x[:TRAINED].tobytes()).hexdigest(), "rows": TRAINED},
        "framework": f"numpy {np.__version__}, onnx {onnx.__version__}",
        "metrics": {"auc": round(measured, 4), "auc_shuffled": round(unordered, 4)},
        "columns": {"payments": COLUMNS},
    }
    (HERE / "sequence.card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"AUC {measured:.4f}, of payments in any order {unordered:.4f}, {len(bytes_)} bytes")


main()
