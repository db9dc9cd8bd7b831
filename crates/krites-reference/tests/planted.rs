//! The mistakes to plant fit the sources; `examples/planted.rs` plants them.

#[path = "../planted/list.rs"]
mod list;

#[test]
fn every_mistake_to_plant_fits_its_file() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let bugs = list::bugs();
    let misfits: Vec<String> = bugs
        .iter()
        .filter_map(|bug| {
            let text = std::fs::read_to_string(root.join(&bug.file)).unwrap_or_default();
            match bug.planted(&text) {
                Ok(planted) if planted == text => Some(format!("{}: changes nothing", bug.words)),
                Ok(_) => None,
                Err(misfit) => Some(misfit),
            }
        })
        .collect();
    println!("{} mistakes to plant", bugs.len());
    assert!(bugs.len() >= 30, "only {} mistakes to plant", bugs.len());
    assert!(misfits.is_empty(), "{misfits:#?}");
}
