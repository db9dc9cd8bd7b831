"""Pipelines of scikit-learn that prepare what they are given: texts, holes, sizes."""

import numpy
from onnx import helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn import feature_selection
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import LinearSVC

from common import OPSETS, SEED, Case, Made, binary, columns_of, credit, sentences, with_missing

NUMBERS = ["age", "income", "months"]
TEXTS = ["housing", "purpose", "region"]

# What stands before a logistic regression
STEPS = {
    "standard": StandardScaler,
    "min_max": MinMaxScaler,
    "min_max_clip": lambda: MinMaxScaler(clip=True),
    "max_abs": MaxAbsScaler,
    "robust": RobustScaler,
    "normalizer_l1": lambda: Normalizer("l1"),
    "normalizer_l2": lambda: Normalizer("l2"),
    "normalizer_max": lambda: Normalizer("max"),
    "binarizer": lambda: make_pipeline(StandardScaler(), Binarizer(threshold=0.1)),
    "bins_one_hot": lambda: KBinsDiscretizer(
        5, encode="onehot-dense", strategy="uniform", quantile_method="averaged_inverted_cdf"
    ),
    "bins_ordinal": lambda: KBinsDiscretizer(
        5, encode="ordinal", strategy="uniform", quantile_method="averaged_inverted_cdf"
    ),
    "polynomial": lambda: make_pipeline(
        StandardScaler(), feature_selection.SelectKBest(k=6), PolynomialFeatures(degree=2)
    ),
    "interactions": lambda: make_pipeline(
        StandardScaler(), feature_selection.SelectKBest(k=6), PolynomialFeatures(interaction_only=True)
    ),
    "power": lambda: PowerTransformer(),
    "quantile": lambda: QuantileTransformer(n_quantiles=50),
    "pca": lambda: make_pipeline(StandardScaler(), PCA(5, random_state=SEED)),
    "pca_whiten": lambda: make_pipeline(StandardScaler(), PCA(5, whiten=True, random_state=SEED)),
    "svd": lambda: make_pipeline(StandardScaler(), TruncatedSVD(5, random_state=SEED)),
    "select_k_best": lambda: make_pipeline(feature_selection.SelectKBest(k=7), StandardScaler()),
    "variance_threshold": lambda: make_pipeline(feature_selection.VarianceThreshold(0.01), StandardScaler()),
    "select_from_model": lambda: make_pipeline(
        StandardScaler(),
        feature_selection.SelectFromModel(RandomForestClassifier(n_estimators=10, random_state=SEED)),
    ),
    "union": lambda: FeatureUnion(
        [("a", StandardScaler()), ("b", make_pipeline(StandardScaler(), PCA(3, random_state=SEED)))]
    ),
}

HOLES = {
    "mean": lambda: SimpleImputer(),
    "median": lambda: SimpleImputer(strategy="median"),
    "most_frequent": lambda: SimpleImputer(strategy="most_frequent"),
    "constant": lambda: SimpleImputer(strategy="constant", fill_value=-1.0),
}

WORDS = {
    "tf_idf": lambda: TfidfVectorizer(),
    "tf_idf_bigrams": lambda: TfidfVectorizer(ngram_range=(1, 2), min_df=2),
    "tf_idf_sublinear": lambda: TfidfVectorizer(sublinear_tf=True),
    "tf_idf_l1": lambda: TfidfVectorizer(norm="l1"),
    "tf_idf_unscaled": lambda: TfidfVectorizer(norm=None, use_idf=False),
    "tf_idf_stop_words": lambda: TfidfVectorizer(stop_words=["i", "my", "the", "a", "to"]),
    "tf_idf_pattern": lambda: TfidfVectorizer(token_pattern="[a-zA-Z0-9]+"),
    "tf_idf_case": lambda: TfidfVectorizer(lowercase=False),
    "counts": lambda: CountVectorizer(),
    "counts_binary": lambda: CountVectorizer(binary=True),
    "characters": lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 3)),
}


def cases() -> list[Case]:
    found = [Case(f"prepared_{name}", lambda make=make: prepared(make())) for name, make in STEPS.items()]
    found += [Case(f"imputed_{name}", lambda make=make: imputed(make())) for name, make in HOLES.items()]
    found.append(Case("imputed_neighbors", lambda: imputed(KNNImputer(n_neighbors=3), {"": 18, "ai.onnx.ml": 3})))
    for name, make in WORDS.items():
        found.append(Case(f"words_{name}", lambda make=make: worded(make(), LogisticRegression())))
        # ONNX Runtime reads this one on machines without the locale that converters ask for, too.
        found.append(Case(f"words_{name}_plain", lambda make=make: plain(worded(make(), LogisticRegression()))))
    found.append(Case("words_bayes", lambda: worded(CountVectorizer(), MultinomialNB())))
    found.append(Case("words_linear_svc", lambda: worded(TfidfVectorizer(), LinearSVC(random_state=SEED), scores=True)))
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    of_texts = {
        "one_hot_logistic": (one_hot, LogisticRegression()),
        "one_hot_sparse_logistic": (OneHotEncoder(handle_unknown="ignore"), LogisticRegression()),
        "one_hot_drop_logistic": (
            OneHotEncoder(handle_unknown="ignore", drop="first", sparse_output=False),
            LogisticRegression(),
        ),
        "one_hot_infrequent_logistic": (
            OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=60, sparse_output=False),
            LogisticRegression(),
        ),
        "one_hot_forest": (one_hot, RandomForestClassifier(n_estimators=25, random_state=SEED)),
        "one_hot_gradient_boosting": (one_hot, GradientBoostingClassifier(n_estimators=25, random_state=SEED)),
        "ordinal_gradient_boosting": (
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
            GradientBoostingClassifier(n_estimators=25, random_state=SEED),
        ),
        "target_logistic": (TargetEncoder(random_state=SEED), LogisticRegression()),
    }
    for name, (encoder, model) in of_texts.items():
        found.append(Case(f"columns_{name}", lambda of=(encoder, model): columns(*of)))
    found.append(Case("columns_one_hot_logistic_imputed", lambda: columns(one_hot, LogisticRegression(), missing=True)))
    found.append(Case("columns_matrix_of_texts", lambda: matrix_of_texts(one_hot)))
    return found


def prepared(step) -> Made:
    data = binary()
    model = make_pipeline(step, LogisticRegression(max_iter=2000)).fit(data.x, data.y)
    return converted(model, [("X", FloatTensorType([None, data.x.shape[1]]))], {"X": data.x_new}, data.x_new)


def imputed(step, opsets: dict = OPSETS) -> Made:
    data = with_missing(binary())
    model = make_pipeline(step, StandardScaler(), LogisticRegression()).fit(data.x, data.y)
    types = [("X", FloatTensorType([None, data.x.shape[1]]))]
    return converted(model, types, {"X": data.x_new}, data.x_new, opsets)


def worded(vectorizer, estimator, scores: bool = False) -> Made:
    texts, kinds, new = sentences()
    model = make_pipeline(vectorizer, estimator).fit(texts, kinds)
    onnx = to_onnx(
        model,
        initial_types=[("text", StringTensorType([None, 1]))],
        target_opset=OPSETS,
        options={id(estimator): {"raw_scores": True}} if scores else {id(model): {"zipmap": False}},
    )
    told = model.decision_function(new) if scores else model.predict_proba(new)
    return onnx, {"text": new.reshape(-1, 1)}, [model.predict(new), told]


def plain(made: Made) -> Made:
    """The same with the letters of the locale C, which suffice for these texts."""
    for node in made[0].graph.node:
        if node.op_type == "StringNormalizer":
            kept = [attribute for attribute in node.attribute if attribute.name != "locale"]
            del node.attribute[:]
            node.attribute.extend([*kept, helper.make_attribute("locale", "C")])
    return made


def columns(encoder, estimator, missing: bool = False) -> Made:
    x, y, x_new = credit(missing)
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()) if missing else StandardScaler()
    model = make_pipeline(ColumnTransformer([("n", numbers, NUMBERS), ("t", encoder, TEXTS)]), estimator).fit(x, y)
    types = [(name, (StringTensorType if name in TEXTS else FloatTensorType)([None, 1])) for name in x.columns]
    return converted(model, types, columns_of(x_new), x_new)


def matrix_of_texts(encoder) -> Made:
    x, y, x_new = credit()
    texts, new = x[TEXTS].to_numpy(), x_new[TEXTS].to_numpy()
    model = make_pipeline(encoder, LogisticRegression()).fit(texts, y)
    return converted(model, [("X", StringTensorType([None, len(TEXTS)]))], {"X": new}, new)


def converted(model, types: list, inputs: dict, x_new, opsets: dict = OPSETS) -> Made:
    onnx = to_onnx(model, initial_types=types, target_opset=opsets, options={id(model): {"zipmap": False}})
    if isinstance(x_new, numpy.ndarray) and x_new.dtype == numpy.float32:
        x_new = x_new.astype(numpy.float64)
    return onnx, inputs, [model.predict(x_new), model.predict_proba(x_new)]
