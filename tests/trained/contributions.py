"""Trains models with the libraries of requirements.txt and writes each into the folder that is
named, with what the package shap (requirements-shap.txt) says of some rows: MODEL.onnx, and
MODEL.ATTRIBUTION.json with background, rows, base value and contributions.

    KRITES_DATA=... python contributions.py FOLDER [part of a model's name]
    python contributions.py ../../crates/krites-model/tests/shap made

Models learn from rows of the data that KRITES_DATA names; those called `made` are small, learn from
numbers at random, and stand beside the test. Values are floats before shap sees them, so that both
see the same numbers.
"""

import json
import os
import pathlib
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import lightgbm
import numpy
import onnx
import pandas
import shap
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from common import OPSETS, SEED

# Rows that are compared with, and rows that are explained
N_BACKGROUND = 60
N_ROWS = 100

# What amounts are counted in
UNITS = {"amount_dm": 10_000, "limit_bal_ntd": 100_000}

INTERVENTIONAL = "interventional"
PATH_DEPENDENT = "path_dependent"


@dataclass
class Data:
    x: numpy.ndarray
    y: numpy.ndarray
    x_new: numpy.ndarray
    n_background: int = N_BACKGROUND


def german(target: str) -> Data:
    """Loans, a few values of which are missing."""
    return prepared("german_credit.csv", target, 600, missing=True)


def taiwan(target: str) -> Data:
    """Credit cards, a sample of them."""
    return prepared("taiwan_card_default.csv", target, 2000)


def prepared(file: str, target: str, n: int, missing: bool = False) -> Data:
    """The first `n` rows in a new order, and the rows behind them; texts are numbered."""
    frame = pandas.read_csv(pathlib.Path(os.environ["KRITES_DATA"]) / "data" / file)
    frame = frame.sample(frac=1.0, random_state=SEED).reset_index(drop=True)
    # Leaves of the file are 32-bit floats: amounts in large units, so that their seventh digit is
    # below what contributions may be apart.
    y = frame[target].to_numpy() / UNITS.get(target, 1)
    y = y.astype(numpy.int64) if target not in UNITS else y
    frame = frame.drop(columns=[target, "row_id", "credit_risk"], errors="ignore")
    columns = [
        frame[name] if pandas.api.types.is_numeric_dtype(frame[name]) else pandas.factorize(frame[name], sort=True)[0]
        for name in frame.columns
    ]
    x = numpy.column_stack(columns).astype(numpy.float32)
    if missing:
        x[numpy.random.default_rng(SEED).random(x.shape) < 0.08] = numpy.nan
    return Data(x[:n], y[:n], x[n : n + N_ROWS])


def made(missing: bool = False) -> Data:
    """Few rows of five columns, in eighths; a few values are missing."""
    random = numpy.random.default_rng(SEED)
    x = random.integers(-16, 17, size=(215, 5)) / 8
    noise = random.normal(0, 0.5, size=len(x))
    y = (x[:, 0] + x[:, 1] * x[:, 2] - abs(x[:, 3]) + noise > 0).astype(numpy.int64)
    x = x.astype(numpy.float32)
    if missing:
        x[random.random(x.shape) < 0.08] = numpy.nan
    return Data(x[:200], y[:200], x[200:], n_background=12)


def filled(data: Data) -> Data:
    return replace(data, x=numpy.nan_to_num(data.x, nan=-1.0), x_new=numpy.nan_to_num(data.x_new, nan=-1.0))


@dataclass
class Case:
    """A model, where in its answer what shap explains stands, and how it is explained."""

    name: str
    learner: Callable[[], object]
    data: Callable[[], Data]
    convert: Callable[[object, numpy.ndarray], onnx.ModelProto]
    output: str
    columns: list[int]
    attributions: tuple[str, ...] = (INTERVENTIONAL,)


def by_lightgbm(model, x: numpy.ndarray) -> onnx.ModelProto:
    return convert_lightgbm(model, initial_types=[("x", FloatTensorType([None, x.shape[1]]))], zipmap=False, target_opset=15)


def by_xgboost(model, x: numpy.ndarray) -> onnx.ModelProto:
    return convert_xgboost(model, initial_types=[("x", FloatTensorType([None, x.shape[1]]))], target_opset=15)


def by_sklearn(model, x: numpy.ndarray) -> onnx.ModelProto:
    options = {} if not hasattr(model, "predict_proba") else {id(model): {"zipmap": False}}
    return to_onnx(model, x[:1], options=options, target_opset=OPSETS)


def cases() -> list[Case]:
    both = (INTERVENTIONAL, PATH_DEPENDENT)
    default, german_amount, taiwan_amount = "default_flag", "amount_dm", "limit_bal_ntd"
    light = {"n_estimators": 60, "num_leaves": 31, "verbose": -1, "random_state": SEED}
    extreme = {"n_estimators": 60, "max_depth": 4, "random_state": SEED}
    plain = {"n_estimators": 30, "max_depth": 6, "random_state": SEED}
    few = {"n_estimators": 6, "max_depth": 4}
    some = [
        ("lightgbm_binary_missing", lambda: lightgbm.LGBMClassifier(**light), lambda: german(default), by_lightgbm, [1], both),
        ("lightgbm_binary", lambda: lightgbm.LGBMClassifier(**light), lambda: taiwan(default), by_lightgbm, [1], both),
        ("lightgbm_regression", lambda: lightgbm.LGBMRegressor(**light), lambda: filled(german(german_amount)), by_lightgbm, [0], both),
        ("xgboost_binary_missing", lambda: xgboost.XGBClassifier(**extreme), lambda: german(default), by_xgboost, [1], (INTERVENTIONAL,)),
        ("xgboost_binary", lambda: xgboost.XGBClassifier(**extreme), lambda: taiwan(default), by_xgboost, [1], (INTERVENTIONAL,)),
        ("xgboost_regression", lambda: xgboost.XGBRegressor(**extreme), lambda: filled(german(german_amount)), by_xgboost, [0], both),
        (
            "sklearn_forest",
            lambda: RandomForestClassifier(bootstrap=False, max_features=4, **plain),
            lambda: filled(german(default)),
            by_sklearn,
            [0, 1],
            both,
        ),
        (
            "sklearn_boosting",
            lambda: GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=SEED),
            lambda: taiwan(default),
            by_sklearn,
            [1],
            both,
        ),
        (
            "sklearn_boosting_regression",
            lambda: GradientBoostingRegressor(n_estimators=60, max_depth=4, random_state=SEED),
            lambda: filled(german(german_amount)),
            by_sklearn,
            [0],
            both,
        ),
        (
            "sklearn_forest_regression",
            lambda: RandomForestRegressor(bootstrap=False, max_features=4, **plain),
            lambda: taiwan(taiwan_amount),
            by_sklearn,
            [0],
            both,
        ),
        ("sklearn_extra_trees", lambda: ExtraTreesRegressor(**plain), lambda: filled(german(german_amount)), by_sklearn, [0], both),
        (
            "sklearn_tree",
            lambda: DecisionTreeClassifier(max_depth=8, random_state=SEED),
            lambda: filled(german(default)),
            by_sklearn,
            [0, 1],
            both,
        ),
        ("sklearn_logistic", logistic, lambda: filled(german(default)), by_sklearn, [1], (INTERVENTIONAL,)),
        ("made_lightgbm", lambda: lightgbm.LGBMClassifier(**(light | few)), lambda: made(missing=True), by_lightgbm, [1], both),
        ("made_forest", lambda: RandomForestClassifier(bootstrap=False, max_features=2, **(plain | few)), made, by_sklearn, [0, 1], both),
        ("made_logistic", logistic, made, by_sklearn, [1], (INTERVENTIONAL,)),
        ("sklearn_linear", LinearRegression, lambda: filled(german(german_amount)), by_sklearn, [0], (INTERVENTIONAL,)),
    ]
    return [
        Case(name, learner, data, convert, "variable" if columns == [0] else "probabilities", columns, attributions)
        for name, learner, data, convert, columns, attributions in some
    ]


def logistic():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def write(case: Case, folder: pathlib.Path) -> int:
    data = case.data()
    model = case.learner()
    model.fit(data.x, data.y)
    (folder / f"{case.name}.onnx").write_bytes(case.convert(model, data.x).SerializeToString())
    n_vectors = 0
    for attribution in case.attributions:
        background = data.x[: data.n_background] if attribution == INTERVENTIONAL else data.x
        base, values = explained(model, background, data.x_new, attribution)
        told = []
        for column in case.columns:
            # One column of contributions where shap gives the margin of the second class alone.
            own = values[:, :, column] if values.ndim == 3 else values
            own_base = numpy.ravel(base)[column if numpy.size(base) > 1 else 0]
            told.append({"column": column, "base": float(own_base), "contributions": own.tolist()})
            n_vectors += len(own)
        fixture = {
            "output": case.output,
            "attribution": attribution,
            "background": [list(map(plain_value, row)) for row in background],
            "rows": [list(map(plain_value, row)) for row in data.x_new],
            "told": told,
        }
        text = json.dumps(fixture, allow_nan=False, separators=(",", ":"))
        (folder / f"{case.name}.{attribution}.json").write_text(text + "\n")
    return n_vectors


def explained(model, background: numpy.ndarray, rows: numpy.ndarray, attribution: str):
    """Base value and contributions to the raw margin."""
    if hasattr(model, "steps"):
        scaled = model[0].transform
        base, values = explained(model[-1], scaled(background), scaled(rows), attribution)
        return base, values
    if hasattr(model, "coef_"):
        masker = shap.maskers.Independent(background, max_samples=len(background))
        explainer = shap.LinearExplainer(model, masker)
        return explainer.expected_value, numpy.asarray(explainer.shap_values(rows))
    if attribution == INTERVENTIONAL:
        explainer = shap.TreeExplainer(model, background, feature_perturbation=INTERVENTIONAL, model_output="raw")
    else:
        explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent", model_output="raw")
    values = explainer.shap_values(rows, check_additivity=False)
    values = numpy.stack(values, axis=-1) if isinstance(values, list) else numpy.asarray(values)
    return explainer.expected_value, values


def plain_value(value: numpy.floating):
    return None if numpy.isnan(value) else float(value)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    folder.mkdir(parents=True, exist_ok=True)
    written = {case.name: write(case, folder) for case in cases() if part in case.name}
    print(f"{len(written)} models written, {sum(written.values())} rows explained")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main()
