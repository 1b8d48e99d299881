//! Puts every file under practices/tools/ into the library, with its path.

use std::{env, fs, io::Write as _, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../practices/tools").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect::<Vec<_>>();
    files.sort();
    let mut out = fs::File::create(PathBuf::from(env::var("OUT_DIR")?).join("tools.rs"))?;
    writeln!(out, "/// Every file of tools, by its path.\npub(super) const EMBEDDED: &[(&str, &str)] = &[")?;
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(out, "    ({:?}, include_str!({:?})),", format!("tools/{name}"), file.display().to_string())?;
    }
    writeln!(out, "];")?;
    Ok(())
}
