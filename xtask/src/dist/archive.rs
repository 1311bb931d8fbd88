//! Archives with nothing in them of the machine that wrote them: sorted entries, one time, one owner; and SHA-256 sums.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};

use super::target::DistTarget;
use crate::digest;

/// Modes of programs and of other files.
const PROGRAM_MODE: u32 = 0o755;
const FILE_MODE: u32 = 0o644;

/// Packs a folder into an archive beside it, and returns its path.
pub(super) fn write(root: &Path, target: &DistTarget, time: u64) -> Result<PathBuf> {
    let entries = entries(root)?;
    let with = |suffix: &str| {
        let mut path = root.as_os_str().to_owned();
        path.push(suffix);
        PathBuf::from(path)
    };
    if target.is_windows() {
        let path = with(".zip");
        zip(&entries, &path, time)?;
        return Ok(path);
    }
    let path = with(".tar.gz");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut packed = GzBuilder::new().mtime(0).write(file, Compression::best());
    tar(&entries, &mut packed, time)?;
    packed.finish()?;
    Ok(path)
}

/// File of an archive.
struct Entry {
    name: String,
    path: PathBuf,
    mode: u32,
}

fn entries(root: &Path) -> Result<Vec<Entry>> {
    let mut files = Vec::new();
    digest::collect(root, &mut files)?;
    files.sort();
    let parent = root.parent().unwrap_or(root);
    let entry = |path: PathBuf| {
        let name = path
            .strip_prefix(parent)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        let is_program = path.file_stem().is_some_and(|stem| stem == "mirrord") && !name.contains("/completions/");
        let is_program = is_program && path.extension().is_none_or(|extension| extension == "exe");
        let mode = if is_program { PROGRAM_MODE } else { FILE_MODE };
        Entry { name, path, mode }
    };
    Ok(files.into_iter().map(entry).collect())
}

fn tar(entries: &[Entry], writer: impl io::Write, time: u64) -> Result<()> {
    let mut builder = tar::Builder::new(writer);
    for entry in entries {
        let bytes = fs::read(&entry.path)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(entry.mode);
        header.set_mtime(time);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, &entry.name, bytes.as_slice())?;
    }
    builder.finish()?;
    Ok(())
}

fn zip(entries: &[Entry], path: &Path, time: u64) -> Result<()> {
    let mut writer = zip::ZipWriter::new(File::create(path)?);
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(dos_time(time)?);
    for entry in entries {
        writer.start_file(&entry.name, options.unix_permissions(entry.mode))?;
        writer.write_all(&fs::read(&entry.path)?)?;
    }
    writer.finish()?;
    Ok(())
}

/// Date of a time, UTC; the format has no earlier year than 1980.
fn dos_time(time: u64) -> Result<zip::DateTime> {
    let (year, month, day) = date(time / 86_400);
    let of_day = time % 86_400;
    let two = |number: u64| u8::try_from(number).context("a time of day");
    zip::DateTime::from_date_and_time(
        u16::try_from(year.max(1980))?,
        two(month)?,
        two(day)?,
        two(of_day / 3600)?,
        two(of_day / 60 % 60)?,
        two(of_day % 60)?,
    )
    .context("the commit's time is none of a zip file")
}

/// Year, month and day of a number of days since 1970, by Howard Hinnant's `civil_from_days`.
pub(super) fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// Writes `SHA256SUMS`, as `sha256sum --check` reads it, and returns its path.
pub(super) fn write_sums(out: &Path, files: &[PathBuf]) -> Result<PathBuf> {
    let mut lines = String::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        lines.push_str(&format!("{}  {name}\n", sha256(file)?));
    }
    let path = out.join("SHA256SUMS");
    fs::write(&path, lines)?;
    Ok(path)
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => sum.update(&buffer[..length]),
        }
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (1_764_374_400, (2025, 11, 29)),
            (4_107_542_400, (2100, 3, 1)),
        ] {
            assert_eq!(date(seconds / 86_400), expected, "{seconds}");
        }
    }

    #[test]
    fn one_folder_gives_the_same_bytes_whenever_it_was_written() {
        let root = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        let folder = root.join("mirrord-1");
        fs::create_dir_all(folder.join("man")).unwrap();
        for target in [&super::super::target::ALL[0], &super::super::target::ALL[2]] {
            let packed = ["b", "a"].map(|order| {
                for name in if order == "a" {
                    ["man/x.1", "mirrord"]
                } else {
                    ["mirrord", "man/x.1"]
                } {
                    fs::write(folder.join(name), "text").unwrap();
                }
                let archive = write(&folder, target, 1_764_374_400).unwrap();
                fs::read(archive).unwrap()
            });
            assert_eq!(packed[0], packed[1]);
            assert!(packed[0].len() > 100);
        }
        let sums = write_sums(&root, &[folder.join("mirrord")]).unwrap();
        let line = fs::read_to_string(sums).unwrap();
        assert_eq!(
            line,
            "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1  mirrord\n"
        );
        fs::remove_dir_all(root).unwrap();
    }
}
