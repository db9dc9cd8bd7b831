"""LightGBM and XGBoost, by onnxmltools."""

import lightgbm
import numpy
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm as lightgbm_operator
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost as xgboost_operator
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType as PlainFloatTensorType
from skl2onnx.common.data_types import StringTensorType
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from common import OPSETS, SEED, Case, Data, Made, amounts, binary, classes, columns_of, credit, positive, with_missing


def cases() -> list[Case]:
    light = {
        "binary": (lightgbm.LGBMClassifier, {}, binary),
        "binary_missing": (lightgbm.LGBMClassifier, {}, lambda: with_missing(binary())),
        "binary_zero_as_missing": (lightgbm.LGBMClassifier, {"zero_as_missing": True}, lambda: with_missing(sparse())),
        "binary_categories": (lightgbm.LGBMClassifier, {"categorical_feature": [0, 1]}, categories),
        "binary_random_forest": (
            lightgbm.LGBMClassifier,
            {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.7},
            binary,
        ),
        "binary_dart": (lightgbm.LGBMClassifier, {"boosting_type": "dart"}, binary),
        "binary_linear_scale": (lightgbm.LGBMClassifier, {"scale_pos_weight": 3.0}, binary),
        "classes": (lightgbm.LGBMClassifier, {}, classes),
        "classes_each_alone": (lightgbm.LGBMClassifier, {"objective": "multiclassova"}, classes),
        "regression": (lightgbm.LGBMRegressor, {}, amounts),
        "regression_missing": (lightgbm.LGBMRegressor, {}, lambda: with_missing(amounts())),
        "regression_absolute": (lightgbm.LGBMRegressor, {"objective": "l1"}, amounts),
        "regression_quantile": (lightgbm.LGBMRegressor, {"objective": "quantile", "alpha": 0.9}, amounts),
        "regression_poisson": (lightgbm.LGBMRegressor, {"objective": "poisson"}, positive),
        "regression_gamma": (lightgbm.LGBMRegressor, {"objective": "gamma"}, positive),
        "regression_tweedie": (lightgbm.LGBMRegressor, {"objective": "tweedie"}, positive),
    }
    extreme = {
        "binary": (xgboost.XGBClassifier, {}, binary),
        "binary_missing": (xgboost.XGBClassifier, {}, lambda: with_missing(binary())),
        "binary_base_score": (xgboost.XGBClassifier, {"base_score": 0.3}, binary),
        "binary_random_forest": (xgboost.XGBRFClassifier, {}, binary),
        "classes": (xgboost.XGBClassifier, {}, classes),
        "classes_missing": (xgboost.XGBClassifier, {}, lambda: with_missing(classes())),
        "regression": (xgboost.XGBRegressor, {}, amounts),
        "regression_missing": (xgboost.XGBRegressor, {}, lambda: with_missing(amounts())),
        "regression_base_score": (xgboost.XGBRegressor, {"base_score": 100.0}, amounts),
        "regression_random_forest": (xgboost.XGBRFRegressor, {}, amounts),
        "regression_poisson": (xgboost.XGBRegressor, {"objective": "count:poisson"}, positive),
        "regression_gamma": (xgboost.XGBRegressor, {"objective": "reg:gamma"}, positive),
        "regression_tweedie": (xgboost.XGBRegressor, {"objective": "reg:tweedie"}, positive),
    }
    found = [Case(f"lightgbm_{name}", lambda of=of: with_lightgbm(*of)) for name, of in light.items()]
    found += [Case(f"xgboost_{name}", lambda of=of: with_xgboost(*of)) for name, of in extreme.items()]
    found.append(Case("lightgbm_binary_zipmap", lambda: with_lightgbm(*light["binary"], zipmap=True)))
    found.append(Case("lightgbm_split", lambda: with_lightgbm(*light["regression"], split=10)))
    found.append(Case("lightgbm_pipeline_of_texts", lambda: after_texts(lightgbm.LGBMClassifier)))
    found.append(Case("xgboost_pipeline_of_texts", lambda: after_texts(xgboost.XGBClassifier)))
    return found


def with_lightgbm(estimator, options: dict, data, zipmap: bool = False, split: int | None = None) -> Made:
    data, options = data(), dict(options)
    categorical = options.pop("categorical_feature", "auto")
    model = estimator(n_estimators=40, num_leaves=15, random_state=SEED, n_jobs=1, verbose=-1, **options)
    model.fit(data.x, data.y, categorical_feature=categorical)
    onnx = convert_lightgbm(
        model,
        initial_types=[("input", FloatTensorType([None, data.x.shape[1]]))],
        target_opset=OPSETS[""],
        zipmap=zipmap,
        split=split,
    )
    return onnx, {"input": data.x_new}, predicted(model, data)


def with_xgboost(estimator, options: dict, data) -> Made:
    data = data()
    model = estimator(n_estimators=40, max_depth=4, random_state=SEED, n_jobs=1, **options).fit(data.x, data.y)
    onnx = convert_xgboost(
        model,
        initial_types=[("input", FloatTensorType([None, data.x.shape[1]]))],
        target_opset=OPSETS[""],
    )
    return onnx, {"input": data.x_new}, predicted(model, data)


def predicted(model, data: Data) -> list:
    if hasattr(model, "predict_proba"):
        return [model.predict(data.x_new), model.predict_proba(data.x_new)]
    return [model.predict(data.x_new)]


def after_texts(estimator) -> Made:
    """A pipeline of scikit-learn with the boosted trees at its end."""
    for kind in (lightgbm.LGBMClassifier, xgboost.XGBClassifier):
        update_registered_converter(
            kind,
            kind.__name__,
            calculate_linear_classifier_output_shapes,
            lightgbm_operator if kind is lightgbm.LGBMClassifier else xgboost_operator,
            options={"nocl": [True, False], "zipmap": [True, False, "columns"]},
        )
    x, y, x_new = credit()
    texts = ["housing", "purpose", "region"]
    columns = ColumnTransformer(
        [("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts)], remainder="passthrough"
    )
    quiet = {"verbose": -1} if estimator is lightgbm.LGBMClassifier else {}
    model = make_pipeline(columns, estimator(n_estimators=40, random_state=SEED, n_jobs=1, **quiet)).fit(x, y)
    types = [
        (name, StringTensorType([None, 1]) if name in texts else PlainFloatTensorType([None, 1])) for name in x.columns
    ]
    onnx = to_onnx(model, initial_types=types, target_opset=OPSETS, options={"zipmap": False})
    return onnx, columns_of(x_new), [model.predict(x_new), model.predict_proba(x_new)]


def categories() -> Data:
    """Two columns of whole numbers that stand for categories."""
    numbers = numpy.random.default_rng(SEED)
    x = numbers.normal(size=(1200, 5)).astype(numpy.float32)
    x[:, 0] = numbers.integers(0, 12, 1200)
    x[:, 1] = numbers.integers(0, 5, 1200)
    y = (numpy.isin(x[:, 0], [1, 4, 7, 9]) * 2.0 + (x[:, 1] == 3) + x[:, 2] + numbers.normal(size=1200) > 1.2) * 1
    return Data(x[:800], y[:800], x[800:])


def sparse() -> Data:
    """Half of all values are zero."""
    numbers = numpy.random.default_rng(SEED)
    x = numbers.normal(size=(900, 8)).astype(numpy.float32)
    x[numbers.random(x.shape) < 0.5] = 0
    y = (x[:, 0] + (x[:, 1] == 0) + 0.5 * numbers.normal(size=900) > 0.5) * 1
    return Data(x[:600], y[:600], x[600:])


# A regressor at the end of a pipeline is registered by its own shape.
update_registered_converter(
    lightgbm.LGBMRegressor,
    "LGBMRegressor",
    calculate_linear_regressor_output_shapes,
    lightgbm_operator,
    options={"split": None},
)
