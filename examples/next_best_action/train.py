"""Makes the customers and the models of the next best action example.

Simulates customers of a bank, what they took of what they were offered and who
left, trains the propensity to take an offer (one model for all offers) and the
risk of leaving, writes both as ONNX, checks them against scikit-learn, writes
how scores of the risk of leaving are to be read as probabilities, and the
customers to decide on with what the models say of each.

    pip install --no-deps -r ../training/requirements.txt
    python train.py

Every run with the pinned versions writes the same bytes.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import onnx_files

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

SEED = 11
DAY = date(2026, 11, 2)  # the customers are as of this day
CUSTOMERS = 9_000  # the last ones are measured on, and some of them shipped
MEASURED = 3_000
SHIPPED = 600
KNOTS = 11
MAX_BYTES = 150_000
ABOUT = [
    "`propensity.onnx` is the probability that a customer takes an offer, one row an",
    "offer; `attrition.onnx` scores how likely a customer leaves. The latter learned",
    "from as many leavers as stayers, so its score is no probability before",
    "`calibration.csv` is applied. `expected.csv` is their answers for each row of",
    "`data/customers.csv`, none of which was trained on, by ONNX Runtime in Python.",
]
OPERATORS = ["Concat", "Gather", "Identity", "OneHotEncoder", "Reshape", "TreeEnsembleClassifier"]

# The rate of each offer in the policy; campaigns went out with others around it.
RATES = {"mortgage": 0.042, "personal_loan": 0.069, "credit_card": 0.189, "savings": 0.031, "investment": 0.004,
         "insurance": 0.02}
HOMES = ["owner", "tenant", "with_family"]

# The models' numbers: (name in the feed, the customer's field).
NUMBERS = [("age", "age"), ("tenure_months", "tenure"), ("income", "income"), ("balance", "balance"),
           ("products", "products"), ("logins", "logins"), ("complaints", "complaints")]


def customer(random):
    age = int(np.clip(random.normal(44, 16), 18, 88))
    owner = random.random() < np.clip((age - 22) / 50, 0.03, 0.75)
    home = "owner" if owner else ("with_family" if random.random() < max(0.05, (32 - age) / 20) else "tenant")
    income = float(random.lognormal(7.6, 0.45)) * (0.7 if age > 67 or age < 23 else 1)
    balance = float(random.lognormal(7.4, 1.4)) * (1 + max(age - 40, 0) / 30)
    held = {
        "mortgage": owner and age < 68 and random.random() < 0.6,
        "personal_loan": random.random() < 0.14,
        "credit_card": random.random() < 0.45,
        "savings": random.random() < 0.5,
        "investment": random.random() < 0.15 * (1 + (balance > 8_000)),
        "insurance": random.random() < 0.25,
    }
    contacted = random.random() < 0.6
    return {
        "age": age, "home": home, "income": round(income), "balance": round(balance, 2),
        "tenure": int(random.gamma(2, 40)) + 1, "held": held, "products": sum(held.values()),
        "logins": int(random.poisson(random.gamma(2, 5))), "complaints": int(random.poisson(0.15)),
        "late": int(random.random() < 0.10) * int(random.integers(1, 4)),
        "consent": random.random() < 0.86,
        "contacted": DAY - timedelta(days=int(random.integers(1, 200))) if contacted else None,
    }


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def takes(who, offer, rate):
    """How probable it is that the customer takes the offer: what the model is to find."""
    dear = (rate / RATES[offer] - 1) * 3
    return sigmoid({
        "mortgage": -4.2 + 2.0 * (who["home"] == "tenant") + 1.3 * (25 <= who["age"] <= 42) + (who["income"] > 2_500) - dear,
        "personal_loan": -3.2 + 1.6 * (who["balance"] < 1_000) + 1.0 * (who["age"] < 40) - dear,
        "credit_card": -3.0 + 0.09 * min(who["logins"], 25) + 0.7 * (who["age"] < 35) - 0.6 * dear,
        "savings": -2.3 + 0.5 * np.log(max(who["balance"], 50) / 2_000) + 0.5 * (who["age"] > 55) + dear,
        "investment": -4.0 + 0.8 * np.log(max(who["balance"], 50) / 2_000) + 0.04 * min(who["logins"], 25) - 0.5 * dear,
        "insurance": -3.2 + 1.7 * (who["home"] == "owner") + 0.6 * (who["tenure"] > 60) - 0.8 * dear,
    }[offer] - 0.9 * min(who["complaints"], 2))


def leaves(who):
    return sigmoid(-1.7 + 1.2 * min(who["complaints"], 3) - 0.45 * who["products"] - 0.012 * min(who["tenure"], 150)
                   - 0.06 * min(who["logins"], 25) + 0.8 * (who["balance"] < 400) + 0.9 * (who["products"] == 0))


def features(rows, texts):
    """Feeds by name, each with a column of a value a row; rows are (customer, offer, rate)."""
    columns = {"offer": lambda row: row[1], "home": lambda row: row[0]["home"], "rate": lambda row: row[2]}
    columns |= {name: (lambda row, field=field: row[0][field]) for name, field in NUMBERS}
    names = [*texts, *(["rate"] if "offer" in texts else []), *(name for name, _ in NUMBERS)]
    return {
        name: np.array([[columns[name](row)] for row in rows], dtype=object if name in texts else np.float32)
        for name in names
    }


def matrix(feeds):
    return np.hstack([np.asarray(feed, dtype=object) for feed in feeds.values()])


def trained(feeds, texts, y, **trees):
    encode = ColumnTransformer(
        [("texts", OneHotEncoder(categories=list(texts.values()), sparse_output=False), list(range(len(texts))))],
        remainder="passthrough",
    )
    trees = GradientBoostingClassifier(min_samples_leaf=40, subsample=0.8, random_state=SEED, **trees)
    return Pipeline([("encode", encode), ("trees", trees)]).fit(matrix(feeds), y)


def export(model, name, feeds, texts):
    inputs = [(feed, (StringTensorType if feed in texts else FloatTensorType)([None, 1])) for feed in feeds]
    proto = to_onnx(model, name=name, initial_types=inputs, target_opset=onnx_files.TARGET_OPSET,
                    options={"zipmap": False})
    path = HERE / "models" / f"{name}.onnx"
    facts = onnx_files.save(proto, path, outputs=["label", "probabilities"], operators=OPERATORS, max_bytes=MAX_BYTES)
    return path, facts


def answers(path, model, feeds):
    p = onnx_files.run(path, feeds, "probabilities")[:, 1]
    return p, onnx_files.same(path, p, model.predict_proba(matrix(feeds))[:, 1])


def knots(score, left):
    """The risk of leaving at scores from 0 to 1, by a logistic curve through those who left (Platt)."""
    odds = lambda s: np.log(np.clip(s, 0.01, 0.99) / (1 - np.clip(s, 0.01, 0.99))).reshape(-1, 1)
    curve = LogisticRegression(C=1e6).fit(odds(score), left)
    at = np.linspace(0, 1, KNOTS)
    return [(f"{a:.1f}", f"{p:.4f}") for a, p in zip(at, curve.predict_proba(odds(at))[:, 1])]


def main():
    random = np.random.default_rng(SEED)
    people = [customer(random) for _ in range(CUSTOMERS)]
    seen, measured = people[:-MEASURED], people[-MEASURED:]

    # Campaigns offered each customer two things they did not hold.
    texts = {"offer": list(RATES), "home": HOMES}
    campaigns = []
    for who in people:
        open_ones = [offer for offer in RATES if not who["held"][offer]]
        for offer in random.permutation(open_ones)[:2]:
            campaigns.append((who, str(offer), round(RATES[offer] * float(random.uniform(0.7, 1.4)), 4)))
    took = (random.random(len(campaigns)) < [takes(*row) for row in campaigns]).astype(int)
    first_measured = {id(who) for who in measured}
    late = np.array([id(row[0]) in first_measured for row in campaigns])
    feeds = features(campaigns, texts)
    part = lambda feeds, rows: {name: feed[rows] for name, feed in feeds.items()}
    model = trained(part(feeds, ~late), texts, took[~late], n_estimators=110, learning_rate=0.08, max_depth=4)
    path, facts = export(model, "propensity", feeds, texts)
    p, facts["apart"] = answers(path, model, feeds)
    facts["auc"] = onnx_files.at_least(path, "AUC", roc_auc_score(took[late], p[late]), 0.7)
    facts["rows"] = onnx_files.rows_of((~late).sum(), late.sum())
    facts["share"] = f"{took[~late].mean():.3f}, {took[late].mean():.3f}"
    models = {path.name: facts}

    # Few leave, so half of those that the model learns from are made to be leavers.
    homes = {"home": HOMES}
    left = (random.random(len(people)) < [leaves(who) for who in people]).astype(int)
    train = np.arange(len(seen))
    leavers = random.choice(train[left[train] == 1], (left[train] == 0).sum())
    balanced = np.concatenate([train[left[train] == 0], leavers])
    feeds = features([(who, None, None) for who in people], homes)
    model = trained(part(feeds, balanced), homes, left[balanced], n_estimators=60, learning_rate=0.08, max_depth=2)
    path, facts = export(model, "attrition", feeds, homes)
    s, facts["apart"] = answers(path, model, feeds)
    rest = np.arange(len(seen), len(people))
    facts["auc"] = onnx_files.at_least(path, "AUC", roc_auc_score(left[rest], s[rest]), 0.7)
    facts["rows"] = onnx_files.rows_of(len(balanced), len(rest))
    facts["share"] = f"{left[balanced].mean():.3f}, {left[rest].mean():.3f}"
    models[path.name] = facts
    onnx_files.write_readme(HERE / "models" / "README.md", ABOUT, models)
    first = rest[: MEASURED // 2]  # those shipped are of the others
    onnx_files.write_csv(HERE / "calibration.csv", ["score", "probability"], knots(s[first], left[first]))

    shipped = list(range(len(people) - SHIPPED, len(people)))
    onnx_files.write_csv(
        HERE / "data" / "customers.csv",
        ["row_id", "customer.age", "customer.home", "customer.income", "customer.balance", "customer.tenure_months",
         "customer.logins", "customer.complaints", "customer.late_payments", *(f"holds.{offer}" for offer in RATES),
         "contact.consent", "contact.last_offer"],
        [[number, w["age"], w["home"], w["income"], f"{w['balance']:.2f}", w["tenure"], w["logins"], w["complaints"],
          w["late"], *(str(bool(w["held"][offer])).lower() for offer in RATES), str(bool(w["consent"])).lower(),
          w["contacted"].isoformat() if w["contacted"] else ""]
         for number, w in ((number, people[row]) for number, row in enumerate(shipped, start=1))],
    )
    offers = [(people[row], offer, RATES[offer]) for row in shipped for offer in RATES]
    p = onnx_files.run(HERE / "models" / "propensity.onnx", features(offers, texts), "probabilities")[:, 1]
    p = p.reshape(SHIPPED, len(RATES))
    onnx_files.write_csv(
        HERE / "models" / "expected.csv",
        ["row_id", "attrition.score", *(f"propensity.{offer}" for offer in RATES)],
        [[number, *map(onnx_files.number_text, [s[row], *p[number - 1]])] for number, row in enumerate(shipped, start=1)],
    )


if __name__ == "__main__":
    main()
