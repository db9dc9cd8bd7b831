//! Texts: had as they are, made of others, and asked about.
//!
//! A text that is made lies on the frame's scratch from where that ended; whoever
//! asked for it gives the room back, whether it was had or not.

use std::ops::Range;

use crate::MAX_TEXT;
use crate::program::{Listed, MadeText, Making, SortedValues, TextTruth, Words};

use super::arena::TextRange;
use super::fault::FaultKind;
use super::frame::Frame;
use super::model::Answers;
use super::run::{Run, Stop};

/// A text at hand: of the program, in the frame, or just made
pub(super) enum Text<'p> {
    Program(&'p str),
    Frame(TextRange),
    Made(Range<usize>),
}

impl Text<'_> {
    pub(super) fn as_str<'t>(&'t self, frame: &'t Frame) -> &'t str {
        match self {
            Text::Program(text) => text,
            Text::Frame(range) => frame.text_at(*range),
            Text::Made(range) => frame.scratch.get(range.clone()).unwrap_or(""),
        }
    }

    /// The part of the text at these bytes of it, which `as_str` gave.
    fn part(self, part: Range<usize>, frame: &Frame) -> Self {
        match self {
            Text::Program(text) => Text::Program(text.get(part).unwrap_or("")),
            Text::Frame(range) => Text::Frame(frame.text_part(range, part)),
            Text::Made(range) => Text::Made(range.start + part.start..range.start + part.end),
        }
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Has a text, and asks something of it.
    pub(super) fn ask_text<T>(
        &mut self,
        words: &Words,
        ask: impl FnOnce(&str) -> T,
    ) -> Result<T, Stop> {
        let mark = self.frame.scratch.len();
        let text = self.words(words);
        let answer = text.map(|text| ask(text.as_str(self.frame)));
        self.frame.scratch.truncate(mark);
        answer
    }

    /// Has two texts, one after the other, and asks something of both.
    fn ask_texts(
        &mut self,
        sides: (&Words, &Words),
        ask: impl FnOnce(&str, &str) -> bool,
    ) -> Result<bool, Stop> {
        let mark = self.frame.scratch.len();
        let one = self.words(sides.0);
        let both = one.and_then(|one| Ok((one, self.words(sides.1)?)));
        let answer = both.map(|(one, other)| ask(one.as_str(self.frame), other.as_str(self.frame)));
        self.frame.scratch.truncate(mark);
        answer
    }

    pub(super) fn text_is_one_of(
        &mut self,
        subject: &Words,
        values: &[Words],
    ) -> Result<bool, Stop> {
        let mark = self.frame.scratch.len();
        let found = self.words(subject).and_then(|subject| {
            for value in values {
                let mark = self.frame.scratch.len();
                let value = self.words(value)?;
                let same = subject.as_str(self.frame) == value.as_str(self.frame);
                self.frame.scratch.truncate(mark);
                if same {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        self.frame.scratch.truncate(mark);
        found
    }

    pub(super) fn text_truth(&mut self, truth: &TextTruth) -> Result<bool, Stop> {
        let program = self.program;
        match truth {
            TextTruth::StartsWith(text, part) => {
                self.ask_texts((text, part), |text, part| text.starts_with(part))
            }
            TextTruth::EndsWith(text, part) => {
                self.ask_texts((text, part), |text, part| text.ends_with(part))
            }
            TextTruth::Contains(text, part) => {
                self.ask_texts((text, part), |text, part| text.contains(part))
            }
            TextTruth::ContainsWordIn(text, list)
                if matches!(program.named_lists[*list].values, SortedValues::InFile) =>
            {
                self.contains_word_in_file(text, *list)
            }
            TextTruth::ContainsWordIn(text, list) => {
                let matcher = program.named_lists[*list].words.as_ref();
                let mark = self.frame.scratch.len();
                let found = self.words(text).map(|text| {
                    self.with_buffer(&text, |text, buffer| {
                        matcher.is_some_and(|matcher| matcher.finds(text, buffer))
                    })
                });
                self.frame.scratch.truncate(mark);
                found
            }
            TextTruth::Matches(text, pattern) => {
                let pattern = &program.policy.patterns[*pattern];
                self.ask_text(text, |text| pattern.matches(text))
            }
        }
    }

    pub(super) fn listed(&mut self, listed: &Listed) -> Result<bool, Stop> {
        let lists = &self.program.named_lists;
        let (Listed::Text(_, list) | Listed::Whole(_, list) | Listed::Exact(_, list)) = listed;
        if matches!(lists[*list].values, SortedValues::InFile) {
            return self.listed_in_file(listed, *list);
        }
        match listed {
            Listed::Text(words, list) => {
                let values = &lists[*list].values;
                self.ask_text(words, |text| values.has_text(text))
            }
            Listed::Whole(whole, list) => {
                let value = self.whole(whole)?;
                Ok(lists[*list].values.has_whole(value))
            }
            Listed::Exact(number, list) => {
                let value = self.number(number)?;
                Ok(lists[*list].values.has_exact(value))
            }
        }
    }

    pub(super) fn words<'w>(&mut self, words: &'w Words) -> Result<Text<'w>, Stop> {
        match words {
            Words::Constant(text) => Ok(Text::Program(text)),
            Words::Slot(slot) => {
                self.present(*slot)?;
                Ok(Text::Frame(self.frame.text_range(*slot)))
            }
            Words::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(Text::Frame(self.frame.text_range(*slot)));
                }
                match alternative {
                    Some(alternative) => self.words(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
            Words::Made(made) => self.made(made),
            Words::Extra(extra) => self.extra(extra, Self::words, |run, slot| {
                Text::Frame(run.frame.text_range(slot))
            }),
        }
    }

    #[inline(never)]
    fn made<'w>(&mut self, made: &'w MadeText) -> Result<Text<'w>, Stop> {
        let start = self.frame.scratch.len();
        match &made.how {
            Making::Lower(words) => self.recased(words, crate::words::push_lower)?,
            Making::Upper(words) => self.recased(words, crate::words::push_upper)?,
            Making::Concat(parts) => {
                let mut too_long = false;
                for part in parts {
                    self.append(part)?;
                    // All parts are had, so that a fault in one is met whatever the
                    // lengths of the others
                    if self.frame.scratch.len() - start > MAX_TEXT {
                        too_long = true;
                        self.frame.scratch.truncate(start);
                    }
                }
                if too_long {
                    return Err(self.fault(FaultKind::TextTooLong, made.span));
                }
            }
            Making::Trim(words) => {
                let text = self.words(words)?;
                let whole = text.as_str(self.frame);
                let end = whole.trim_end().len();
                let begin = whole.len() - whole.trim_start().len();
                return Ok(text.part(begin.min(end)..end, self.frame));
            }
            Making::Left(words, count) => {
                let text = self.words(words)?;
                let count = usize::try_from(self.whole(count)?).unwrap_or(0);
                let whole = text.as_str(self.frame);
                let end = whole.char_indices().nth(count);
                let end = end.map_or(whole.len(), |(end, _)| end);
                return Ok(text.part(0..end, self.frame));
            }
            Making::Right(words, count) => {
                let text = self.words(words)?;
                let count = usize::try_from(self.whole(count)?).unwrap_or(0);
                let whole = text.as_str(self.frame);
                let begin = match count.checked_sub(1) {
                    Some(before) => {
                        let first = whole.char_indices().nth_back(before);
                        first.map_or(0, |(begin, _)| begin)
                    }
                    None => whole.len(),
                };
                let end = whole.len();
                return Ok(text.part(begin..end, self.frame));
            }
        }
        let end = self.frame.scratch.len();
        if end - start > MAX_TEXT {
            return Err(self.fault(FaultKind::TextTooLong, made.span));
        }
        Ok(Text::Made(start..end))
    }

    /// Writes a text in other letters onto the scratch.
    fn recased(&mut self, words: &Words, recase: fn(&str, &mut String)) -> Result<(), Stop> {
        let mark = self.frame.scratch.len();
        let text = self.words(words)?;
        self.with_buffer(&text, recase);
        self.frame.scratch.truncate(mark);
        self.frame.scratch.push_str(&self.frame.buffer);
        Ok(())
    }

    /// Writes something about a text into the frame's buffer, emptied before.
    fn with_buffer<T>(&mut self, text: &Text<'_>, write: impl FnOnce(&str, &mut String) -> T) -> T {
        let mut buffer = std::mem::take(&mut self.frame.buffer);
        buffer.clear();
        let written = write(text.as_str(self.frame), &mut buffer);
        self.frame.buffer = buffer;
        written
    }

    /// Writes a text onto the scratch.
    fn append(&mut self, words: &Words) -> Result<(), Stop> {
        let mark = self.frame.scratch.len();
        match self.words(words)? {
            Text::Program(text) => self.frame.scratch.push_str(text),
            Text::Frame(range) => self.frame.copy_to_scratch(range),
            // It lies there already, at most behind what it was made of
            Text::Made(range) => {
                self.frame.scratch.truncate(range.end);
                self.frame.scratch.drain(mark..range.start);
            }
        }
        Ok(())
    }

    /// Has a text in the arena.
    pub(super) fn kept_text(&mut self, words: &Words) -> Result<TextRange, Stop> {
        let mark = self.frame.scratch.len();
        let kept = self.words(words).map(|text| match text {
            Text::Program(text) => self.frame.add_text(text),
            Text::Frame(range) => Some(range),
            Text::Made(range) => self.frame.keep_made(range),
        });
        self.frame.scratch.truncate(mark);
        kept?.ok_or_else(|| {
            let span = match words {
                Words::Made(made) => made.span,
                _ => self.program.policy.decide.span,
            };
            self.fault(FaultKind::TextTooLong, span)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::arena::KEPT;
    use crate::{Date, Id as _, InputId, MAX_TEXT, NoModels, Program, SourceId, Sources};

    fn program(text: &str) -> Program {
        let mut sources = Sources::default();
        let source: SourceId = sources.add("test.krites", text);
        let mut diagnostics = Vec::new();
        let file = crate::parse(&sources, source, &mut diagnostics);
        struct None;
        impl crate::ModelSource for None {
            fn interface(&self, _: &str) -> Result<crate::ModelInterface, crate::ModelProblem> {
                panic!("no model is named")
            }
        }
        let policy = crate::check(&file, &None, &mut diagnostics);
        Program::compile(policy.unwrap_or_else(|| panic!("{diagnostics:?}")))
    }

    #[test]
    fn nothing_is_left_on_the_scratch() {
        let program = program(
            r#"
policy p { version "1"; on fault refer }
enum O { approve < refer < decline }
list words = "a b", c
input { t : text; m : text?; n : integer in 0 and above }
define {
    d1 = concat(upper(t), concat(lower(t), d2), right(upper(d2), 2))
    d2 = trim(concat(" ", left(upper(t), 3), " "))
    bad = concat(d1, m if missing fault)
}
rules r all {
    rule a when concat(upper(d1), d2) is one of [d2, concat(d1, d2), "x"] then refer
    rule b when concat(upper(t), bad) starts with concat("x", bad) then refer
    rule c when concat(upper(t), "c") contains a word in words then decline
    rule d when upper(t) in list words or lower(t) matches "[a-z]+" then refer
    rule e when length(concat(t, upper(bad))) > 9_223_372_036_854_775_807 + n then refer
}
decide o : O most severe { evaluate r; rule z otherwise then approve }
output { x : text = concat(d1, "-", lower(d2)) }
"#,
        );
        let mut frame = program.frame();
        for text in ["", "abc", "ÄÖÜ ß"] {
            program.begin(&mut frame, Date::parse("2026-11-02").unwrap());
            program.set_text(&mut frame, InputId::new(0), text).unwrap();
            program.set_integer(&mut frame, InputId::new(2), 1).unwrap();
            program.finish_inputs(&mut frame).unwrap();
            program.decide(&mut frame, &mut NoModels).unwrap();
            assert_eq!(frame.scratch, "", "{text}");
            assert!(!frame.faults().is_empty());
        }
    }

    #[test]
    fn a_large_case_leaves_no_more_room_than_is_kept() {
        let program = program(
            r#"
policy p { version "1" }
enum O { approve < refer < decline }
input { words : list of text }
decide o : O most severe { rule z otherwise then approve }
"#,
        );
        let mut frame = program.frame();
        let (list, _) = program.policy().lists.iter_ids().next().unwrap();
        let field = program.field(list, 0).unwrap();
        let word = "x".repeat(MAX_TEXT / 4);
        program.begin(&mut frame, Date::default());
        program.begin_list(&mut frame, list).unwrap();
        for _ in 0..1_000 {
            program.begin_element(&mut frame).unwrap();
            program.set_text(&mut frame, field, &word).unwrap();
            program.end_element(&mut frame).unwrap();
        }
        program.end_list(&mut frame).unwrap();
        assert!(frame.arena.capacity() > 10 * KEPT);
        program.begin(&mut frame, Date::default());
        assert!(frame.arena.capacity() <= KEPT);
    }
}
