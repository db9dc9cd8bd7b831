"""Small nets in the operators that exporters of torch and Keras write.

Those libraries are too large to install here, so the graphs are written by hand in their
manner, with weights from a seed, and numpy predicts.
"""

import numpy
from onnx import TensorProto, helper, numpy_helper

from common import SEED, Case, Made

N_COLUMNS = 12


def cases() -> list[Case]:
    activations = {
        "relu": (lambda x: numpy.maximum(x, 0), "Relu", {}),
        "tanh": (numpy.tanh, "Tanh", {}),
        "sigmoid": (sigmoid, "Sigmoid", {}),
        "leaky_relu": (lambda x: numpy.where(x < 0, 0.01 * x, x), "LeakyRelu", {"alpha": 0.01}),
        "elu": (lambda x: numpy.where(x < 0, numpy.expm1(x), x), "Elu", {}),
        "selu": (
            lambda x: 1.0507009873554805 * numpy.where(x < 0, 1.6732632423543772 * numpy.expm1(x), x),
            "Selu",
            {},
        ),
        "softplus": (lambda x: numpy.log1p(numpy.exp(x)), "Softplus", {}),
        "softsign": (lambda x: x / (1 + numpy.abs(x)), "Softsign", {}),
        "hard_sigmoid": (lambda x: numpy.clip(0.2 * x + 0.5, 0, 1), "HardSigmoid", {}),
    }
    found = [Case(f"net_{name}", lambda of=of: dense(*of)) for name, of in activations.items()]
    found.append(Case("net_torch_batch_norm", batch_norm))
    found.append(Case("net_torch_silu", silu))
    found.append(Case("net_torch_gelu", gelu))
    found.append(Case("net_torch_layer_norm", layer_norm))
    found.append(Case("net_torch_residual", residual))
    found.append(Case("net_torch_embedding", embedding))
    found.append(Case("net_keras_mat_mul", keras))
    return found


class Net:
    """A graph that grows node by node, and what numpy makes of the same rows."""

    def __init__(self) -> None:
        self.numbers = numpy.random.default_rng(SEED)
        self.nodes, self.constants = [], []
        self.rows = self.numbers.normal(size=(200, N_COLUMNS)).astype(numpy.float32)

    def constant(self, name: str, values) -> str:
        self.constants.append(numpy_helper.from_array(numpy.asarray(values), name))
        return name

    def weights(self, name: str, *shape: int) -> numpy.ndarray:
        values = (self.numbers.normal(size=shape) / numpy.sqrt(shape[0])).astype(numpy.float32)
        self.constant(name, values)
        return values.astype(numpy.float64)

    def node(self, operator: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=f"/{output}/{operator}", **attributes))
        return output

    def gemm(self, x: str, rows: numpy.ndarray, width: int, output: str) -> tuple[str, numpy.ndarray]:
        """A layer as torch writes it: the weights lie turned."""
        weight = self.weights(f"{output}.weight", width, rows.shape[1])
        bias = self.weights(f"{output}.bias", width)
        self.node("Gemm", [x, f"{output}.weight", f"{output}.bias"], output, alpha=1.0, beta=1.0, transB=1)
        return output, rows @ weight.T + bias

    def made(self, output: str, values: numpy.ndarray, opset: int = 17, **inputs: numpy.ndarray) -> Made:
        inputs = inputs or {"input": self.rows}
        kinds = {numpy.dtype("float32"): TensorProto.FLOAT, numpy.dtype("int64"): TensorProto.INT64}
        ports = [
            helper.make_tensor_value_info(name, kinds[rows.dtype], ["batch_size", rows.shape[1]])
            for name, rows in inputs.items()
        ]
        told = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch_size", values.shape[1]])
        graph = helper.make_graph(self.nodes, "main_graph", ports, [told], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        model.ir_version = 8
        return model, inputs, [values]


def sigmoid(x: numpy.ndarray) -> numpy.ndarray:
    return 1 / (1 + numpy.exp(-x))


def softmax(x: numpy.ndarray) -> numpy.ndarray:
    exp = numpy.exp(x - x.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def dense(function, operator: str, attributes: dict) -> Made:
    net = Net()
    x, rows = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    x, rows = net.node(operator, [x], "act1", **attributes), function(rows)
    x, rows = net.gemm(x, rows, 3, "fc2")
    return net.made(net.node("Softmax", [x], "output", axis=1), softmax(rows))


def batch_norm() -> Made:
    net = Net()
    x, rows = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    scale, bias, mean = (net.weights(f"bn.{name}", 16) for name in ("weight", "bias", "running_mean"))
    variance = net.numbers.uniform(0.5, 2.0, 16).astype(numpy.float32)
    net.constant("bn.running_var", variance)
    names = ["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]
    x = net.node("BatchNormalization", [x, *names], "bn", epsilon=1e-5)
    rows = (rows - mean) / numpy.sqrt(variance.astype(numpy.float64) + 1e-5) * scale + bias
    x, rows = net.node("Relu", [x], "relu"), numpy.maximum(rows, 0)
    x = net.node("Dropout", [x], "dropout")
    x, rows = net.gemm(x, rows, 1, "fc2")
    return net.made(net.node("Sigmoid", [x], "output"), sigmoid(rows))


def silu() -> Made:
    net = Net()
    x, rows = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    gate = net.node("Sigmoid", [x], "gate")
    x, rows = net.node("Mul", [x, gate], "silu"), rows * sigmoid(rows)
    x, rows = net.gemm(x, rows, 1, "fc2")
    low, high = net.constant("low", numpy.float32(-1)), net.constant("high", numpy.float32(1))
    return net.made(net.node("Clip", [x, low, high], "output"), numpy.clip(rows, -1, 1))


def gelu() -> Made:
    from math import erf

    net = Net()
    x, rows = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    root = net.constant("root", numpy.float32(2**0.5))
    one, half = net.constant("one", numpy.float32(1)), net.constant("half", numpy.float32(0.5))
    inner = net.node("Erf", [net.node("Div", [x, root], "scaled")], "erf")
    x = net.node("Mul", [net.node("Mul", [x, net.node("Add", [inner, one], "above")], "twice"), half], "gelu")
    rows = rows * (numpy.vectorize(erf)(rows / 2**0.5) + 1) * 0.5
    x, rows = net.gemm(x, rows, 2, "output")
    return net.made(x, rows)


def layer_norm() -> Made:
    net = Net()
    x, rows = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    scale, bias = net.weights("ln.weight", 16), net.weights("ln.bias", 16)
    x = net.node("LayerNormalization", [x, "ln.weight", "ln.bias"], "ln", axis=-1, epsilon=1e-5)
    rows = rows - rows.mean(axis=1, keepdims=True)
    rows = rows / numpy.sqrt((rows**2).mean(axis=1, keepdims=True) + 1e-5) * scale + bias
    x, rows = net.gemm(x, rows, 2, "output")
    return net.made(x, rows)


def residual() -> Made:
    net = Net()
    first, before = net.gemm("input", net.rows.astype(numpy.float64), 16, "fc1")
    x, rows = net.node("Relu", [first], "relu1"), numpy.maximum(before, 0)
    x, rows = net.gemm(x, rows, 16, "fc2")
    x, rows = net.node("Add", [x, first], "sum"), rows + before
    x, rows = net.gemm(x, rows, 4, "fc3")
    return net.made(net.node("LogSoftmax", [x], "output", axis=-1), numpy.log(softmax(rows)))


def embedding() -> Made:
    net = Net()
    table = net.weights("embedding.weight", 9, 4)
    code = net.numbers.integers(0, 9, size=(200, 1))
    found = net.node("Gather", ["embedding.weight", "code"], "found")
    shape = net.constant("flat_shape", numpy.array([-1, 4], dtype=numpy.int64))
    flat = net.node("Reshape", [found, shape], "flat")
    x = net.node("Concat", ["input", flat], "concat", axis=1)
    rows = numpy.concatenate([net.rows.astype(numpy.float64), table[code[:, 0]]], axis=1)
    x, rows = net.gemm(x, rows, 8, "fc1")
    x, rows = net.node("Relu", [x], "relu"), numpy.maximum(rows, 0)
    x, rows = net.gemm(x, rows, 1, "fc2")
    return net.made(net.node("Sigmoid", [x], "output"), sigmoid(rows), input=net.rows, code=code)


def keras() -> Made:
    net = Net()
    rows, x = net.rows.astype(numpy.float64), "input"
    for layer, (width, operator, function) in enumerate(
        [(16, "Relu", lambda x: numpy.maximum(x, 0)), (8, "Tanh", numpy.tanh), (3, "Softmax", softmax)]
    ):
        weight, bias = net.weights(f"kernel{layer}", rows.shape[1], width), net.weights(f"bias{layer}", width)
        x = net.node("Add", [net.node("MatMul", [x, f"kernel{layer}"], f"mul{layer}"), f"bias{layer}"], f"add{layer}")
        x, rows = net.node(operator, [x], f"out{layer}"), function(rows @ weight + bias)
    return net.made(x, rows, opset=13)
