//! Lookups and lists from files. The files are the same for all policies, written so
//! that some of the texts and numbers of cases are found in them.

use super::Writer;
use super::kind::Kind;
use crate::Files;

const BY_TEXT: &str = "\
word,whole,plain,rate,fee,yes,note,day,at,wait,work
car,12,0.5,4.9%,12.50,true,\"a \"\"car\"\"\",2024-02-29,2026-03-29T00:30:00Z,2 days,employed
straße,-3,,0%,,false,,1999-12-31,2026-10-25T01:30:00+01:00,PT36H,SELF
Car loan,0,1234567.000001,-12.5 %,0,true, straße ,2026-11-02,1970-01-01T00:00:00Z,0 days,RET
AB123456,9223372036854775807,2.50,100%,-7.25,false,x,0001-01-01,9999-12-31T23:59:59.999999Z,90 minutes,student
";
const BY_WORK: &str = "\
work;points;share
student;0;
employed;10;0.125
RET;-7;1
SELF;3;2.000
";
const LISTED: &str = "\
words,codes
scam,0
wire transfer,17
car,12
";

/// The files of data that generated policies name.
#[must_use]
pub fn files() -> Files {
    let files = [
        ("by_text.csv", BY_TEXT),
        ("data/by_work.csv", BY_WORK),
        ("listed.csv", LISTED),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    files.into()
}

impl Writer<'_, '_> {
    /// Writes lookups and lists from files, where the policy has them.
    pub(super) fn lookups(&mut self) {
        if !self.choose.percent(60) {
            return;
        }
        self.line(
            0,
            "lookup by_text from \"by_text.csv\" key word : text -> whole : integer, plain : decimal?, rate : percent, fee : money(GBP)?, yes : boolean, note : text?, day : date, at : datetime, wait : duration, work : Work",
        );
        self.line(
            0,
            "lookup by_work from \"data/by_work.csv\" key work : Work -> points : integer, share : decimal?",
        );
        self.line(
            0,
            "list listed_words : text from \"listed.csv\" column \"words\"",
        );
        self.line(
            0,
            "list codes_in_file : integer from \"listed.csv\" column \"codes\"",
        );
        self.scope.lookups = true;
        if self.choose.percent(50) {
            self.scope.texts.insert(0, "listed_words".to_owned());
        }
        self.scope.wholes.push("codes_in_file".to_owned());
    }

    /// A value of a row; `None` where no column is of the kind.
    pub(super) fn looked_up(&mut self, kind: Kind, depth: usize) -> Option<String> {
        let column = match kind {
            Kind::Whole if self.choose.percent(60) => {
                let key = self.operand(Kind::Work, depth.min(1));
                // Every label has a row
                let if_none = self.choose.word(&["", "", " if none 4"]);
                return Some(format!("(by_work({key}).points{if_none})"));
            }
            Kind::Whole => "whole",
            Kind::Plain => "plain",
            Kind::Percent => "rate",
            Kind::Money => "fee",
            Kind::Truth => "yes",
            Kind::Text => "note",
            Kind::Date => "day",
            Kind::DateTime => "at",
            Kind::Duration => "wait",
            Kind::Work => "work",
            Kind::Amount => return None,
        };
        let key = self.text_key(depth);
        let if_none = match self.choose.percent(25) {
            true => "fault".to_owned(),
            false => self.literal(kind),
        };
        Some(format!("(by_text({key}).{column} if none {if_none})"))
    }

    /// Whether a key has a row.
    pub(super) fn is_looked_up(&mut self, depth: usize) -> String {
        let not = self.choose.word(&["", "not "]);
        if self.choose.percent(20) {
            let key = self.operand(Kind::Work, depth);
            return format!("{key} {not}in lookup by_work");
        }
        format!("{} {not}in lookup by_text", self.text_key(depth))
    }

    fn text_key(&mut self, depth: usize) -> String {
        match self.choose.percent(30) {
            true => format!(
                "\"{}\"",
                self.choose.word(&["car", "straße", "Car loan", "none"])
            ),
            false => self.operand(Kind::Text, depth.min(1)),
        }
    }
}
