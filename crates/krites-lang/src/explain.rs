//! What each code means: a page of its own, `codes/KNNNN.md`, with an example that is
//! refused and one that is not.
//!
//! The first line of a page is `# KNNNN: title`. Examples are blocks, ` ```krites bad `
//! and ` ```krites good `; the words behind these tell what a snippet stands in, as in
//! `docs/language.md`: `tests/pages.rs` checks each.

use crate::Code;

/// The page of a code
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// The code that the page is about
    pub code: Code,
    page: &'static str,
}

/// A part of a page
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Paragraphs
    Words(&'static str),
    /// What is refused, or warned of
    Wrong(Snippet),
    /// The same, mended
    Right(Snippet),
}

/// An example of a page
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What the lines are: `define`, `when`, …; items of a policy where it is empty
    pub kind: &'static str,
    /// The lines
    pub text: &'static str,
}

/// Returns the page of a code.
#[must_use]
pub fn explain(code: Code) -> Option<&'static Explanation> {
    let place = PAGES.binary_search_by_key(&code, |page| page.code).ok()?;
    PAGES.get(place)
}

/// Returns all pages, in the order of their codes.
#[must_use]
pub fn explanations() -> &'static [Explanation] {
    PAGES
}

impl Explanation {
    /// What is wrong, in a few words
    #[must_use]
    pub fn title(&self) -> &'static str {
        let head = self.page.lines().next();
        let title = head.and_then(|head| head.split_once(": "));
        title.map_or("", |(_, title)| title)
    }

    /// What stands below the title, in order
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let body = self.page.split_once('\n').map_or("", |(_, body)| body);
        // Fences open and close in turn, so that every second piece is an example.
        let pieces = body.split("```").enumerate();
        let parts = pieces.filter_map(|(number, piece)| match number % 2 {
            0 => Some(piece.trim())
                .filter(|words| !words.is_empty())
                .map(Part::Words),
            _ => example(piece),
        });
        parts.collect()
    }
}

fn example(piece: &'static str) -> Option<Part> {
    let (info, text) = piece.split_once('\n')?;
    let part = |kind: &'static str| Snippet {
        kind: kind.trim(),
        text,
    };
    let bad = info.strip_prefix("krites bad");
    let good = || info.strip_prefix("krites good");
    bad.map(|kind| Part::Wrong(part(kind)))
        .or_else(|| good().map(|kind| Part::Right(part(kind))))
}

impl Code {
    /// What codes of this hundred are about
    #[must_use]
    pub fn group(self) -> &'static str {
        match self.0 / 100 {
            0 => "Files and limits",
            1 => "How a policy is written",
            2 => "Names and files of names",
            3 => "Types and values",
            4 => "Missing values, hit policies, bands, scorecards and files",
            5 => "Columns and rows of tables",
            6 => "Models and ranks",
            7 => "Rules, the decision, shadow and other policies",
            8 => "Examples, tests and inputs on request",
            _ => "What a policy comes to",
        }
    }
}

macro_rules! pages {
    ($($code:literal)*) => {
        &[$(Explanation {
            code: Code($code),
            page: include_str!(concat!("../codes/K", stringify!($code), ".md")),
        }),*]
    };
}

// INVARIANT: in the order of the codes.
#[rustfmt::skip]
#[expect(clippy::zero_prefixed_literal, reason = "a number here is the name of a file")]
static PAGES: &[Explanation] = pages![
    0001 0002 0003 0004 0005 0006 0007 0008 0009 0010
    0100 0101 0102 0103 0104 0105 0106 0107 0110 0111 0112 0113
    0114 0115 0116 0117 0118 0119 0120 0121 0122 0123 0124 0125 0126
    0128 0129 0130 0131 0134 0135 0136 0137 0138 0139 0142 0143
    0144 0145 0146 0147 0148 0149 0150 0151 0155 0156 0174
    0200 0201 0202 0203 0204 0205 0206 0207 0208 0209 0210 0211
    0212 0213 0214 0215 0216 0217 0219 0220 0221 0222 0223 0224
    0225 0226 0227 0228 0229
    0301 0302 0303 0304 0305 0306 0310 0311 0312 0313 0320 0321
    0322 0330 0331 0332 0333 0340 0341 0342 0343 0344 0345 0346
    0347 0348 0349 0350 0351 0352 0353 0354 0356 0357 0358 0360
    0361 0362 0363 0364 0365 0366 0367 0368 0370 0371 0372 0373
    0374 0375 0376 0377 0378 0379
    0401 0402 0403 0410 0411 0412 0413 0414 0415 0416 0417 0418 0430
    0431 0432 0433 0434 0435 0436 0437 0438 0439 0440 0441 0442
    0443 0444 0445 0446 0447 0448 0449 0450 0451 0452 0453 0454
    0455 0460 0461 0462 0463 0465 0466 0467 0470 0471 0472 0473
    0474 0475 0480 0481 0482 0483 0484 0485 0486 0487 0488 0489
    0490 0491 0492 0493 0494 0495 0497 0498 0499
    0501 0502 0503 0504 0505
    0601 0602 0603 0604 0605 0606 0607 0608 0609 0610 0611 0612 0620
    0621 0622 0623 0624 0625 0626 0630 0631 0632 0633 0634 0640 0641 0650 0651 0652 0653 0654 0655 0660 0661 0662
    0701 0702 0703 0704 0705 0706 0707 0708 0709 0710 0711 0720
    0721 0722 0723 0724 0725 0726 0727 0728 0729 0730 0731 0732
    0733 0734 0760 0761 0762 0763 0764 0765 0766 0767 0768 0769 0770 0771
    0772 0773 0774 0775 0776 0777 0778
    0801 0802 0803 0804 0805 0806 0807 0808 0850 0851 0852 0853
    0854 0855
    0900 0901 0902 0903 0904 0905 0906 0907 0930 0931 0932 0933 0934 0935 0936 0937 0938 0939 0940 0941
    0950 0951 0952 0953 0960 0965 0966 0967
];
