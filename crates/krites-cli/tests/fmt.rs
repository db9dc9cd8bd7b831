//! `krites fmt` as an analyst meets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;

use support::{Folder, fed, krites};

/// A policy as somebody typed it, and as it is to be
const TYPED: &str = "# Limits\npolicy limits {version \"1\"\n on fault refer because M1}\n\n\n\
    reason M1   \"Ä\" # why\nreason R10 \"日本\"  customer \"No\"\ninput{age:integer}\n";
const FORMATTED: &str = "# Limits\npolicy limits {\n    version  \"1\"\n    on fault refer because M1\n}\n\n\
    reason M1  \"Ä\" # why\nreason R10 \"日本\" customer \"No\"\n\ninput {\n    age : integer\n}\n";

#[test]
fn a_file_is_written_anew_once() {
    let folder = Folder::new("fmt_once");
    let path = folder.file("limits.krites", TYPED);
    let said = krites(["fmt", &path]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, format!("{path}\n"));
    assert_eq!(fs::read_to_string(&path).unwrap(), FORMATTED);
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let said = krites(["fmt", &path]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    assert_eq!(folder.names(), ["limits.krites"], "nothing is left beside");
}

#[test]
fn check_names_what_would_change_and_changes_nothing() {
    let folder = Folder::new("fmt_check");
    let bad = folder.file("bad.krites", TYPED);
    folder.file("good.krites", FORMATTED);
    let said = krites(["fmt", "--check", folder.path()]);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        (said.out.as_str(), said.err.as_str()),
        (format!("{bad}\n").as_str(), "")
    );
    assert_eq!(fs::read_to_string(&bad).unwrap(), TYPED);
}

#[test]
fn a_folder_is_walked_with_the_folders_below_but_hidden_ones() {
    let folder = Folder::new("fmt_folder");
    let paths: Vec<String> = ["a.krites", "common/deep/b.krites", ".git/c.krites", "d.txt"]
        .iter()
        .map(|name| folder.file(name, TYPED))
        .collect();
    let said = krites(["fmt", folder.path(), &paths[0]]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.out, format!("{}\n{}\n", paths[0], paths[1]));
    for (path, changed) in paths.iter().zip([true, true, false, false]) {
        assert_eq!(
            fs::read_to_string(path).unwrap() == FORMATTED,
            changed,
            "{path}"
        );
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    let said = fed(["fmt", "-"], TYPED);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (Some(0), FORMATTED, "")
    );
    let said = fed(["fmt", "-", "--check"], TYPED);
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(1), "standard input\n")
    );
    let said = fed(["fmt", "-", "--check"], FORMATTED);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    let said = fed(["fmt", "-"], "reason R1 \"a\"\ninput { age : }\n");
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("standard input:2:14"), "{}", said.err);
    let said = fed(["fmt", "-", "a.krites"], TYPED);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
}

#[test]
fn a_file_with_errors_stays_and_others_go_on() {
    let folder = Folder::new("fmt_errors");
    let broken = TYPED.replace("integer", "integer in in");
    let a = folder.file("a.krites", &broken);
    let b = folder.file("b.krites", TYPED);
    let latin = folder.file("c.krites", b"reason R01 \"zu gro\xdf\"\n");
    let none = format!("{}/none.krites", folder.path());
    let said = krites(["fmt", &none, folder.path()]);
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, format!("{b}\n"));
    for words in [
        "error[K01",
        "UTF-8",
        "there is no such file",
        a.as_str(),
        latin.as_str(),
    ] {
        assert!(
            said.err.contains(words),
            "`{words}` is not in:\n{}",
            said.err
        );
    }
    assert_eq!(fs::read_to_string(&a).unwrap(), broken);
    assert_eq!(fs::read_to_string(&b).unwrap(), FORMATTED);
    assert_eq!(fs::read(&latin).unwrap(), b"reason R01 \"zu gro\xdf\"\n");
}

#[test]
fn line_ends_of_other_systems_and_a_byte_order_mark_go() {
    let folder = Folder::new("fmt_line_ends");
    let text = format!("\u{feff}{}", TYPED.replace('\n', "\r\n"));
    let path = folder.file("limits.krites", text);
    assert_eq!(krites(["fmt", &path]).code, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), FORMATTED);
}

#[test]
fn cells_stand_under_one_another_as_people_see_them() {
    let text = "table t first match -> v : text {\n| s | v |\n|---|---|\n| \"日本\" | \"a\" |\n\
        | \"é\", \"e\u{301}\" | \"ä\" |\n}\n";
    let said = fed(["fmt", "-"], text);
    let formatted = "table t first match -> v : text {\n    | s        | v   |\n    |----------|-----|\n    \
        | \"日本\"   | \"a\" |\n    | \"é\", \"e\u{301}\" | \"ä\" |\n}\n";
    assert_eq!(said.out, formatted, "{}", said.err);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new("fmt_permissions");
    let path = folder.file("shared/limits.krites", TYPED);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = format!("{}/link.krites", folder.path());
    symlink("shared/limits.krites", &link).unwrap();
    let said = krites(["fmt", &link]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), FORMATTED);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
    // What may not be written is left as it is
    fs::write(&path, TYPED).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    let said = krites(["fmt", &path]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("cannot write"), "{}", said.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), TYPED);
}
