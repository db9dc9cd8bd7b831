//! Files of names that policies of a release bring in: what is read, what counts
//! as a change, and what does not matter.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krites::{LoadErrorKind, Release, ReleaseBuilder};
use support::mistakes;

const REASONS: &str = "reason R31 \"Score too low\"\nreason R32 \"Too young\"\n";
const OUTCOMES: &str = "enum Outcome { approve < refer < decline }\n";

fn policy(name: &str, uses: &str, because: &str) -> String {
    format!(
        "use Outcome from \"common/outcomes.krites\"\n{uses}\n\
         policy {name} {{ version \"1\" }}\ninput {{ age : integer in 0 to 120 }}\n\
         decide outcome : Outcome most severe {{\n\
             rule young when age < 18 then decline{because}\n\
             rule rest otherwise then approve\n}}\n"
    )
}

fn with_reason(name: &str) -> String {
    policy(
        name,
        "use R31 from \"common/reasons.krites\"",
        " because R31",
    )
}

fn two_policies() -> ReleaseBuilder {
    Release::builder()
        .policy("first.krites", with_reason("first"))
        .policy("second.krites", policy("second", "", ""))
        .module("common/outcomes.krites", OUTCOMES)
        .module("common/reasons.krites", REASONS)
}

fn same_part(one: &Release, other: &Release, name: &str) -> bool {
    let part = |release: &Release| release.policy(name).unwrap().part().clone();
    Arc::ptr_eq(&part(one), &part(other))
}

#[test]
fn a_changed_file_of_names_changes_the_policies_that_use_it_alone() {
    let base = two_policies().build().unwrap();
    let text = REASONS.replace("Score", "Points");
    let next = base
        .derive()
        .module("common/reasons.krites", text)
        .build()
        .unwrap();
    assert_ne!(base.fingerprint(), next.fingerprint());
    assert!(!same_part(&base, &next, "first"));
    assert!(same_part(&base, &next, "second"));
    let hash = |release: &Release, name: &str| release.policy(name).unwrap().part().hash();
    assert_ne!(hash(&base, "first"), hash(&next, "first"));
    assert_eq!(hash(&base, "second"), hash(&next, "second"));
    let reason = &next
        .policy("first")
        .unwrap()
        .part()
        .program()
        .policy()
        .reasons;
    assert_eq!(reason.iter().next().unwrap().text, "Points too low");
    // Back again, it is the same release.
    let back = next
        .derive()
        .module("common/reasons.krites", REASONS)
        .build()
        .unwrap();
    assert_eq!(base.fingerprint(), back.fingerprint());
    assert_eq!(hash(&base, "first"), hash(&back, "first"));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let base = two_policies().build().unwrap();
    let next = base
        .derive()
        .module("common/reasons.krites", REASONS)
        .build()
        .unwrap();
    assert_eq!(base.fingerprint(), next.fingerprint());
    assert!(same_part(&base, &next, "first"));
    assert_eq!(
        base.fingerprint(),
        two_policies().build().unwrap().fingerprint()
    );
}

#[test]
fn a_file_that_another_one_uses_counts_too() {
    let through = |reasons: &str| {
        two_policies()
            .module("common/outcomes.krites", "use Side from \"base.krites\"\nfunction f(s : Side) : integer = 1\nenum Outcome { approve < refer < decline }\n")
            .module("base.krites", reasons)
            .build()
            .unwrap()
    };
    let base = through("enum Side { left, right }");
    let next = through("enum Side { left, right } # changed");
    let first = base.policy("first").unwrap().part();
    let used: Vec<&str> = first.modules().map(|(path, _)| path).collect();
    let all = [
        "base.krites",
        "common/outcomes.krites",
        "common/reasons.krites",
    ];
    assert_eq!(used, all);
    let other = next.policy("first").unwrap().part();
    let changed = first.modules().zip(other.modules());
    let changed: Vec<bool> = changed.map(|(one, other)| one.1 != other.1).collect();
    assert_eq!(changed, [true, false, false]);
    assert_ne!(base.fingerprint(), next.fingerprint());
    // Content goes with its path.
    let moved = Release::builder()
        .policy("first.krites", with_reason("first"))
        .module("common/outcomes.krites", OUTCOMES)
        .module("common/reasons.krites", REASONS)
        .build()
        .unwrap();
    let elsewhere = Release::builder()
        .policy(
            "first.krites",
            with_reason("first").replace("common/reasons", "common/causes "),
        )
        .module("common/outcomes.krites", OUTCOMES)
        .module("common/causes .krites", REASONS)
        .build()
        .unwrap();
    assert_ne!(moved.fingerprint(), elsewhere.fingerprint());
}

#[test]
fn a_file_that_no_policy_uses_does_not_matter() {
    let base = two_policies().build().unwrap();
    let next = two_policies()
        .module("broken.krites", "reason R1")
        .module("more.krites", REASONS)
        .build()
        .unwrap();
    assert_eq!(base.fingerprint(), next.fingerprint());
    // It is kept for policies to come.
    let text = policy("second", "use R32 from \"more.krites\"", " because R32");
    let more = next.derive().policy("second.krites", text).build().unwrap();
    assert!(same_part(&next, &more, "first"));
    assert_ne!(more.fingerprint(), next.fingerprint());
    let error = next
        .derive()
        .policy(
            "second.krites",
            policy("second", "use R1 from \"broken.krites\"", ""),
        )
        .build()
        .unwrap_err();
    assert_eq!(
        mistakes(&error),
        ["broken.krites:1:10 K0100 expected a text in quotes after `R1`"]
    );
}

#[test]
fn a_mistake_in_a_file_that_two_policies_use_is_shown_once() {
    let error = two_policies()
        .module(
            "common/outcomes.krites",
            "enum Outcome { approve < approve }",
        )
        .build()
        .unwrap_err();
    assert_eq!(
        mistakes(&error),
        [
            "first.krites:6:31 K0205 `Outcome` has no label `decline`",
            "common/outcomes.krites:1:26 K0201 `approve` is declared twice",
            "second.krites:6:31 K0205 `Outcome` has no label `decline`",
        ]
    );
    let shown = error.to_string();
    assert!(shown.contains("(and 2 more)"), "{shown}");
}

#[test]
fn bytes_that_are_no_text_are_refused_at_their_file() {
    let refused = |bytes: Vec<u8>| {
        let builder = two_policies().module("common/reasons.krites", bytes);
        mistakes(&builder.build().unwrap_err())
    };
    assert_eq!(
        refused(b"reason R31 \"\xff\"".to_vec()),
        ["common/reasons.krites:1:13 K0002 the file is not valid UTF-8"]
    );
    assert_eq!(
        refused(vec![b'#'; 8 * 1024 * 1024 + 1]),
        ["common/reasons.krites:1:1 K0001 the file is larger than 8 MiB"]
    );
    assert_eq!(
        refused(b"reason R31 \"a\0b\"".to_vec()),
        ["common/reasons.krites:1:14 K0003 the file holds a NUL byte"]
    );
    // A byte order mark is no part of the text.
    let marked = [b"\xef\xbb\xbf", REASONS.as_bytes()].concat();
    let release = two_policies().module("common/reasons.krites", marked);
    release.build().unwrap();
}

/// A folder of this test alone, with [`two_policies`] in it
fn folder(test: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("modules")
        .join(test);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("common")).unwrap();
    fs::write(root.join("first.krites"), with_reason("first")).unwrap();
    fs::write(root.join("second.krites"), policy("second", "", "")).unwrap();
    fs::write(root.join("common/outcomes.krites"), OUTCOMES).unwrap();
    fs::write(root.join("common/reasons.krites"), REASONS).unwrap();
    root
}

#[test]
fn a_folder_is_the_same_release_as_its_texts() {
    let root = folder("same");
    let read = Release::from_path(&root).unwrap();
    let built = two_policies().build().unwrap();
    assert_eq!(read.fingerprint(), built.fingerprint());
    // One of its policies alone, over the same folder.
    let first = Release::from_path(root.join("first.krites")).unwrap();
    assert_eq!(
        first.policy("first").unwrap().part().hash(),
        built.policy("first").unwrap().part().hash()
    );
    // From there it goes on without the folder.
    fs::remove_dir_all(&root).unwrap();
    let next = read
        .derive()
        .module("common/reasons.krites", "reason R31 \"x\"");
    assert_ne!(next.build().unwrap().fingerprint(), read.fingerprint());
}

#[test]
fn files_of_names_beside_the_policies_are_no_policies() {
    let root = folder("beside");
    fs::write(root.join("names.krites"), REASONS).unwrap();
    fs::write(root.join("broken.krites"), "reason R1\nenum {").unwrap();
    let read = Release::from_path(&root).unwrap();
    assert_eq!(read.policies().len(), 2);
    assert_eq!(
        read.fingerprint(),
        two_policies().build().unwrap().fingerprint()
    );
    let error = Release::from_path(root.join("names.krites")).unwrap_err();
    assert!(mistakes(&error)[0].ends_with("K0200 the file has no policy header"));
    fs::remove_file(root.join("first.krites")).unwrap();
    fs::remove_file(root.join("second.krites")).unwrap();
    let error = Release::from_path(&root).unwrap_err();
    assert!(matches!(error.kind(), LoadErrorKind::NoPolicy { .. }));
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let root = folder("unreadable");
    let refused = |path: &str| {
        let text = with_reason("first").replace("common/reasons.krites", path);
        fs::write(root.join("first.krites"), text).unwrap();
        let error = Release::from_path(&root).unwrap_err();
        let found = mistakes(&error);
        assert_eq!(found.len(), 1, "{found:?}");
        let LoadErrorKind::Policies { errors } = error.kind() else {
            panic!("{error}");
        };
        let help = errors[0].diagnostics[0].help.clone().unwrap();
        format!("{} / {help}", found[0].rsplit_once("krites:").unwrap().1)
    };
    fs::create_dir(root.join("common/folder.krites")).unwrap();
    assert_eq!(
        refused("common/reason.krites"),
        "2:14 K0220 there is no file `common/reason.krites` in the release / \
         did you mean `\"common/reasons.krites\"`?"
    );
    assert_eq!(
        refused("reasons.krites"),
        "2:14 K0220 there is no file `reasons.krites` in the release / \
         did you mean `\"common/reasons.krites\"`?"
    );
    assert!(refused("common/folder.krites").starts_with(
        "2:14 K0220 the file `common/folder.krites` cannot be read: it is not a file"
    ));
    assert!(refused("common/reasons.krites/x").contains("K0220 the file"));
    assert!(refused("../modules/unreadable/common/reasons.krites").contains("K0221"));
    let whole = root.join("common/reasons.krites");
    assert!(refused(whole.to_str().unwrap()).contains("K0221"));
    #[cfg(unix)]
    {
        let outside = root.parent().unwrap().join("outside.krites");
        fs::write(&outside, REASONS).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("link.krites")).unwrap();
        let found = refused("link.krites");
        assert!(
            found.contains("it leads out of the policy's folder"),
            "{found}"
        );
        std::os::unix::fs::symlink(root.parent().unwrap(), root.join("up")).unwrap();
        let found = refused("up/outside.krites");
        assert!(
            found.contains("it leads out of the policy's folder"),
            "{found}"
        );
        std::os::unix::fs::symlink("common/reasons.krites", root.join("inside.krites")).unwrap();
        let text = with_reason("first").replace("common/reasons.krites", "inside.krites");
        fs::write(root.join("first.krites"), text).unwrap();
        Release::from_path(&root).unwrap();
    }
}
