"""Estimators of scikit-learn over numbers, by skl2onnx."""

import numpy
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn import (
    calibration,
    cluster,
    discriminant_analysis,
    ensemble,
    gaussian_process,
    linear_model,
    mixture,
    multiclass,
    naive_bayes,
    neighbors,
    neural_network,
    svm,
    tree,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from common import OPSETS, SEED, Case, Data, Made, amounts, binary, classes, counts, positive, with_missing


def scaled(model):
    """A model that wants columns of like size."""
    return make_pipeline(StandardScaler(), model)


def within(model):
    """A model that wants columns between zero and one."""
    return make_pipeline(MinMaxScaler(clip=True), model)


TREES = {"n_estimators": 25, "random_state": SEED}

CLASSIFIERS = {
    "tree": lambda: tree.DecisionTreeClassifier(random_state=SEED),
    "random_forest": lambda: ensemble.RandomForestClassifier(**TREES),
    "extra_trees": lambda: ensemble.ExtraTreesClassifier(**TREES),
    "gradient_boosting": lambda: ensemble.GradientBoostingClassifier(**TREES),
    "hist_gradient_boosting": lambda: ensemble.HistGradientBoostingClassifier(max_iter=25, random_state=SEED),
    "ada_boost": lambda: ensemble.AdaBoostClassifier(**TREES),
    "bagging": lambda: ensemble.BaggingClassifier(tree.DecisionTreeClassifier(max_depth=4, random_state=SEED), **TREES),
    "logistic": lambda: scaled(linear_model.LogisticRegression()),
    "logistic_l1": lambda: scaled(
        linear_model.LogisticRegression(l1_ratio=1.0, solver="saga", max_iter=5000, random_state=SEED)
    ),
    "logistic_each_alone": lambda: scaled(multiclass.OneVsRestClassifier(linear_model.LogisticRegression())),
    "logistic_cv": lambda: scaled(linear_model.LogisticRegressionCV(Cs=3)),
    "sgd_log": lambda: scaled(linear_model.SGDClassifier(loss="log_loss", random_state=SEED)),
    "linear_discriminant": lambda: scaled(discriminant_analysis.LinearDiscriminantAnalysis()),
    "quadratic_discriminant": lambda: scaled(discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.1)),
    "gaussian_bayes": lambda: scaled(naive_bayes.GaussianNB()),
    "bernoulli_bayes": lambda: scaled(naive_bayes.BernoulliNB()),
    "neighbors": lambda: scaled(neighbors.KNeighborsClassifier()),
    "neighbors_by_distance": lambda: scaled(neighbors.KNeighborsClassifier(weights="distance")),
    "svc_probability": lambda: scaled(svm.SVC(probability=True, random_state=SEED)),
    "mlp": lambda: scaled(net(neural_network.MLPClassifier)),
    "mlp_tanh": lambda: scaled(net(neural_network.MLPClassifier, activation="tanh")),
    "mlp_logistic": lambda: scaled(net(neural_network.MLPClassifier, activation="logistic", solver="lbfgs")),
    "voting_soft": lambda: scaled(ensemble.VotingClassifier(two(), voting="soft", flatten_transform=False)),
    "stacking": lambda: scaled(ensemble.StackingClassifier(two())),
    "calibrated_sigmoid": lambda: calibration.CalibratedClassifierCV(
        tree.DecisionTreeClassifier(max_depth=4, random_state=SEED), cv=3
    ),
    "calibrated_isotonic": lambda: calibration.CalibratedClassifierCV(
        ensemble.RandomForestClassifier(**TREES), cv=3, method="isotonic"
    ),
    "calibrated_linear_svc": lambda: scaled(calibration.CalibratedClassifierCV(svm.LinearSVC(random_state=SEED), cv=3)),
}

# Those that tell scores and no probabilities
DECIDERS = {
    "linear_svc": lambda: scaled(svm.LinearSVC(random_state=SEED)),
    "svc": lambda: scaled(svm.SVC()),
    "svc_linear": lambda: scaled(svm.SVC(kernel="linear")),
    "svc_poly": lambda: scaled(svm.SVC(kernel="poly", degree=2, coef0=1.0)),
    "svc_sigmoid": lambda: scaled(svm.SVC(kernel="sigmoid")),
    "nu_svc": lambda: scaled(svm.NuSVC(nu=0.2)),
    "ridge_classifier": lambda: scaled(linear_model.RidgeClassifier()),
    "sgd_hinge": lambda: scaled(linear_model.SGDClassifier(random_state=SEED)),
    "perceptron": lambda: scaled(linear_model.Perceptron(random_state=SEED)),
}

REGRESSORS = {
    "tree": lambda: tree.DecisionTreeRegressor(random_state=SEED),
    "random_forest": lambda: ensemble.RandomForestRegressor(**TREES),
    "extra_trees": lambda: ensemble.ExtraTreesRegressor(**TREES),
    "gradient_boosting": lambda: ensemble.GradientBoostingRegressor(**TREES),
    "hist_gradient_boosting": lambda: ensemble.HistGradientBoostingRegressor(max_iter=25, random_state=SEED),
    "ada_boost": lambda: ensemble.AdaBoostRegressor(**TREES),
    "bagging": lambda: ensemble.BaggingRegressor(tree.DecisionTreeRegressor(max_depth=4, random_state=SEED), **TREES),
    "linear": lambda: linear_model.LinearRegression(),
    "ridge": lambda: scaled(linear_model.Ridge()),
    "lasso": lambda: scaled(linear_model.Lasso(alpha=0.1)),
    "elastic_net": lambda: scaled(linear_model.ElasticNet(alpha=0.1)),
    "bayesian_ridge": lambda: scaled(linear_model.BayesianRidge()),
    "huber": lambda: scaled(linear_model.HuberRegressor(max_iter=500)),
    "quantile": lambda: scaled(linear_model.QuantileRegressor(quantile=0.8, alpha=0.01)),
    "svr": lambda: scaled(svm.SVR(C=50.0)),
    "svr_linear": lambda: scaled(svm.SVR(kernel="linear", C=10.0)),
    "svr_poly": lambda: scaled(svm.SVR(kernel="poly", degree=2, coef0=1.0)),
    "nu_svr": lambda: scaled(svm.NuSVR(C=50.0)),
    "linear_svr": lambda: scaled(svm.LinearSVR(random_state=SEED)),
    "neighbors": lambda: scaled(neighbors.KNeighborsRegressor()),
    "mlp": lambda: scaled(net(neural_network.MLPRegressor, solver="lbfgs")),
    "mlp_tanh": lambda: scaled(net(neural_network.MLPRegressor, solver="lbfgs", activation="tanh")),
    "gaussian_process": lambda: scaled(gaussian_process.GaussianProcessRegressor(alpha=1.0)),
    "voting": lambda: scaled(
        ensemble.VotingRegressor(
            [("a", linear_model.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=3, random_state=SEED))]
        )
    ),
    "stacking": lambda: scaled(
        ensemble.StackingRegressor(
            [("a", linear_model.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=3, random_state=SEED))]
        )
    ),
}

GENERALISED = {
    "poisson": lambda: scaled(linear_model.PoissonRegressor()),
    "gamma": lambda: scaled(linear_model.GammaRegressor()),
    "tweedie": lambda: scaled(linear_model.TweedieRegressor(power=1.5)),
}

MISSING = {
    "hist_gradient_boosting": lambda: ensemble.HistGradientBoostingClassifier(max_iter=25, random_state=SEED),
    "random_forest": lambda: ensemble.RandomForestClassifier(**TREES),
    "tree": lambda: tree.DecisionTreeClassifier(random_state=SEED),
}

OUTLIERS = {
    "isolation_forest": lambda: ensemble.IsolationForest(**TREES),
    "isolation_forest_contaminated": lambda: ensemble.IsolationForest(contamination=0.1, max_samples=64, **TREES),
    "one_class_svm": lambda: scaled(svm.OneClassSVM(nu=0.1)),
    "local_outlier": lambda: scaled(neighbors.LocalOutlierFactor(novelty=True)),
}


def cases() -> list[Case]:
    found = []

    def add(name: str, make, data, *of, **options) -> None:
        found.append(Case(f"sklearn_{name}", lambda: classified(make(), data(), *of, **options)))

    for name, make in CLASSIFIERS.items():
        add(f"{name}_binary", make, binary)
        add(f"{name}_classes", make, classes)
    for name, make in DECIDERS.items():
        add(f"{name}_binary", make, binary, scores=True)
        add(f"{name}_classes", make, classes, scores=True)
    for name, make in MISSING.items():
        add(f"{name}_binary_missing", make, lambda: with_missing(binary()))
        add(f"{name}_classes_missing", make, lambda: with_missing(classes()))
    for name in ("logistic", "random_forest", "gradient_boosting", "mlp", "neighbors"):
        add(f"{name}_digits", CLASSIFIERS[name], counts)
    for name, make in {
        "multinomial_bayes": naive_bayes.MultinomialNB,
        "complement_bayes": naive_bayes.ComplementNB,
        "bernoulli_bayes": naive_bayes.BernoulliNB,
    }.items():
        add(f"{name}_digits", make, counts)
    # What else converters are asked for
    forest, logistic = CLASSIFIERS["random_forest"], CLASSIFIERS["logistic"]
    add("random_forest_binary_zipmap", forest, binary, options={"zipmap": True})
    add("logistic_binary_zipmap", logistic, binary, options={"zipmap": True})
    add("logistic_classes_zipmap_columns", logistic, classes, options={"zipmap": "columns"}, labels_only=True)
    add("logistic_binary_raw_scores", logistic, binary, options={"zipmap": False, "raw_scores": True}, scores=True)
    add("logistic_binary_no_labels", logistic, binary, options={"zipmap": False, "nocl": True})
    add("logistic_text_labels", logistic, named)
    add("random_forest_text_labels", forest, named)
    add("random_forest_doubles", forest, binary, double=True)
    add("gradient_boosting_doubles", CLASSIFIERS["gradient_boosting"], binary, double=True)
    add("logistic_doubles", logistic, binary, double=True)
    add("random_forest_integers", forest, counts, integers=True)
    add("logistic_integers", linear_model.LogisticRegression, counts, integers=True)
    old = {"": 9, "ai.onnx.ml": 1}
    for name in ("random_forest", "logistic", "mlp"):
        add(f"{name}_binary_opset_9", CLASSIFIERS[name], binary, opsets=old)
    new = {"": 21, "ai.onnx.ml": 5}
    for name in ("random_forest", "gradient_boosting", "hist_gradient_boosting", "logistic", "mlp"):
        add(f"{name}_binary_opset_21", CLASSIFIERS[name], binary, opsets=new)
        add(f"{name}_classes_opset_21", CLASSIFIERS[name], classes, opsets=new)
    for name, make in REGRESSORS.items():
        found.append(Case(f"sklearn_{name}_regression", lambda make=make: valued(make(), amounts())))
    for name in ("random_forest", "linear", "mlp", "neighbors"):
        make = REGRESSORS[name]
        found.append(Case(f"sklearn_{name}_two_targets", lambda make=make: valued(make(), two_targets())))
        found.append(Case(f"sklearn_{name}_regression_doubles", lambda make=make: valued(make(), amounts(), True)))
    for name, make in GENERALISED.items():
        found.append(Case(f"sklearn_{name}_regression", lambda make=make: valued(make(), positive())))
    for name, make in OUTLIERS.items():
        found.append(Case(f"sklearn_{name}", lambda make=make: outliers(make(), binary())))
    found.append(Case("sklearn_k_means", clustered))
    found.append(Case("sklearn_gaussian_mixture", mixed))
    return found


def classified(
    model,
    data: Data,
    scores: bool = False,
    options: dict | None = None,
    opsets: dict | None = None,
    double: bool = False,
    integers: bool = False,
    labels_only: bool = False,
) -> Made:
    model.fit(data.x, data.y)
    x = as_doubles(data)
    types = [("X", kind(double, integers)([None, x.shape[1]]))]
    onnx = with_options(model, types, opsets or OPSETS, scores, options)
    inputs = data.x_new.astype(numpy.int64) if integers else x if double else data.x_new
    told = None if labels_only else model.decision_function(x) if scores else model.predict_proba(x)
    return onnx, {"X": inputs}, [None if options and "nocl" in options else model.predict(x), told]


def with_options(model, types: list, opsets: dict, scores: bool, given: dict | None):
    """Converts with the first options that the model's converter knows."""
    last = model[-1] if hasattr(model, "steps") else model
    usual = [{id(last): {"zipmap": False}}]
    if scores:
        usual = [{id(last): {"zipmap": False, "raw_scores": True}}, {id(last): {"raw_scores": True}}, *usual]
    for options in usual if given is None else [{id(last): given}]:
        try:
            return to_onnx(model, initial_types=types, target_opset=opsets, options=options)
        except NameError:
            continue
    raise NameError("none of the options is known")


def valued(model, data: Data, double: bool = False) -> Made:
    model.fit(data.x, data.y)
    x = as_doubles(data)
    onnx = to_onnx(model, initial_types=[("X", kind(double)([None, x.shape[1]]))], target_opset=OPSETS)
    return onnx, {"X": x if double else data.x_new}, [model.predict(x)]


def outliers(model, data: Data) -> Made:
    model.fit(data.x)
    x = as_doubles(data)
    onnx = to_onnx(model, initial_types=[("X", FloatTensorType([None, x.shape[1]]))], target_opset=OPSETS)
    return onnx, {"X": data.x_new}, [model.predict(x), model.decision_function(x)]


def clustered() -> Made:
    data = amounts()
    model = cluster.KMeans(n_clusters=5, random_state=SEED).fit(data.x)
    onnx = to_onnx(model, initial_types=[("X", FloatTensorType([None, data.x.shape[1]]))], target_opset=OPSETS)
    return onnx, {"X": data.x_new}, [model.predict(data.x_new), model.transform(data.x_new)]


def mixed() -> Made:
    data = classes()
    model = scaled(mixture.GaussianMixture(n_components=3, random_state=SEED)).fit(data.x)
    onnx = to_onnx(model, initial_types=[("X", FloatTensorType([None, data.x.shape[1]]))], target_opset=OPSETS)
    x = as_doubles(data)
    return onnx, {"X": data.x_new}, [model.predict(x), model.predict_proba(x)]


def kind(double: bool, integers: bool = False):
    return Int64TensorType if integers else DoubleTensorType if double else FloatTensorType


def as_doubles(data: Data) -> numpy.ndarray:
    """The rows that the model is given, in the precision in which Python reckons."""
    return data.x_new.astype(numpy.float64)


def net(estimator, **options):
    return estimator(hidden_layer_sizes=(16, 8), max_iter=150, random_state=SEED, **options)


def two() -> list:
    return [
        ("a", linear_model.LogisticRegression()),
        ("b", tree.DecisionTreeClassifier(max_depth=3, random_state=SEED)),
    ]


def named() -> Data:
    data = classes()
    return Data(data.x, numpy.array(["Barolo", "Grignolino", "Barbera"], dtype=object)[data.y], data.x_new)


def two_targets() -> Data:
    data = amounts()
    return Data(data.x, numpy.stack([data.y, data.x[:, 2] * 50 + data.y / 10], axis=1), data.x_new)
