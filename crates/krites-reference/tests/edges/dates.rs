//! Dates, datetimes and durations, in London.

use crate::outputs_with;

const ITEMS: &str = "
input {
    d : date default 2024-02-29
    e : date default 2026-11-02
    t1 : datetime default 2026-03-28T12:00:00Z
    t2 : datetime default 2026-10-25T01:30:00Z
    l : duration default 36 hours
}
";

#[test]
fn days_move_by_the_calendar() {
    outputs_with(
        ITEMS,
        &[
            ("date", "d + 1 year", &[], "2025-02-28"),
            ("date", "d + a months", &[("a", "12")], "2025-02-28"),
            ("date", "d - 1 month", &[("d", "2024-03-31")], "2024-02-29"),
            ("date", "e - 2 weeks", &[], "2026-10-19"),
            ("date", "e + a days", &[("a", "-14")], "2026-10-19"),
            ("date", "e + 1 month + 1 day - 1 year", &[], "2025-12-03"),
            (
                "date",
                "e + a days",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            (
                "date",
                "e + a weeks",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            (
                "date",
                "e + a years",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            (
                "date",
                "e - (a * 2) days",
                &[("a", "9223372036854775807")],
                "fault: too large",
            ),
            (
                "date",
                "d + 1 day",
                &[("d", "9999-12-31")],
                "fault: beyond the calendar",
            ),
            (
                "date",
                "d - 1 month",
                &[("d", "0001-01-31")],
                "fault: beyond the calendar",
            ),
            ("boolean", "d before e and e after d", &[], "true"),
            ("date", "max(d, e)", &[], "2026-11-02"),
        ],
    );
}

#[test]
fn whole_units_pass() {
    outputs_with(
        ITEMS,
        &[
            ("integer", "years from d to e", &[], "2"),
            ("integer", "years from d to e", &[("e", "2025-02-28")], "1"),
            ("integer", "years from e to d", &[("e", "2025-02-28")], "-1"),
            (
                "integer",
                "months from d to e",
                &[("d", "2026-01-31"), ("e", "2026-02-28")],
                "1",
            ),
            (
                "integer",
                "months from e to d",
                &[("d", "2026-01-31"), ("e", "2026-02-28")],
                "-1",
            ),
            (
                "integer",
                "months from d to e",
                &[("d", "2026-01-30"), ("e", "2026-02-27")],
                "0",
            ),
            ("integer", "weeks from e to d", &[], "-139"),
            (
                "integer",
                "days from d to e",
                &[("d", "0001-01-01"), ("e", "9999-12-31")],
                "3652058",
            ),
            (
                "integer",
                "years from d to e",
                &[("d", "0001-01-01"), ("e", "9999-12-31")],
                "9998",
            ),
            ("integer", "days from t1 to t2", &[], "210"),
            (
                "integer",
                "days from t1 to t2",
                &[
                    ("t1", "2026-10-24T00:30:00Z"),
                    ("t2", "2026-10-25T00:30:00Z"),
                ],
                "1",
            ),
            (
                "integer",
                "days from t1 to t2",
                &[
                    ("t1", "2026-10-24T00:30:00Z"),
                    ("t2", "2026-10-25T00:29:59Z"),
                ],
                "0",
            ),
            (
                "integer",
                "days from t2 to t1",
                &[
                    ("t1", "2026-03-28T12:00:00Z"),
                    ("t2", "2026-03-29T11:00:00Z"),
                ],
                "-1",
            ),
            ("integer", "hours from t1 to t2", &[], "5053"),
            (
                "integer",
                "minutes from t2 to t1",
                &[("t2", "2026-03-28T12:01:59.999Z")],
                "-1",
            ),
            (
                "integer",
                "seconds from t1 to t2",
                &[("t2", "2026-03-28T11:59:59.1Z")],
                "0",
            ),
            (
                "integer",
                "months from t1 to t2",
                &[
                    ("t1", "2026-03-28T12:00:00Z"),
                    ("t2", "2026-04-28T11:00:00Z"),
                ],
                "1",
            ),
        ],
    );
}

#[test]
fn datetimes_move_by_their_clocks() {
    outputs_with(
        ITEMS,
        &[
            ("datetime", "t1 + 1 day", &[], "2026-03-29T11:00:00.000000Z"),
            (
                "datetime",
                "t1 + 24 hours",
                &[],
                "2026-03-29T12:00:00.000000Z",
            ),
            (
                "datetime",
                "t1 + 1 day",
                &[("t1", "2026-03-28T01:30:00Z")],
                "2026-03-29T01:30:00.000000Z",
            ),
            (
                "datetime",
                "t2 + 0 days",
                &[],
                "2026-10-25T01:30:00.000000Z",
            ),
            (
                "datetime",
                "t2 - 1 day + 1 day",
                &[],
                "2026-10-25T00:30:00.000000Z",
            ),
            ("datetime", "t2 + l", &[], "2026-10-26T13:30:00.000000Z"),
            ("datetime", "t2 - l", &[], "2026-10-23T13:30:00.000000Z"),
            (
                "datetime",
                "t1 + a seconds",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            ("duration", "t2 - t1", &[], "18192600000000 microseconds"),
            ("duration", "t1 - t2", &[], "-18192600000000 microseconds"),
        ],
    );
}

#[test]
fn durations_have_their_own_arithmetic() {
    outputs_with(
        ITEMS,
        &[
            (
                "duration",
                "2 days + 4 hours",
                &[],
                "187200000000 microseconds",
            ),
            ("duration", "l - 1 week", &[], "-475200000000 microseconds"),
            ("duration", "l * 2", &[], "259200000000 microseconds"),
            (
                "duration",
                "l * a",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            (
                "duration",
                "a days + l",
                &[("a", "9223372036854775807")],
                "fault: beyond the calendar",
            ),
            (
                "duration",
                "a days",
                &[("a", "3")],
                "259200000000 microseconds",
            ),
            ("boolean", "l > 1 day and l < 37 hours", &[], "true"),
            (
                "duration",
                "max(l, 1 day)",
                &[],
                "129600000000 microseconds",
            ),
        ],
    );
}

#[test]
fn dates_have_parts() {
    outputs_with(
        ITEMS,
        &[
            (
                "integer",
                "year of d * 10000 + month of d * 100 + day of d",
                &[],
                "20240229",
            ),
            ("integer", "weekday of e", &[], "1"),
            ("integer", "weekday of d", &[("d", "2026-11-08")], "7"),
            (
                "date",
                "date of t1",
                &[("t1", "2026-07-01T23:30:00Z")],
                "2026-07-02",
            ),
            (
                "integer",
                "hour of t1 * 100 + minute of t1",
                &[("t1", "2026-07-01T23:30:59Z")],
                "30",
            ),
            (
                "integer",
                "day of t1",
                &[("t1", "2026-07-01T23:30:00Z")],
                "2",
            ),
            (
                "date",
                "date of t1",
                &[("t1", "9999-12-31T23:59:59Z")],
                "9999-12-31",
            ),
        ],
    );
}
