//! Dates, datetimes and durations on their way in and out of a decision.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use krites::{Date, DateTime, Decider, Duration, Engine, Envelope, OutputValue, Release};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const CLAIMS: &str = r#"
policy claims {
    version   "1"
    time zone "Europe/London"
}

enum Outcome { approve < refer }

input {
    claim.sent : datetime in 2020-01-01T00:00 and above
    claim.wait : duration default 90 minutes
    claim.seen : datetime? private
    opened     : date
}

decide outcome : Outcome most severe {
    rule late  when claim.seen is present and days from claim.sent to claim.seen > 2 then refer
    rule night when hour of claim.sent < 6 or weekday of claim.sent is 7 then refer
    rule old   when opened before decision_date - 2 years then refer
    rule rest otherwise then approve
}

output {
    answer_by : datetime  = claim.sent + claim.wait
    next_day  : datetime  = claim.sent + 1 day
    twice     : duration  = claim.wait * 2
    renewal   : date      = opened + 1 year
    months    : integer   = months from opened to date of claim.sent
    seen      : datetime? = claim.seen
}
"#;

fn day() -> Date {
    Date::new(2026, 3, 30).unwrap()
}

fn decider() -> Decider {
    let release = Release::builder().policy("claims.krites", CLAIMS).build();
    Engine::new(release.unwrap()).decider("claims").unwrap()
}

#[derive(Serialize)]
struct Facts {
    claim: Claim,
    opened: &'static str,
}

#[derive(Serialize)]
struct Claim {
    sent: &'static str,
    wait: &'static str,
    seen: Option<String>,
}

fn facts() -> Facts {
    Facts {
        claim: Claim {
            sent: "2026-03-28T12:00:00.5+00:00",
            wait: "PT36H",
            seen: None,
        },
        opened: "2024-02-29",
    }
}

#[test]
fn the_same_times_give_the_same_bytes_however_they_come_in() {
    let mut decider = decider();
    let typed = decider.decide(day(), &facts()).unwrap().canonical();
    assert_eq!(
        std::str::from_utf8(&typed).unwrap(),
        "{\"format\":2,\"policy\":\"claims\",\"version\":\"1\",\"decision_date\":\"2026-03-30\",\
         \"outcome\":\"refer\",\"decided\":{},\"outputs\":{\"answer_by\":\"2026-03-30T00:00:00.5Z\",\
         \"next_day\":\"2026-03-29T11:00:00.5Z\",\"twice\":\"P3D\",\"renewal\":\"2025-02-28\",\
         \"months\":\"24\",\"seen\":null},\"reasons\":[],\"tags\":[],\"spoken\":[{\"by\":\"outcome.old\",\
         \"for\":\"refer\",\"because\":null}],\"answers\":{}}"
    );
    // Local in London, with an offset of its own, in other units.
    let json = r#"{"claim": {"sent": "2026-03-28T12:00:00.500", "wait": "P1DT12H"}, "opened": "2024-02-29"}"#;
    let text = decider.decide_json(day(), json).unwrap().canonical();
    assert_eq!(text, typed, "JSON text");
    let map = json!({
        "claim.sent": "2026-03-28T14:00:00.5+02:00", "claim.wait": "P1DT720M", "opened": "2024-02-29",
    });
    let map = decider.decide(day(), &map).unwrap().canonical();
    assert_eq!(map, typed, "a map with dotted names");
    let columns = decider
        .columns(["claim.sent", "claim.wait", "claim.seen", "opened"])
        .unwrap();
    let row = csv::StringRecord::from(vec![
        "2026-03-28T12:00:00.5Z",
        "P1DT12H0.0S",
        "",
        "2024-02-29",
    ]);
    let row = decider.decide_row(day(), &columns, &row);
    assert_eq!(row.unwrap().canonical(), typed, "a row");
}

#[test]
fn times_go_out_as_values_and_as_text() {
    let mut decider = decider();
    let decision = decider.decide(day(), &facts()).unwrap();
    let instant = |text| OutputValue::DateTime(DateTime::parse(text, None).unwrap());
    assert_eq!(
        decision.output("answer_by"),
        Some(instant("2026-03-30T00:00:00.5Z"))
    );
    let three_days = Duration::days(3).unwrap();
    assert_eq!(
        decision.output("twice"),
        Some(OutputValue::Duration(three_days))
    );
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outputs {
        answer_by: String,
        next_day: String,
        twice: String,
        renewal: String,
        months: u32,
        seen: Option<String>,
    }
    let outputs: Outputs = decision.outputs_into().unwrap();
    let expected = Outputs {
        answer_by: "2026-03-30T00:00:00.5Z".to_owned(),
        next_day: "2026-03-29T11:00:00.5Z".to_owned(),
        twice: "P3D".to_owned(),
        renewal: "2025-02-28".to_owned(),
        months: 24,
        seen: None,
    };
    assert_eq!(outputs, expected);
    #[derive(Debug, Deserialize)]
    struct Whole {
        #[expect(dead_code, reason = "it is never there")]
        twice: u64,
    }
    assert_eq!(
        decision.outputs_into::<Whole>().unwrap_err().to_string(),
        "output `twice` is a duration, expected a whole number of its width"
    );
}

#[test]
fn a_record_holds_times_as_text_and_no_private_one() {
    let mut decider = decider();
    let mut facts = facts();
    facts.claim.seen = Some("2026-03-31T12:00".to_owned());
    let decision = decider.decide(day(), &facts).unwrap();
    let json: Value = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(
        json["inputs"],
        json!({
            "claim.sent": { "state": "given", "private": false, "value": "2026-03-28T12:00:00.5Z" },
            "claim.wait": { "state": "given", "private": false, "value": "P1DT12H" },
            "claim.seen": { "state": "given", "private": true },
            "opened": { "state": "given", "private": false, "value": "2024-02-29" },
        })
    );
}

#[test]
fn times_that_do_not_fit_are_refused_in_the_policys_words() {
    let mut decider = decider();
    let mut refused = |field: &str, value: Value| {
        let mut facts = json!({"claim.sent": "2026-03-28T12:00Z", "opened": "2024-02-29"});
        facts[field] = value;
        let typed = decider.decide(day(), &facts).err().unwrap().to_string();
        let text = decider.decide_json(day(), &facts.to_string()).err();
        assert_eq!(text.unwrap().to_string(), typed);
        typed
    };
    assert_eq!(
        refused("claim.sent", json!("2026-03-29T01:30")),
        "`claim.sent`: \"2026-03-29T01:30\": local clocks skip this time; with an offset it is \
         `2026-03-29T00:30:00Z` or `2026-03-29T01:30:00Z`"
    );
    assert_eq!(
        refused("claim.seen", json!("2026-10-25T01:30")),
        "`claim.seen`: a private value: local clocks show this time twice; it needs an offset"
    );
    assert_eq!(
        refused("claim.sent", json!(1_774_699_200)),
        "`claim.sent`: expected a datetime as 2026-11-02T14:30:00Z, got 1774699200"
    );
    assert_eq!(
        refused("claim.wait", json!(90)),
        "`claim.wait`: expected a duration as P3DT4H, got 90"
    );
    assert_eq!(
        refused("claim.wait", json!("P1M")),
        "`claim.wait`: \"P1M\": years and months have no fixed length; write days"
    );
    assert_eq!(
        refused("claim.sent", json!("2019-12-31T23:59:59Z")),
        "`claim.sent`: 2019-12-31T23:59:59Z lies outside the range 2020-01-01T00:00:00Z and above"
    );
    assert_eq!(
        refused("opened", json!("2025-02-29")),
        "`opened`: 2025-02-29 is no day of the calendar"
    );
}

#[test]
fn computing_with_times_allocates_nothing() {
    let mut decider = decider();
    let mut facts = facts();
    facts.claim.seen = Some("2026-10-25T01:30Z".to_owned());
    for _ in 0..3 {
        decider.decide(day(), &facts).unwrap();
    }
    let info = allocation_counter::measure(|| {
        decider.decide(day(), &facts).unwrap();
    });
    assert_eq!(info.count_total, 0);
}
