//! What is asked of one value, and what is made of all elements of a list.

use super::Tally;

/// Forms with one value, `#`, and what comes of each type: its letter, or the code
/// of the mistake
const SINGLE: &str = r#"
                                             | i    d    p    e    g    c    b    t    y    z    u    l    r    s    o    f
-(#)                                         | i    d    p    e    g    c    0302 0302 0302 0302 u    0302 0206 0206 0401 0340
abs(#)                                       | i    d    p    e    g    c    0302 0302 0302 0302 u    0302 0206 0206 0401 0340
not #                                        | 0303 0303 0303 0303 0303 0303 b    0303 0303 0303 0303 0303 0206 0206 0401 0340
if # then 1 else 2                           | 0303 0303 0303 0303 0303 0303 i    0303 0303 0303 0303 0303 0206 0206 0401 0340
(#)                                          | i    d    p    e    g    c    b    t    y    z    u    l    0206 0206 0401 0340
floor(#)                                     | 0306 i    0306 e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
ceiling(#)                                   | 0306 i    0306 e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
truncate(#)                                  | 0306 i    0306 e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded to 2 digits                        | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded half up to 2 digits                | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded half even to 1 digit               | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded half down to 1 digit               | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded up to 0 digits                     | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# rounded down to 0 digits                   | 0306 d    p    e    g    c    0302 0302 0302 0302 0302 0302 0206 0206 0401 0340
# is present                                 | 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0206 0206 b    0402
# is missing                                 | 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0206 0206 b    0402
# is not missing                             | 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0206 0206 b    0402
# if missing fault                           | 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0206 0206 i    0340
match # { missing : 1, otherwise : 2 }       | 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0402 0206 0206 i    0340
year of #                                    | 0349 0349 0349 0349 0349 0349 0349 0349 i    i    0349 0349 0206 0206 0401 0340
month of #                                   | 0349 0349 0349 0349 0349 0349 0349 0349 i    i    0349 0349 0206 0206 0401 0340
day of #                                     | 0349 0349 0349 0349 0349 0349 0349 0349 i    i    0349 0349 0206 0206 0401 0340
weekday of #                                 | 0349 0349 0349 0349 0349 0349 0349 0349 i    i    0349 0349 0206 0206 0401 0340
date of #                                    | 0349 0349 0349 0349 0349 0349 0349 0349 0349 y    0349 0349 0206 0206 0401 0340
hour of #                                    | 0349 0349 0349 0349 0349 0349 0349 0349 0349 i    0349 0349 0206 0206 0401 0340
minute of #                                  | 0349 0349 0349 0349 0349 0349 0349 0349 0349 i    0349 0349 0206 0206 0401 0340
(#) seconds                                  | u    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) minutes                                  | u    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) hours                                    | u    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) days                                     | u    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) weeks                                    | u    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) months                                   | 0345 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
(#) years                                    | 0345 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
# + 2 seconds                                | 0349 0349 0349 0349 0349 0349 0349 0349 0349 z    u    0349 0206 0206 0401 0340
# + 2 minutes                                | 0349 0349 0349 0349 0349 0349 0349 0349 0349 z    u    0349 0206 0206 0401 0340
# - 2 hours                                  | 0349 0349 0349 0349 0349 0349 0349 0349 0349 z    u    0349 0206 0206 0401 0340
# + 2 days                                   | 0349 0349 0349 0349 0349 0349 0349 0349 y    z    u    0349 0206 0206 0401 0340
# - 2 weeks                                  | 0349 0349 0349 0349 0349 0349 0349 0349 y    z    u    0349 0206 0206 0401 0340
# + 2 months                                 | 0345 0345 0345 0345 0345 0345 0345 0345 y    z    0345 0345 0206 0206 0401 0340
# - 2 years                                  | 0345 0345 0345 0345 0345 0345 0345 0345 y    z    0345 0345 0206 0206 0401 0340
y + (#) days                                 | y    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
z - (#) months                               | z    0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0301 0206 0206 0401 0340
lower(#)                                     | 0368 0368 0368 0368 0368 0368 0368 t    0368 0368 0368 0368 0206 0206 0401 0340
upper(#)                                     | 0368 0368 0368 0368 0368 0368 0368 t    0368 0368 0368 0368 0206 0206 0401 0340
trim(#)                                      | 0368 0368 0368 0368 0368 0368 0368 t    0368 0368 0368 0368 0206 0206 0401 0340
length(#)                                    | 0368 0368 0368 0368 0368 0368 0368 i    0368 0368 0368 0368 0206 0206 0401 0340
# matches "a+"                               | 0368 0368 0368 0368 0368 0368 0368 b    0368 0368 0368 0368 0206 0206 0401 0340
# does not match "a+"                        | 0368 0368 0368 0368 0368 0368 0368 b    0368 0368 0368 0368 0206 0206 0401 0340
# contains a word in words                   | 0368 0368 0368 0368 0368 0368 0368 b    0368 0368 0368 0368 0206 0206 0401 0340
# in list words                              | 0366 0366 0366 0366 0366 0366 0366 b    0366 0366 0366 0366 0206 0206 0401 0340
# not in list words                          | 0366 0366 0366 0366 0366 0366 0366 b    0366 0366 0366 0366 0206 0206 0401 0340
# in list codes                              | b    b    0366 0366 0366 0366 0366 0366 0366 0366 0366 0366 0206 0206 0401 0340
# in list ratios                             | b    b    0366 0366 0366 0366 0366 0366 0366 0366 0366 0366 0206 0206 0401 0340
# in list days                               | 0366 0366 0366 0366 0366 0366 0366 0366 b    0366 0366 0366 0206 0206 0401 0340
count of #                                   | 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 i    0372 0372
sum of #                                     | 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 i    0372 0372
any # > 1                                    | 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 b    0372 0372
every of # where each > 1                    | 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 0372 b    0372 0372
"#;

/// Forms with what may be missing and with lists of each type, `#` for its letter
const OF_EACH: &str = r#"
                                             | i    d    p    e    g    c    b    t    y    z    u    l
maybe_# is present                           | b    b    b    b    b    b    b    b    b    b    b    b
maybe_# if missing fault                     | i    d    p    e    g    c    b    t    y    z    u    l
match maybe_# { missing : 1, otherwise : 2 } | i    i    i    i    i    i    i    i    i    i    i    i
match # { # : 1, otherwise : 2 }             | i    i    i    i    i    i    i    i    i    i    i    i
count of list_#                              | i    i    i    i    i    i    i    i    i    i    i    i
count of list_# where each is #              | i    i    i    i    i    i    i    i    i    i    i    i
sum of list_#                                | i    d    p    e    g    c    0376 0376 0376 0376 u    0376
average of list_# if none #                  | d    d    p    e    g    c    0376 0376 0376 0376 0376 0376
min of list_# if none #                      | i    d    p    e    g    c    0376 0376 y    z    u    0376
max of list_# if none #                      | i    d    p    e    g    c    0376 0376 y    z    u    0376
first of list_# if none #                    | i    d    p    e    g    c    b    t    y    z    u    l
any list_# is #                              | b    b    b    b    b    b    b    b    b    b    b    b
every list_# is not #                        | b    b    b    b    b    b    b    b    b    b    b    b
any list_# > #                               | b    b    b    b    b    b    0304 0304 b    b    b    0304
every list_# in # to #                       | b    b    b    b    b    b    0304 0304 b    b    b    0304
any list_# before #                          | 0349 0349 0349 0349 0349 0349 0304 0304 b    b    0349 0304
any list_# starts with #                     | 0368 0368 0368 0368 0368 0368 0368 b    0368 0368 0368 0368
any of list_# where each                     | 0303 0303 0303 0303 0303 0303 b    0303 0303 0303 0303 0303
sum of (each * 2) over list_#                | i    d    p    e    g    c    0302 0302 0302 0302 u    0302
"#;

/// The cells of a table, each with what is written.
fn cells(table: &str) -> Vec<(String, String)> {
    let mut rows = table.trim_matches('\n').lines();
    let names: Vec<&str> = rows.next().unwrap().split_whitespace().skip(1).collect();
    let mut all = Vec::new();
    for row in rows {
        let (form, cells) = row.split_once(" | ").unwrap();
        let cells: Vec<&str> = cells.split_whitespace().collect();
        assert_eq!(cells.len(), names.len(), "{row}");
        let written = names.iter().map(|name| form.trim().replace('#', name));
        all.extend(written.zip(cells.into_iter().map(str::to_owned)));
    }
    all
}

#[test]
fn every_value_comes_to_what_the_page_says() {
    let mut tally = Tally::default();
    for table in [SINGLE, OF_EACH] {
        tally.hold(&cells(table));
    }
    let forms = [SINGLE, OF_EACH].map(|table| table.trim().lines().count() - 1);
    tally.told(&format!("{} forms with one value", forms[0] + forms[1]));
}
