"""Makes the transactions and the models of the card fraud example.

Simulates cards, what they pay and what thieves pay with some of them, trains a
gradient boosting model of fraud and an isolation forest of what is unusual for
a card, writes both as ONNX, checks them against scikit-learn, and writes the
last days with what the models say of each transaction.

    pip install --no-deps -r ../training/requirements.txt
    python train.py

Every run with the pinned versions writes the same bytes.
"""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import onnx_files

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier, IsolationForest
from sklearn.metrics import roc_auc_score

SEED = 7
BEGIN = datetime(2026, 9, 1, tzinfo=timezone.utc)
ZONE = ZoneInfo("Europe/Paris")  # the policy's time zone
DAYS = 62  # September and October
LAST = 6  # the days that are shipped, and that no model was trained on
CARDS = 450
MAX_BYTES = 150_000
ABOUT = [
    "`fraud.onnx` is gradient boosting: P(fraud). `anomaly.onnx` is an isolation",
    "forest that was shown no frauds' labels: `scores` falls below zero for what is",
    "unusual; its AUC is that of the score's negative. The columns of `input` are",
    "`features` in `card_fraud.krites`, in that order. `expected.csv` is the answers",
    "for each row of `data/transactions.csv`, the six days behind those trained on,",
    "by ONNX Runtime in Python.",
]
FOREST = ["Add", "Cast", "Div", "Equal", "Gather", "Greater", "LabelEncoder", "Less", "Log", "Max", "Mul", "Neg", "Pow",
          "Reshape", "Sum", "TreeEnsembleRegressor"]

# (country, share of travel and of orders abroad, how often thieves use it)
ABROAD = [("DE", 20, 2), ("NL", 12, 2), ("ES", 20, 4), ("IT", 18, 4), ("GB", 14, 8), ("US", 8, 16), ("TR", 3, 10),
          ("RO", 2, 14), ("BR", 1, 14), ("NG", 1, 14), ("KP", 0, 1)]
HOME = "FR"
CHANNELS = {"chip": 1, "contactless": 2, "atm": 3, "online": 4}
# (category, code, median amount in EUR, share of payments)
CATEGORIES = [("groceries", 1, 32, 34), ("restaurants", 2, 24, 22), ("fuel", 3, 55, 10), ("fashion", 4, 60, 10),
              ("electronics", 5, 140, 6), ("travel", 6, 210, 5), ("gift_cards", 7, 50, 3), ("cash", 8, 80, 10)]
CODES = {name: code for name, code, _, _ in CATEGORIES}
MEDIANS = {name: median for name, _, median, _ in CATEGORIES}
MERCHANTS = {name: [f"{name[:3].upper()}-{number:03}" for number in range(1, 41)] for name in CODES}
TESTED_AT = ["GIF-007", "GIF-021", "ELE-033"]  # shops that thieves test cards at

# The columns of the models' matrix, in this order.
FEATURES = ["amount", "times_usual", "hour", "channel", "category", "abroad", "hops", "count_1h", "count_24h",
            "declined_24h", "known_device", "card_age_days"]

HEADER = ["row_id", "tx.amount", "tx.at", "tx.channel", "tx.country", "merchant.id", "merchant.category",
          "card.status", "card.issued", "card.usual_amount", "card.limit_left", "card.last_country",
          "card.count_1h", "card.count_24h", "card.declined_24h", "device.known", "fraud_flag"]


def drawn(random, weighted):
    words, weights = zip(*weighted)
    weights = np.array(weights, dtype=float)
    return str(random.choice(words, p=weights / weights.sum()))


def honest(random, card):
    """The payments of a card's holder, with a journey abroad now and then."""
    journey = None
    for day in range(DAYS):
        if journey is None and random.random() < 0.012:
            journey = (drawn(random, [(c, w) for c, w, _ in ABROAD]), day + int(random.integers(2, 9)))
        if journey and day > journey[1]:
            journey = None
        for _ in range(random.poisson(card["a_day"])):
            category = drawn(random, [(name, share) for name, _, _, share in CATEGORIES])
            hour = int(np.clip(random.normal(15, 4), 0, 23))
            at = BEGIN + timedelta(days=day, hours=hour, minutes=int(random.integers(60)), seconds=int(random.integers(60)))
            channel = "atm" if category == "cash" else drawn(random, [("chip", 30), ("contactless", 45), ("online", 25)])
            country = journey[0] if journey else HOME
            if channel == "online" and random.random() < 0.10:
                country = drawn(random, [(c, w) for c, w, _ in ABROAD])
            amount = MEDIANS[category] * card["spends"] * float(random.lognormal(0, 0.6))
            yield {
                "at": at, "category": category, "channel": channel, "country": country,
                "amount": round(min(amount, 4_000), 2), "merchant": str(random.choice(MERCHANTS[category])),
                "known": channel != "online" or random.random() < 0.85, "fraud": 0,
            }
            if channel == "online" and random.random() < 0.12:  # a spree: more orders right behind it
                for _ in range(int(random.integers(1, 4))):
                    at = at + timedelta(minutes=float(random.exponential(20)))
                    category = drawn(random, [("fashion", 3), ("electronics", 2), ("travel", 1), ("gift_cards", 1)])
                    yield {
                        "at": at, "category": category, "channel": channel, "country": country,
                        "amount": round(MEDIANS[category] * card["spends"] * float(random.lognormal(0, 0.8)), 2),
                        "merchant": str(random.choice(MERCHANTS[category])),
                        "known": random.random() < 0.85, "fraud": 0,
                    }


def stolen(random, card):
    """A thief tests the card with little, then takes much; some strike once."""
    at = BEGIN + timedelta(days=float(random.uniform(0, DAYS - 1)), hours=float(random.normal(8, 7)))
    country = drawn(random, [(c, w) for c, _, w in ABROAD])
    tests = int(random.choice([0, 1, 3, 5], p=[0.35, 0.25, 0.25, 0.15]))
    takes = int(random.integers(1, 5))
    for number in range(tests + takes):
        testing = number < tests
        category = drawn(random, [("gift_cards", 3), ("electronics", 4), ("fashion", 4), ("travel", 2), ("groceries", 1)])
        base = 6 if testing else 1.3 * MEDIANS[category]
        shop = random.choice(TESTED_AT) if testing and random.random() < 0.6 else random.choice(MERCHANTS[category])
        yield {
            "at": at, "category": category, "channel": "online" if random.random() < 0.85 else "chip",
            "country": HOME if random.random() < 0.6 else country, "amount": round(base * float(random.lognormal(0, 0.5)), 2),
            "merchant": str(shop), "known": random.random() < 0.4, "fraud": 1,
        }
        at = at + timedelta(minutes=float(random.exponential(15 if testing else 90)))


def transactions():
    """All payments in the order of time, each with what the bank knows of the card then."""
    random = np.random.default_rng(SEED)
    rows = []
    for number in range(CARDS):
        card = {"a_day": float(random.gamma(2, 0.35)), "spends": float(random.lognormal(0, 0.35))}
        issued = BEGIN - timedelta(days=int(random.integers(5, 1_400)))
        usual = round(45 * card["spends"], 2)
        payments = list(honest(random, card))
        if random.random() < 0.30:
            payments += stolen(random, card)
        payments.sort(key=lambda payment: payment["at"])
        limit = round(float(random.choice([4_000, 7_000, 10_000])), 2)
        country, declined, month, spent = HOME, [], BEGIN.month, 0.0
        status = "active"
        for position, payment in enumerate(payments):
            if status != "active" and not payment["fraud"]:
                continue  # its holder has another card
            at = payment["at"].replace(microsecond=0)
            if at.month != month:
                month, spent = at.month, 0.0
            earlier = [p["at"] for p in payments[:position]]
            left = round(limit - spent, 2)
            row = {
                **payment, "at": at, "issued": issued.date(), "usual": usual, "left": max(left, 0.0),
                "last_country": country, "status": status,
                "count_1h": sum(payment["at"] - e <= timedelta(hours=1) for e in earlier),
                "count_24h": sum(payment["at"] - e <= timedelta(hours=24) for e in earlier),
                "declined_24h": sum(payment["at"] - e <= timedelta(hours=24) for e in declined),
            }
            rows.append(row)
            if payment["amount"] > left or (payment["fraud"] and random.random() < 0.25):
                declined.append(payment["at"])
            else:
                spent += payment["amount"]
            if payment["channel"] != "online":
                country = payment["country"]
            if payment["fraud"] and random.random() < 0.06:
                status = str(random.choice(["lost", "stolen"]))
    return sorted(rows, key=lambda row: (row["at"], row["merchant"], row["amount"]))


def encode(row):
    """One row of the matrix, as the policy's columns compute it."""
    local = row["at"].astimezone(ZONE)
    return [
        row["amount"],
        min(row["amount"] / row["usual"], 50),
        local.hour,
        CHANNELS[row["channel"]],
        CODES[row["category"]],
        int(row["country"] != HOME),
        int(row["country"] != row["last_country"]),
        row["count_1h"],
        row["count_24h"],
        row["declined_24h"],
        int(row["known"]),
        (local.date() - row["issued"]).days,
    ]


def export(model, name, path, outputs, operators, **options):
    proto = to_onnx(
        model,
        name=name,
        initial_types=[("input", FloatTensorType([None, len(FEATURES)]))],
        target_opset=onnx_files.TARGET_OPSET,
        options=options or None,
    )
    return onnx_files.save(proto, path, outputs=outputs, operators=operators, max_bytes=MAX_BYTES)


def boolean(value):
    return "true" if value else "false"


def main():
    rows = transactions()
    x = np.array([encode(row) for row in rows], dtype=np.float32)
    y = np.array([row["fraud"] for row in rows])
    shipped = np.array([row["at"] >= BEGIN + timedelta(days=DAYS - LAST) for row in rows])
    train = ~shipped
    common = {
        "rows": onnx_files.rows_of(train.sum(), shipped.sum()),
        "share": f"{y[train].mean():.3f}, {y[shipped].mean():.3f}",
    }

    fraud = GradientBoostingClassifier(
        n_estimators=80, learning_rate=0.08, max_depth=3, min_samples_leaf=20, subsample=0.8, random_state=SEED
    ).fit(x[train], y[train])
    path = HERE / "models" / "fraud.onnx"
    facts = export(fraud, "fraud", path, ["label", "probabilities"],
                   ["Cast", "Identity", "TreeEnsembleClassifier"], zipmap=False)
    p = onnx_files.run(path, {"input": x}, "probabilities")[:, 1]
    facts["apart"] = onnx_files.same(path, p, fraud.predict_proba(x)[:, 1])
    facts["auc"] = onnx_files.at_least(path, "AUC", roc_auc_score(y[shipped], p[shipped]), 0.9)
    models = {path.name: facts | common}

    unusual = IsolationForest(n_estimators=30, max_samples=64, random_state=SEED).fit(x[train])
    path = HERE / "models" / "anomaly.onnx"
    facts = export(unusual, "anomaly", path, ["label", "scores"], FOREST, score_samples=False)
    s = onnx_files.run(path, {"input": x}, "scores")[:, 0]
    facts["apart"] = onnx_files.same(path, s, unusual.decision_function(x))
    facts["auc"] = onnx_files.at_least(path, "AUC", roc_auc_score(y[shipped], -s[shipped]), 0.75)
    models[path.name] = facts | common
    onnx_files.write_readme(HERE / "models" / "README.md", ABOUT, models)
    numbered = list(enumerate(np.flatnonzero(shipped), start=1))
    onnx_files.write_csv(HERE / "data" / "transactions.csv", HEADER, [
        [number, f"{r['amount']:.2f}", r["at"].isoformat().replace("+00:00", "Z"), r["channel"], r["country"],
         r["merchant"], r["category"], r["status"], r["issued"].isoformat(), f"{r['usual']:.2f}", f"{r['left']:.2f}",
         r["last_country"], r["count_1h"], r["count_24h"], r["declined_24h"], boolean(r["known"]), r["fraud"]]
        for number, r in ((number, rows[row]) for number, row in numbered)
    ])
    onnx_files.write_csv(
        HERE / "models" / "expected.csv",
        ["row_id", "fraud.probability", "anomaly.score"],
        [[number, onnx_files.number_text(p[row]), onnx_files.number_text(s[row])] for number, row in numbered],
    )


if __name__ == "__main__":
    main()
