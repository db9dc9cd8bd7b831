"""Trains the two text models of the chat routing example.

Reads `data/messages.csv`, written by hand, trains what a customer wants of
three messages in four, by words and by words and parts of words, writes both
models as ONNX, checks them against scikit-learn, and writes what they say of
each message.

    pip install --no-deps -r ../training/requirements.txt
    python train.py

Every run with the pinned versions writes the same bytes.
"""

import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import onnx_files

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import FeatureUnion, Pipeline

MAX_BYTES = 500_000
ABOUT = [
    "What a customer wants, of eleven intents, from the message in small letters:",
    "tf-idf and logistic regression. The small one counts words, the large one words,",
    "pairs of words and parts of words. AUC is the mean of each intent against the",
    "rest. The small one names its classes itself; those of the large one are numbers,",
    "in the order of `labels.json`.",
    "`expected.csv` is the answers for each row of `data/messages.csv` by ONNX Runtime",
    "in Python; three rows in four were trained on.",
]
OPERATORS = ["Concat", "Flatten", "LinearClassifier", "Mul", "Normalizer", "TfIdfVectorizer", "Tokenizer"]
ANSWERS = [
    f"{model}.intent.{answer}" for model in ["topic_small", "topic_large"] for answer in ["top", "top_probability"]
]
WORD = "[a-z0-9']+"


def messages():
    with (HERE / "data" / "messages.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    texts = np.array([row["message"].lower() for row in rows], dtype=object)  # the policy feeds lower(message)
    return texts, np.array([row["intent"] for row in rows])


def small():
    """Words, and no more of them than help."""
    words = TfidfVectorizer(lowercase=False, token_pattern=WORD, min_df=2)
    return Pipeline([("words", words), ("intent", LogisticRegression(C=30, max_iter=2_000))])


def large():
    """Words, pairs of them, and parts of words, which typing errors leave."""
    words = TfidfVectorizer(lowercase=False, token_pattern=WORD, ngram_range=(1, 2))
    parts = TfidfVectorizer(lowercase=False, analyzer="char", ngram_range=(3, 4), min_df=3)
    both = FeatureUnion([("words", words), ("parts", parts)])
    return Pipeline([("features", both), ("intent", LogisticRegression(C=30, max_iter=2_000))])


def export(model, name):
    path = HERE / "models" / f"{name}.onnx"
    proto = to_onnx(
        model,
        name=name,
        initial_types=[("message", StringTensorType([None, 1]))],
        target_opset=onnx_files.TARGET_OPSET,
        options={"zipmap": False},
    )
    facts = onnx_files.save(proto, path, outputs=["label", "probabilities"], operators=OPERATORS, max_bytes=MAX_BYTES)
    return path, facts


def main():
    texts, intents = messages()
    labels = sorted(set(intents))
    holdout = (np.arange(len(texts)) // len(labels)) % 4 == 3  # the file has the intents in turn
    expected, models = [], {}
    numbers = np.array([labels.index(intent) for intent in intents])
    # The small one tells its classes itself; those of the large one are numbers, named by a file.
    for name, model, classes in [("topic_small", small(), intents), ("topic_large", large(), numbers)]:
        model.fit(texts[~holdout], classes[~holdout])
        path, facts = export(model, name)
        p = onnx_files.run(path, {"message": texts.reshape(-1, 1)}, "probabilities")
        facts["apart"] = onnx_files.same(path, p, model.predict_proba(texts))
        expected.append(p)
        auc = roc_auc_score(numbers[holdout], p[holdout], multi_class="ovr")
        facts["auc"] = onnx_files.at_least(path, "AUC", auc, 0.9)
        right = accuracy_score(numbers[holdout], p[holdout].argmax(axis=1))
        facts["right"] = f"{right:.3f}"
        facts["rows"] = onnx_files.rows_of((~holdout).sum(), holdout.sum())
        models[path.name] = facts
    onnx_files.write_readme(HERE / "models" / "README.md", ABOUT, models)
    (HERE / "models" / "labels.json").write_text(json.dumps([str(label) for label in labels], indent=4) + "\n", encoding="utf-8")
    onnx_files.write_csv(
        HERE / "models" / "expected.csv",
        ["row_id", *ANSWERS],
        [
            [number, *(field for p in expected for field in (labels[p[row].argmax()], onnx_files.number_text(p[row].max())))]
            for number, row in enumerate(range(len(texts)), start=1)
        ],
    )


if __name__ == "__main__":
    main()
