//! Reads `list.txt`.

/// A mistake to plant
pub(crate) struct Bug {
    /// What it is
    pub(crate) words: String,
    /// The file, from the workspace's folder
    pub(crate) file: String,
    find: String,
    write: String,
}

impl Bug {
    /// Plants it into the text of its file.
    ///
    /// # Errors
    ///
    /// Says so where the text does not stand there exactly once.
    pub(crate) fn planted(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.find).count() {
            1 => Ok(text.replace(&self.find, &self.write)),
            found => Err(format!(
                "{}: found {found} times in {}",
                self.words, self.file
            )),
        }
    }
}

/// Returns all of them.
pub(crate) fn bugs() -> Vec<Bug> {
    let mut bugs: Vec<Bug> = Vec::new();
    // Which part of the last one a line goes on with
    let mut on: Option<fn(&mut Bug) -> &mut String> = None;
    for line in include_str!("list.txt").lines() {
        let (word, rest) = line.split_once(": ").unwrap_or((line, ""));
        match word {
            "bug" => bugs.push(Bug {
                words: rest.to_owned(),
                file: String::new(),
                find: String::new(),
                write: String::new(),
            }),
            "file" => on = Some(|bug| &mut bug.file),
            "find" => on = Some(|bug| &mut bug.find),
            "write" => on = Some(|bug| &mut bug.write),
            "" => on = None,
            _ => {
                if let (Some(bug), Some(part)) = (bugs.last_mut(), on) {
                    let part = part(bug);
                    part.push('\n');
                    part.push_str(line);
                }
                continue;
            }
        }
        if let (Some(bug), Some(part)) = (bugs.last_mut(), on)
            && word != "bug"
        {
            part(bug).push_str(rest);
        }
    }
    bugs
}
