"""Data, and what all makers of models share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy
import onnx
import pandas
from sklearn import datasets
from sklearn.model_selection import train_test_split

SEED = 20260101

# The newest operator sets that every converter writes
OPSETS = {"": 15, "ai.onnx.ml": 3}

# A model, its inputs by name, and what Python predicts for each output (None: not compared)
Made = tuple[onnx.ModelProto, dict[str, numpy.ndarray], list]


@dataclass
class Case:
    """A model to be made."""

    name: str
    make: Callable[[], Made]


@dataclass
class Data:
    """Rows to train on, and rows to predict, in the floats that models take."""

    x: numpy.ndarray
    y: numpy.ndarray
    x_new: numpy.ndarray


def split(x: numpy.ndarray, y: numpy.ndarray) -> Data:
    x, x_new, y, _ = train_test_split(x.astype(numpy.float32), y, test_size=0.35, random_state=SEED)
    return Data(x, y, x_new)


def binary() -> Data:
    """569 tumours, 30 measures of each, of very different sizes."""
    return split(*datasets.load_breast_cancer(return_X_y=True))


def classes() -> Data:
    """178 wines of three growers."""
    return split(*datasets.load_wine(return_X_y=True))


def amounts() -> Data:
    """442 patients and how far a disease went on."""
    return split(*datasets.load_diabetes(return_X_y=True))


def counts() -> Data:
    """1797 digits, each of 64 small whole numbers."""
    return split(*datasets.load_digits(return_X_y=True))


def positive() -> Data:
    """Claims: more than zero, many small, few large."""
    numbers = numpy.random.default_rng(SEED)
    x = numbers.normal(size=(900, 6))
    y = numbers.gamma(2.0, numpy.exp(0.4 * x[:, 0] - 0.3 * x[:, 1] + 0.2))
    return split(x, y + 0.01)


def with_missing(data: Data) -> Data:
    """The same with every seventh value or so missing."""
    numbers = numpy.random.default_rng(SEED)
    holed = []
    for x in (data.x, data.x_new):
        x = x.copy()
        x[numbers.random(x.shape) < 0.15] = numpy.nan
        holed.append(x)
    return Data(holed[0], data.y, holed[1])


def credit(missing: bool = False) -> tuple[pandas.DataFrame, numpy.ndarray, pandas.DataFrame]:
    """Loan applications with texts, whole numbers and amounts."""
    numbers = numpy.random.default_rng(SEED)
    n = 1200
    frame = pandas.DataFrame(
        {
            "age": numbers.integers(18, 80, n).astype(numpy.float32),
            "income": numbers.gamma(4.0, 900.0, n).round(2).astype(numpy.float32),
            "months": numbers.integers(6, 72, n).astype(numpy.float32),
            "housing": numbers.choice(["rent", "own", "free"], n, p=[0.5, 0.4, 0.1]),
            "purpose": numbers.choice(["car", "radio/tv", "education", "business", "repairs"], n),
            "region": numbers.choice([f"region {idx}" for idx in range(12)], n),
        }
    ).astype({"housing": object, "purpose": object, "region": object})
    risk = 0.03 * (40 - frame["age"]) - frame["income"] / 3000 + 0.03 * frame["months"]
    risk = risk + (frame["housing"] == "rent") * 0.7 + (frame["purpose"] == "business") * 0.9
    y = (numbers.random(n) < 1 / (1 + numpy.exp(-(risk - risk.mean())))).astype(numpy.int64)
    if missing:
        for name in ("age", "income"):
            frame.loc[numbers.random(n) < 0.12, name] = numpy.nan
    x, x_new, y, _ = train_test_split(frame, y, test_size=0.35, random_state=SEED)
    # What training has not seen
    x_new = x_new.copy()
    x_new.iloc[3, x_new.columns.get_loc("purpose")] = "a boat"
    return x, y, x_new


def columns_of(frame: pandas.DataFrame) -> dict[str, numpy.ndarray]:
    """Each column as an input of its own."""
    return {name: frame[name].to_numpy().reshape(-1, 1) for name in frame.columns}


def sentences() -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """What customers ask, of four kinds."""
    numbers = numpy.random.default_rng(SEED)
    words = {
        "card": "card lost stolen broken arrived pin blocked activate new chip".split(),
        "loan": "loan rate term repay early offer interest amount months credit".split(),
        "transfer": "transfer sent abroad iban arrived pending cancel fee missing wrong".split(),
        "account": "account open close statement address change name joint limit online".split(),
    }
    common = "i my the a please when how can is it to for you help need".split()
    kinds = numbers.choice(list(words), 800)
    texts = []
    for kind in kinds:
        own = numbers.choice(words[kind], numbers.integers(1, 5))
        other = numbers.choice(common, numbers.integers(2, 9))
        text = numbers.permutation(numpy.concatenate([own, other]))
        texts.append(" ".join(text).capitalize() + numbers.choice([".", "?", "", "!", ", 42"]))
    texts = numpy.array(texts, dtype=object)
    return texts[:520], kinds[:520], texts[520:]
